import { lt, major, minor } from "semver";
import type { Facts } from "../../migrations/facts";
import { isPending } from "../../migrations/cluster/helm/pending";
import type { Position, Refusal } from "../../migrations/planner";
import { unknownMarker, type LedgerRequest } from "./request";
import type { LedgerState } from "./state";
import { describeRevision } from "./hand-changes";
import type { Drift, Located, Observation } from "../observation/position";

/* The refusals that only the ledger can make, as it knows the stack's past and sees the cluster. */

/** Refuses another name, namespace or database: it would be a second installation beside the first. */
export function refuseMoved(
  request: Pick<LedgerRequest, "namespace" | "releaseName" | "database">,
  previous: LedgerState | undefined,
): Refusal[] {
  if (previous === undefined) return [];
  return (["namespace", "releaseName", "database"] as const)
    .filter((key) => request[key] !== unknownMarker && previous[key] !== request[key])
    .map((key) => ({
      code: "moved",
      found: `The stack's instance has the ${key} ${previous[key]}, and ${request[key]} is asked for.`,
      wanted: `The ${key} of an instance stays what it was when it was installed.`,
      remedy: `Set ${keysOf(key)} back to ${previous[key]}, or install another instance in a stack of its own.`,
    }));
}

/** Returns the keys' names in the configuration. */
function keysOf(key: "namespace" | "releaseName" | "database"): string {
  return key === "database"
    ? "postgres.host (or cloudSqlInstance), postgres.port and postgres.database"
    : key;
}

/** Refuses another cluster: the stack's instance would be left behind where it runs. */
export function refuseOtherCluster(previous: LedgerState | undefined, { cluster }: Observation): Refusal[] {
  if (previous?.cluster === undefined || previous.cluster === cluster) return [];
  return [
    {
      code: "other-cluster",
      found: `The stack's instance runs in the cluster whose kube-system namespace has the UID ${previous.cluster}, and kubeconfig and context now lead to ${cluster}.`,
      wanted: "A stack stays with the cluster that its instance was installed in.",
      remedy: "Set kubeconfig and context to that cluster, or use another stack for the other cluster.",
    },
  ];
}

/**
 * Refuses to start from something that no transition of this component has deployed. It can only be taken over, by a
 * deploy of the very same version that is then verified; a path from there to another version could be a jump. A
 * release that does not know the database's schema is not taken over either: the release that does must come back
 * first.
 */
export function refuseDrift(
  request: LedgerRequest,
  { position, drift }: Located,
  history: Observation["history"],
  isBarred: IsBarred,
): Refusal[] {
  if (drift === null) return [];
  const { live, verified } = drift;
  const { schemaOwner } = position;
  const isOutdated = schemaOwner !== null && isFarBelow(live.version, schemaOwner);
  if (live.version === request.target && !isOutdated) return [];
  const known =
    verified === null
      ? "no record of a verified version is left in the cluster"
      : `${verified.version} at revision ${verified.revision} is the last one that was verified`;
  return [
    {
      code: "drift",
      found: `${describeRevision(live)} is live, no transition on record deployed it, and ${known}.`,
      wanted: "A path starts at what a transition of this stack has deployed and verified.",
      remedy: [
        ...(isPending(live)
          ? [
              "Wait until that Helm operation has ended; bsr status says how to end the lock of one that died.",
            ]
          : []),
        ...choices(request, position, drift, history, isBarred),
      ].join(" "),
    },
  ];
}

/** Whether a version is more than one minor below the owner: such a release does not know the owner's schema (R13). */
function isFarBelow(version: string, owner: string): boolean {
  return major(owner) > major(version) || minor(owner) - minor(version) > 1;
}

/** Whether the planner has no way from a position to a target because of the database's schema. */
type IsBarred = (position: Position, target: string) => boolean;

/** Returns the ways out of drift that the database allows, as commands and lines of the configuration. */
function choices(
  { namespace, releaseName }: LedgerRequest,
  position: Position,
  { live, verified }: Drift,
  history: Observation["history"],
  isBarred: IsBarred,
): string[] {
  const owner = position.schemaOwner ?? live.version;
  const rollback = (revision: number) => `helm rollback ${releaseName} ${revision} -n ${namespace}`;
  const keeps = !isBarred(position, live.version);
  const goesBack =
    verified !== null && !isBarred({ ...position, deployedVersion: verified.version }, verified.version);
  const ownerAt = history.findLast(({ version }) => version === owner);
  return [
    keeps
      ? `Take over what runs: version: ${live.version}, then pulumi up, which deploys it again and verifies it.`
      : `${live.version} cannot be taken over: it does not know the database, which may be of ${owner}.`,
    ...(verified === null
      ? []
      : goesBack
        ? [
            `Or go back: ${rollback(verified.revision)}, then version: ${verified.version} and pulumi up, ` +
              "which deals with what was migrated since.",
          ]
        : [
            `Do not roll back to ${verified.version}: it does not know the database, which may be of ${owner}.`,
          ]),
    ...(!keeps && !goesBack
      ? [
          `Bring the schema owner back: ${ownerAt === undefined ? `helm upgrade to ${owner}` : rollback(ownerAt.revision)}, ` +
            `then version: ${owner} and pulumi up. Or restore a snapshot.`,
        ]
      : []),
  ];
}

/**
 * Refuses to continue after a jump over a required stop, or from the stop itself, was made by hand and rolled back. A
 * plan never jumps over a stop, and waits at one. Only the database knows how far the jump came. If it did not pass the
 * stop, a release may serve on a schema that it does not know; if it did, on data that was never migrated.
 */
export function refuseBeyondStop(
  { requiredStops }: Pick<Facts, "requiredStops">,
  { deployedVersion, schemaOwner }: Position,
  record: Observation["record"],
): Refusal[] {
  if (deployedVersion === null || schemaOwner === null) return [];
  const firstOf = (version: string) => `${major(version)}.${minor(version)}.0`;
  const [deployed, owner] = [firstOf(deployedVersion), firstOf(schemaOwner)];
  const stop = requiredStops.find((one) => {
    const at = `${one.minor}.0`;
    const isFromStop = deployed === at && isFarBelow(deployed, owner) && !isPassed(one.minor, record);
    return (lt(deployed, at) && lt(at, owner)) || isFromStop;
  });
  if (stop === undefined) return [];
  return [
    {
      code: "unfinished-maintenance",
      found:
        `${deployedVersion} is the deployed version, and ${schemaOwner}, beyond the required stop ${stop.minor}, was ` +
        "deployed by hand and taken back, so the database may belong to either.",
      wanted:
        "A way over a required stop starts at a database that is known to have passed the stop, or not to have.",
      remedy:
        "Read the schema version of the database and say what it is: set restoredTo to " +
        '"<version>,<schema version>" and version to that release, the lowest that has this schema version or a ' +
        `higher one. Or restore a snapshot that was taken at ${deployedVersion}.`,
    },
  ];
}

/** Whether a stop's data migration is on record as completed. One before a restore was that of another database. */
function isPassed(stop: string, record: Observation["record"]): boolean {
  if (record === null) return false;
  return record.dataMigrations.some(
    ({ version, lineage }) =>
      version.startsWith(`${stop}.`) && (record.restores.length === 0 || lineage === record.lineage),
  );
}
