import type { ReleaseTable } from "./release-table";
import type { Refusal } from "./types";
import { minorOf, type Version } from "./versions";

/**
 * R1: refuses a path over a major, or over a minor that has no known release. `start` and `end` are its two ends
 * in any order; each minor strictly between them must have a release.
 */
export function unknownPath(table: ReleaseTable, start: Version, end: Version): Refusal | null {
  const path = `The path from ${start.version} to ${end.version}`;
  if (start.major !== end.major) {
    return {
      code: "unknown-path",
      found: `${path} crosses a major version.`,
      wanted: "A path stays within one major version: no way from one to the next is documented.",
      remedy: `Set version to a release of ${start.major}.x.`,
    };
  }
  const missing: string[] = [];
  for (
    let minor = Math.min(start.minor, end.minor) + 1;
    minor < Math.max(start.minor, end.minor);
    minor += 1
  ) {
    if (table.newestPatch(start.major, minor) === undefined) missing.push(`${start.major}.${minor}`);
  }
  if (missing.length === 0) return null;
  return {
    code: "unknown-path",
    found: `${path} leads over ${missing.join(", ")}, and no release of ${missing.length === 1 ? "it" : "them"} is known.`,
    wanted: `Every minor between ${minorOf(start)} and ${minorOf(end)} has a known release.`,
    remedy: `Add a release of ${missing.join(" and of ")} under the configuration key releases, or choose another version.`,
  };
}
