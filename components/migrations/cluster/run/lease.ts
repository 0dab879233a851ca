import { CoordinationV1Api, V1MicroTime, type KubeConfig, type V1Lease } from "../../../kubernetes-client";
import { z } from "zod";
import { ifFound, statusOf } from "../connection";
import { UnusableAnswer, used } from "../unusable";

/** A lease whose holder died is free again after this long. */
const leaseSeconds = 15;
const renewEveryMilliseconds = 5_000;
/** Nobody holds a lease for longer without renewing it. */
const dayInSeconds = 86_400;

export interface Held {
  /** Resolves with a reason if the lease is lost while it is held. */
  readonly lost: Promise<string>;
  /** Stops to renew it: the same holder goes on with it, or it runs out. */
  handOver(): Promise<void>;
  release(): Promise<void>;
}

/** Somebody else holds the lease. */
export class LeaseHeldError extends Error {
  constructor(
    readonly lease: string,
    readonly holder: string,
    readonly since: string,
    readonly until: string,
  ) {
    super(
      `lease ${lease} is held by ${holder} since ${since}, and runs out at ${until} unless it is renewed`,
    );
  }
}

/**
 * Takes the lease `<release>-transition`, so that of two transitions at once only one works on the instance.
 * It is renewed until it is given back or handed over; a holder that dies loses it by not renewing.
 */
export async function holdLease(
  config: KubeConfig,
  namespace: string,
  release: string,
  holder: string,
): Promise<Held> {
  const api = config.makeApiClient(CoordinationV1Api);
  const name = leaseName(release);
  const spec = (acquireTime: V1MicroTime) => ({
    holderIdentity: holder,
    leaseDurationSeconds: leaseSeconds,
    acquireTime,
    renewTime: new V1MicroTime(),
  });

  let acquired = new V1MicroTime();
  let lease = await acquire();

  let giveUp: (reason: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => (giveUp = resolve));
  let renewing = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renew();
  }, renewEveryMilliseconds);
  timer.unref();

  async function acquire(): Promise<V1Lease> {
    const found = await ifFound(api.readNamespacedLease({ namespace, name }));
    try {
      if (found === undefined) {
        return await api.createNamespacedLease({
          namespace,
          body: { metadata: { name, namespace }, spec: spec(acquired) },
        });
      }
      const held = holdingOf(found);
      if (held !== null && held.runsOut.getTime() > Date.now()) {
        if (held.holder !== holder) {
          throw new LeaseHeldError(name, held.holder, held.since.toISOString(), held.runsOut.toISOString());
        }
        acquired = new V1MicroTime(held.since);
      }
      return await api.replaceNamespacedLease({
        namespace,
        name,
        body: { ...found, spec: spec(acquired) },
      });
    } catch (error) {
      if (statusOf(error) !== 409) throw error;
      // Another run was quicker: the lease tells which.
      return await acquire();
    }
  }

  async function renew(): Promise<void> {
    try {
      lease = await api.replaceNamespacedLease({ namespace, name, body: { ...lease, spec: spec(acquired) } });
    } catch (error) {
      // Anything but a conflict may pass; a conflict means that somebody else took it.
      if (statusOf(error) === 409) giveUp(`lease ${name} was taken by another run`);
    }
  }

  return {
    lost,
    async handOver() {
      clearInterval(timer);
      await renewing;
      await renew();
    },
    async release() {
      clearInterval(timer);
      await renewing;
      const free = { ...lease.spec, holderIdentity: "" };
      await api
        .replaceNamespacedLease({ namespace, name, body: { ...lease, spec: free } })
        .catch(() => undefined); // it runs out by itself
    },
  };
}

/** Who holds a lease, or held it and died: then it has run out. */
export interface Holding {
  readonly holder: string;
  readonly since: Date;
  readonly runsOut: Date;
}

/** Who holds the lease `<release>-transition`; `null` where nobody does. */
export async function readLease(
  config: KubeConfig,
  namespace: string,
  release: string,
): Promise<Holding | null> {
  const api = config.makeApiClient(CoordinationV1Api);
  const lease = await ifFound(api.readNamespacedLease({ namespace, name: leaseName(release) }));
  return lease === undefined ? null : holdingOf(lease);
}

/** The client says that these are dates, and leaves them as the texts that the API server sends. */
const moment = z.coerce.date();

const holdingSchema = z
  .object({
    holderIdentity: z.string(),
    renewTime: moment,
    acquireTime: moment.nullish(),
    leaseDurationSeconds: z.int().positive().max(dayInSeconds).nullish(),
  })
  .transform(({ holderIdentity, renewTime, acquireTime, leaseDurationSeconds }) => ({
    holder: holderIdentity,
    since: acquireTime ?? renewTime,
    runsOut: new Date(renewTime.getTime() + (leaseDurationSeconds ?? leaseSeconds) * 1000),
  }));

function holdingOf({ metadata, spec }: V1Lease): Holding | null {
  // A client that wants to be correct writes an empty holder, and others leave it out.
  if (!spec?.holderIdentity || spec.renewTime == null) return null;
  return used(holdingSchema, spec, (why) => unusable(metadata, why));
}

function unusable(metadata: V1Lease["metadata"], why: string): UnusableAnswer {
  const [name, namespace] = [metadata?.name ?? "", metadata?.namespace ?? ""];
  return new UnusableAnswer(
    `the Lease ${name} in the namespace ${namespace} does not tell who holds it and until when: ${why}`,
    "a Lease as a transition writes it",
    `if no pulumi up works on the instance, delete it: kubectl delete lease ${name} -n ${namespace}`,
  );
}

function leaseName(release: string): string {
  return `${release}-transition`;
}
