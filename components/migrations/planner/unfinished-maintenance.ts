import type { Situation } from "./situation";
import type { Refusal, Request } from "./types";
import { minorsAbove, type Version } from "./versions";

/** R13: a jump in maintenance was begun and never verified: `owner - deployed > 1`, counted in minors. */
function isUnfinishedJump({ deployed, owner }: Situation): boolean {
  return deployed !== null && owner !== null && minorsAbove(owner, deployed) > 1;
}

/**
 * R13: refuses every way but another jump to the owner's minor or above it. The deployed version does not know the
 * schema that a failed jump may have left, and hops would deploy releases that do not know it either.
 */
export function unfinishedMaintenance(
  situation: Situation,
  target: Version,
  request: Request,
): Refusal | null {
  const { deployed, owner } = situation;
  if (deployed === null || owner === null || !isUnfinishedJump(situation)) return null;
  if (request.strategy === "maintenance" && minorsAbove(target, owner) >= 0) return null;
  return {
    code: "unfinished-maintenance",
    found:
      `${deployed.version} is the deployed version, and a deploy of ${owner.version} was begun and never verified, ` +
      `so the database may belong to ${owner.version}; the target is ${target.version} with the strategy ` +
      `${request.strategy}.`,
    wanted:
      "An unfinished jump over several minors is finished with the strategy maintenance, at a target in or above " +
      "the minor of the schema owner.",
    remedy:
      `Finish it: set strategy to maintenance and version to ${owner.version} or a later release. Or restore the ` +
      `snapshot taken at ${deployed.version}.`,
  };
}
