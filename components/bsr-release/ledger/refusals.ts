import { lt, major, minor } from "semver";
import type { Facts } from "../../migrations/facts";
import { isPending } from "../../migrations/cluster/helm/pending";
import type { Position, Refusal } from "../../migrations/planner";
import { unknownMarker, type LedgerRequest } from "./request";
import type { LedgerState } from "./state";
import { describeRevision } from "./hand-changes";
import type { Drift, Located, Observation } from "../observation/position";

/** What only the ledger can refuse: it knows the stack's past and sees the cluster. */

/** Another name, namespace or database would be a second installation beside the first. */
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

/** As the configuration has it. */
function keysOf(key: "namespace" | "releaseName" | "database"): string {
  return key === "database"
    ? "postgres.host (or cloudSqlInstance), postgres.port and postgres.database"
    : key;
}

/** The stack's instance would be left behind where it runs. */
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
 * Something that no own transition explains was deployed. Only what runs can be taken over, by a deploy of the
 * very same version that is then verified; from anywhere else a path could jump. What does not know the database's
 * schema is not taken over either: the release that does has to come back first.
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

/** More than a minor below: such a release does not know the other's schema (R13). */
function isFarBelow(version: string, owner: string): boolean {
  return major(owner) > major(version) || minor(owner) - minor(version) > 1;
}

/** Whether the planner has no way from a position to a target because of what the database is. */
type IsBarred = (position: Position, target: string) => boolean;

/** The ways out of drift that the database allows, as lines of the configuration. */
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
              "which deals with what the database has got since.",
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
 * A jump over a required stop was made by hand and taken back, as none of ours leads over one; or one from the stop itself,
 * as ours wait there first. Only the database tells how far it came: through the stop, its release may serve on a schema
 * that it does not know, and past it, on data that nobody migrated.
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
        "A way over a required stop starts at a database of which it is known whether it has passed the stop.",
      remedy:
        "Read the schema version of the database, and tell it: set restoredTo to " +
        '"<version>,<schema version>" and version to that release, the lowest that has this schema version or a ' +
        `higher one. Or restore a snapshot that was taken at ${deployedVersion}.`,
    },
  ];
}

/** The data migration of a required stop is on record as completed; before a restore, it was that of another database. */
function isPassed(stop: string, record: Observation["record"]): boolean {
  if (record === null) return false;
  return record.dataMigrations.some(
    ({ version, lineage }) =>
      version.startsWith(`${stop}.`) && (record.restores.length === 0 || lineage === record.lineage),
  );
}
