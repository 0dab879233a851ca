import { major, minor } from "semver";
import { readHelmHistory } from "../cluster/helm/history";
import { renderChart, withChart } from "../cluster/helm/chart";
import { JobError } from "../cluster/jobs/job";
import { checkPrecondition, type Situation } from "./attempt";
import type { Context } from "./context";
import { StepFailure } from "./failure";
import type { Down, Precondition } from "./input";
import { OwnerError, ownerOf, type Owner } from "./owner/owner";
import { runOwner } from "./owner/run";
import { savedOwner, saveOwner } from "./owner/saved";
import { readSchemaVersion } from "./schema-version";
import { SnapshotError } from "./snapshots";
import { Wait } from "./wait";

/**
 * Prepares a migration down (R11) before the release below is deployed; does nothing if none follows. It rehearses the
 * owner's binary at the database's present schema version, which changes nothing and proves image, command,
 * configuration and access. It also saves what runs the binary. If there is nothing to migrate down, no binary is
 * needed.
 */
export async function prepareDown(
  context: Context,
  step: Precondition & { readonly down: Down | null },
  situation: Situation,
): Promise<void> {
  const { down, version } = step;
  if (down === null) return;
  checkPrecondition(context, step, situation);
  const { progress } = context;
  const { live } = situation;
  const wait = new Wait(context, `migrate down to ${down.schemaVersion}`, down.choice.timeoutSeconds);
  let isAssumed = false;
  try {
    const current = await readSchemaVersion(context, live, wait);
    if (current !== null && current <= down.schemaVersion) {
      progress.say(
        `schema version ${current}: there is nothing to migrate down, so ${down.binary} is not needed`,
      );
      return;
    }
    refuseUnknown(current, down);
    const rehearsed = current ?? down.ownSchemaVersion;
    if (rehearsed === null) {
      throw new OwnerError(
        `the schema version of the database is unknown: ${down.binary} is not a known release, no pod shows a ` +
          "status page, and snapshot.pgDump, whose image could read it, is not given",
      );
    }
    const owner = await findOwner(context, down, wait);
    isAssumed = current === null;
    if (isAssumed && live !== undefined && minorOf(live.version) === minorOf(version)) {
      // A Job that failed may have undone some migrations, so no schema version is known that would change nothing.
      progress.say(
        `${live.version} is deployed already, and the schema version is unknown: not rehearsed again`,
      );
    } else {
      progress.say(
        `rehearsing migratedownto with the binary of ${down.binary}, at schema version ${rehearsed}`,
      );
      await runOwner(context, { owner, schemaVersion: rehearsed, choice: down.choice, rehearsal: true });
      progress.say(`${down.binary} can migrate the database down to ${down.schemaVersion}`);
    }
    await wait.read(() => saveOwner(context, owner));
  } catch (error) {
    if (error instanceof JobError || error instanceof OwnerError || error instanceof SnapshotError)
      throw failure(down, error.message, isAssumed);
    throw error;
  }
}

function minorOf(version: string): string {
  return `${major(version)}.${minor(version)}`;
}

/** Refuses migrations that the owner does not know: a release that is not on record made them. */
export function refuseUnknown(current: number | null, { binary, ownSchemaVersion }: Down): void {
  if (current === null || ownSchemaVersion === null || current <= ownSchemaVersion) return;
  throw new OwnerError(
    `the database has schema version ${current}, and ${binary} knows only up to ${ownSchemaVersion}: a newer release ` +
      "has migrated it",
  );
}

/** Finds the owner in its newest revision; else in what was saved of it; else renders it from its chart. */
export async function findOwner(context: Context, down: Down, wait: Wait): Promise<Owner> {
  const { cluster, setting, progress } = context;
  const { binary, choice } = down;
  const history = await wait.read(() => readHelmHistory(cluster, setting.namespace, setting.release));
  const revision = history.findLast(({ version }) => version === binary);
  if (revision !== undefined) return ownerOf(binary, revision.manifest, choice);
  const saved = await wait.read(() => savedOwner(context, binary));
  if (saved !== undefined) return saved;
  progress.say(`Helm has no revision of ${binary} left: its pods are rendered from its chart`);
  const manifest = await withChart(setting, binary, down.digest, (chart) =>
    renderChart(chart, setting, down.values),
  );
  return ownerOf(binary, manifest, choice);
}

function failure({ binary, schemaVersion }: Down, why: string, isAssumed: boolean): StepFailure {
  const instead = isAssumed
    ? `. The schema version of ${binary} was taken for that of the database; with snapshot.pgDump it is read, as ` +
      "needed after an upgrade that broke half-way"
    : "";
  return new StepFailure(
    `the database could not be migrated down to ${schemaVersion} with the binary of ${binary}: ${why}`,
    "nothing was deployed; what is live goes on serving",
    "fix the cause, then run pulumi up again: it rehearses again before it deploys anything" + instead,
  );
}
