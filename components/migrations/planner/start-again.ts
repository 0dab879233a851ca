import { deploy, deployed as deployedBy, type Move } from "./moves";
import type { Situation } from "./situation";
import { minorsAbove, type Version } from "./versions";

/**
 * R17: the moves, behind one more deploy of the deployed version where pods of another may still serve that is not in
 * the first deploy's minor or next to it. Its verification waits until they are gone.
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
