import { CoordinationV1Api, V1MicroTime, type KubeConfig, type V1Lease } from "../../../kubernetes-client";
import { z } from "zod";
import { connect, ifFound, statusOf, type Connection } from "../connection";
import { UnusableAnswer, used } from "../unusable";

/** A lease whose holder died is free again after this long. */
const leaseSeconds = 15;
const renewEveryMilliseconds = 5_000;
/** A renewal that is not answered by then is repeated before the lease runs out. */
const renewalMilliseconds = 5_000;
/** The longest that anybody holds a lease without renewing it. */
const dayInSeconds = 86_400;

export interface Held {
  /** Resolves with a reason if the lease is lost while it is held. */
  readonly lost: Promise<string>;
  /** Stops renewing it: the same holder takes it up within these seconds, or it runs out. */
  handOver(seconds?: number): Promise<void>;
  release(): Promise<void>;
}

/** Somebody else holds the lease. */
export class LeaseHeldError extends Error {
  readonly holder: string;
  /** How long it may take from now until it has run out. */
  readonly seconds: number;

  constructor(lease: string, { holder, since, runsOut, seconds }: Holding) {
    super(
      `lease ${lease} is held by ${holder} since ${since.toISOString()}, and runs out at ` +
        `${runsOut.toISOString()} unless it is renewed`,
    );
    this.holder = holder;
    this.seconds = seconds;
  }
}

/**
 * Decides whether a lease has run out: it has if this process has watched it for its whole time without a renewal. The
 * time that its holder wrote comes from another machine's clock, which may be wrong. Kubernetes' clients do the same.
 */
export class LeaseWatch {
  #seen = "";
  #since = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  hasRunOut({ holder, runsOut, seconds }: Holding): boolean {
    const renewal = `${holder} ${runsOut.toISOString()}`;
    if (renewal !== this.#seen) this.#since = this.now();
    this.#seen = renewal;
    return this.now() - this.#since > seconds * 1000;
  }
}

/**
 * Takes the lease `<release>-transition`, so that only one transition at a time works on the instance. It is renewed until
 * it is given back or handed over; a holder that dies loses it, as it no longer renews it.
 *
 * @throws LeaseHeldError while another holds it and the watch has not seen it run out
 */
export async function holdLease(
  connection: Connection,
  namespace: string,
  release: string,
  holder: string,
  watch = new LeaseWatch(),
): Promise<Held> {
  const api = connect(connection).makeApiClient(CoordinationV1Api);
  const quick = connect(connection, renewalMilliseconds).makeApiClient(CoordinationV1Api);
  const name = leaseName(release);
  const specOf = (holderIdentity: string, leaseDurationSeconds = leaseSeconds) => ({
    holderIdentity,
    leaseDurationSeconds,
    acquireTime: acquired,
    renewTime: new V1MicroTime(),
  });

  let acquired = new V1MicroTime();
  let lease = await acquire();

  let isLost = false;
  let reportLost: (reason: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => (reportLost = resolve));
  /** The renewal under way. Two at once would conflict: the second would replace a version that no longer exists. */
  let renewing: Promise<void> | undefined;
  const timer = setInterval(() => {
    renewing ??= renew().finally(() => (renewing = undefined));
  }, renewEveryMilliseconds);
  timer.unref();

  async function acquire(): Promise<V1Lease> {
    const found = await ifFound(api.readNamespacedLease({ namespace, name }));
    try {
      if (found === undefined) {
        return await api.createNamespacedLease({
          namespace,
          body: { metadata: { name, namespace }, spec: specOf(holder) },
        });
      }
      const held = holdingOf(found);
      if (held?.holder === holder) acquired = new V1MicroTime(held.since);
      else if (held !== null && !watch.hasRunOut(held)) throw new LeaseHeldError(name, held);
      return await api.replaceNamespacedLease({ namespace, name, body: { ...found, spec: specOf(holder) } });
    } catch (error) {
      if (statusOf(error) !== 409) throw error;
      // Another run was quicker; the lease says which.
      return await acquire();
    }
  }

  /** Writes the lease while it is ours. A conflict may be with our own write whose answer got lost. */
  async function write(spec: ReturnType<typeof specOf>): Promise<void> {
    while (!isLost) {
      try {
        lease = await quick.replaceNamespacedLease({ namespace, name, body: { ...lease, spec } });
        return;
      } catch (error) {
        if (statusOf(error) !== 409) throw error;
      }
      const found = await quick.readNamespacedLease({ namespace, name });
      const other = found.spec?.holderIdentity ?? "";
      if (other === "" || other === holder) lease = found;
      else giveUp(`lease ${name} was taken by another run: ${other}`);
    }
  }

  function giveUp(reason: string): void {
    isLost = true;
    clearInterval(timer);
    reportLost(reason);
  }

  /** Renews the lease; any other failure may pass, and the next renewal tries again. */
  function renew(seconds = leaseSeconds): Promise<void> {
    return write(specOf(holder, seconds)).catch(() => undefined);
  }

  async function stop(): Promise<void> {
    clearInterval(timer);
    await renewing;
  }

  return {
    lost,
    async handOver(seconds) {
      await stop();
      await renew(seconds);
    },
    async release() {
      await stop();
      await write(specOf("")).catch(() => undefined); // it runs out by itself
    },
  };
}

/** Who holds a lease, or held it and died, in which case it has run out. */
export interface Holding {
  readonly holder: string;
  readonly since: Date;
  /** When it runs out, by the holder's clock. */
  readonly runsOut: Date;
  /** How long it is held without a renewal. */
  readonly seconds: number;
}

/** Reads who holds the lease `<release>-transition`; `null` if nobody does. */
export async function readLease(
  config: KubeConfig,
  namespace: string,
  release: string,
): Promise<Holding | null> {
  const api = config.makeApiClient(CoordinationV1Api);
  const lease = await ifFound(api.readNamespacedLease({ namespace, name: leaseName(release) }));
  return lease === undefined ? null : holdingOf(lease);
}

/** A date; the client's types say so, but it leaves the text that the API server sends. */
const moment = z.coerce.date();

const holdingSchema = z
  .object({
    holderIdentity: z.string(),
    renewTime: moment,
    acquireTime: moment.nullish(),
    leaseDurationSeconds: z.int().positive().max(dayInSeconds).nullish(),
  })
  .transform(({ holderIdentity, renewTime, acquireTime, leaseDurationSeconds }) => {
    const seconds = leaseDurationSeconds ?? leaseSeconds;
    return {
      holder: holderIdentity,
      since: acquireTime ?? renewTime,
      runsOut: new Date(renewTime.getTime() + seconds * 1000),
      seconds,
    };
  });

function holdingOf({ metadata, spec }: V1Lease): Holding | null {
  // Some clients write an empty holder, others leave it out.
  if (!spec?.holderIdentity || spec.renewTime == null) return null;
  return used(holdingSchema, spec, (why) => unusable(metadata, why));
}

function unusable(metadata: V1Lease["metadata"], why: string): UnusableAnswer {
  const [name, namespace] = [metadata?.name ?? "", metadata?.namespace ?? ""];
  return new UnusableAnswer(
    `the Lease ${name} in the namespace ${namespace} does not say who holds it and until when: ${why}`,
    "a Lease as a transition writes it",
    `if no pulumi up works on the instance, delete it: kubectl delete lease ${name} -n ${namespace}`,
  );
}

function leaseName(release: string): string {
  return `${release}-transition`;
}
