import semver, { type SemVer } from "semver";

/** A parsed exact version. Order is numeric: 1.10.0 comes after 1.9.1. */
export type Version = SemVer;

/** Parses an exact version; `null` for a leading `v`, a range, a prerelease, a build suffix, "". */
export function parseExact(text: string): Version | null {
  const parsed = semver.parse(text);
  return parsed !== null && parsed.prerelease.length === 0 && parsed.version === text ? parsed : null;
}

/** Compares two versions: negative when `a` is lower, 0 when equal. */
export function compare(a: Version, b: Version): number {
  return a.compareMain(b);
}

export function highest(a: Version, b: Version): Version {
  return compare(a, b) >= 0 ? a : b;
}

/** Returns the minor as texts and tables name it: "1.9" for 1.9.1. */
export function minorOf(version: Version): string {
  return `${version.major}.${version.minor}`;
}

/**
 * Returns how many minors `upper` is above `lower`: 0 within a minor, negative when it is below. Across majors the
 * number cannot be known and counts as infinite.
 */
export function minorsAbove(upper: Version, lower: Version): number {
  return upper.major === lower.major
    ? upper.minor - lower.minor
    : (upper.major - lower.major) * Number.POSITIVE_INFINITY;
}
