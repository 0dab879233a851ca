import { compare, gt } from "semver";
import type { Facts, Release } from "../facts";
import { deployed } from "./moves";
import type { Plan } from "./types";

/** Returns the releases on a plan's path that have notes. */
export function notesOnTheWay(facts: Pick<Facts, "releases">, plan: Way): Release[] {
  return releasesOnTheWay(facts, plan).filter(({ notes }) => notes.length > 0);
}

type Way = Pick<Plan, "from" | "to" | "steps">;

/**
 * Returns the releases on a plan's path. Upward these are all releases in between, also the patches that are not
 * deployed: what they brought comes with the next one that is.
 */
export function releasesOnTheWay({ releases }: Pick<Facts, "releases">, { from, to, steps }: Way): Release[] {
  if (steps.length === 0) return [];
  const isDeployed = new Set(deployed(steps));
  // A restored instance comes from its snapshot (R18).
  const start = steps[0]?.kind === "restore" ? steps[0].version : from;
  const isUpward = start !== null && gt(to, start);
  const isOnTheWay = ({ version }: Release) =>
    isDeployed.has(version) || (isUpward && compare(version, start) > 0 && compare(version, to) <= 0);
  return releases.filter(isOnTheWay);
}
