import { deploy, deployed as deployedBy, type Move } from "./moves";
import type { Situation } from "./situation";
import { minorsAbove, type Version } from "./versions";

/**
 * R17: deploys the deployed version once more before the moves, if pods may still serve a version that is more than
 * one minor away from the first deploy. The verification of that deploy waits until they are gone.
 */
export function startAgain(
  { begun }: Pick<Situation, "begun">,
  deployed: Version,
  moves: readonly Move[],
): readonly Move[] {
  const [first] = deployedBy(moves);
  if (first === undefined || first.version === deployed.version) return moves;
  const isFar = (version: Version) => Math.abs(minorsAbove(version, first)) > 1;
  return begun?.some(isFar) === true ? [deploy(deployed), ...moves] : moves;
}
