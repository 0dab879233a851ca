import type { ReleaseTable, Stop } from "./release-table";
import type { Situation } from "./situation";
import type { Refusal, Request } from "./types";
import { isBetween } from "./upward";
import { minorsAbove, type Version } from "./versions";

/** R13: a jump in maintenance was begun and never verified: `owner - deployed > 1`, counted in minors. */
export function isUnfinishedJump({ deployed, owner }: Situation): boolean {
  return deployed !== null && owner !== null && minorsAbove(owner, deployed) > 1;
}

/**
 * R13: the deployed version does not know the schema that a failed jump may have left, and hops would deploy
 * releases that do not know it either. Only a jump leads on, to the owner's minor or above it.
 */
export function unfinishedMaintenance(
  table: ReleaseTable,
  situation: Situation,
  target: Version,
  request: Request,
): Refusal | null {
  const { deployed, owner } = situation;
  if (deployed === null || owner === null || !isUnfinishedJump(situation)) return null;
  const stop = table.stops.find((one) => isBetween(one, deployed, owner));
  if (stop !== undefined) return beyondStop(deployed, owner, stop);
  if (request.strategy === "maintenance" && minorsAbove(target, owner) >= 0) return null;
  return {
    code: "unfinished-maintenance",
    found:
      `${deployed.version} is the deployed version, and a deploy of ${owner.version} was begun and never verified, ` +
      `so the database may belong to ${owner.version}; asked for is ${target.version} with the strategy ` +
      `${request.strategy}.`,
    wanted:
      "An unfinished jump over several minors is finished with the strategy maintenance, at a target in or above " +
      "the minor of the schema owner.",
    remedy:
      `Go on: set strategy to maintenance and version to ${owner.version} or a later release. Or restore the ` +
      `snapshot taken at ${deployed.version}.`,
  };
}

/**
 * No jump of ours leads over a required stop, so this one was made by hand, and only the database tells how far it
 * came: through the stop, its release may serve on a schema that it does not know, and past it, on data that nobody
 * migrated.
 */
function beyondStop(deployed: Version, owner: Version, { record: { minor } }: Stop): Refusal {
  return {
    code: "unfinished-maintenance",
    found:
      `${deployed.version} is the deployed version, and ${owner.version}, beyond the required stop ${minor}, was ` +
      "deployed by hand and taken back, so the database may belong to either.",
    wanted:
      "A way over a required stop starts at a database of which it is known whether it has passed the stop.",
    remedy:
      "Read the schema version of the database, and tell it: set restoredTo to " +
      '"<version>,<schema version>" and version to that release, the lowest that has this schema version or a ' +
      `higher one. Or restore a snapshot that was taken at ${deployed.version}.`,
  };
}
