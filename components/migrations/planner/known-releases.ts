import type { ReleaseTable } from "./release-table";
import type { Refusal } from "./types";
import { minorOf, parseExact, type Version } from "./versions";
import { isInvalid, type Written, type WrittenBounds, type WrittenVersions } from "./written";

/**
 * R1: requires that both ends of the path are known releases and that every given version is exact.
 *
 * The mark and the owner only bound the path, so they need not be known. These refusals stand alone: without
 * two known ends there is no path to judge. A path that begins with a restore (R18) does not start at the
 * deployed version, so the deployed version need not be known either.
 */
export function knownReleases(table: ReleaseTable, written: WrittenVersions): Refusal[] {
  const { target, deployed, owner, mark, acknowledgement, snapshot } = written;
  const refusals: Refusal[] = [];
  if (isInvalid(target)) refusals.push(invalidVersion("target", target, "version"));
  if (isInvalid(deployed)) refusals.push(invalidVersion("deployed version", deployed, null));
  if (isInvalid(owner)) refusals.push(invalidVersion("schema owner", owner, null));
  if (isInvalid(mark)) refusals.push(invalidVersion("high-water mark", mark, null));
  if (isInvalid(acknowledgement)) refusals.push(invalidAcknowledgement(acknowledgement));
  if (snapshot !== null) refusals.push(...invalidSnapshot(snapshot));
  if (isUnknown(table, target)) refusals.push(unknownRelease(table, "target", target.version));
  if (snapshot === null && isUnknown(table, deployed))
    refusals.push(unknownRelease(table, "deployed version", deployed.version));
  return refusals;
}

function invalidSnapshot({ deployed, owner, mark }: WrittenBounds): Refusal[] {
  return [
    ["snapshot's version", deployed] as const,
    ["snapshot's schema owner", owner] as const,
    ["snapshot's high-water mark", mark] as const,
  ].flatMap(([name, bound]) => (isInvalid(bound) ? [invalidVersion(name, bound, null)] : []));
}

function isUnknown(table: ReleaseTable, end: Written): end is Written & { version: Version } {
  return end.version !== null && table.release(end.version) === undefined;
}

function invalidVersion(name: string, { text }: Written, key: string | null): Refusal {
  const meant = /\d+\.\d+\.\d+/.exec(text ?? "")?.[0];
  const example = meant !== undefined && parseExact(meant) !== null ? meant : "1.9.1";
  return {
    code: "invalid-version",
    found: `The ${name} is ${JSON.stringify(text)}, which is not an exact version.`,
    wanted:
      "A version is written major.minor.patch in plain numbers: no leading v or zeros, no range, no prerelease, " +
      "no build suffix.",
    remedy:
      key === null
        ? `Give the ${name} as an exact version, such as ${example}.`
        : `Set ${key} to an exact version, such as ${example}.`,
  };
}

function invalidAcknowledgement({ text }: Written<unknown>): Refusal {
  return {
    code: "invalid-version",
    found: `acknowledgeDataLoss is ${JSON.stringify(text)}, which is not a pair of exact versions.`,
    wanted:
      'An acknowledgement is written "<high-water mark>-><target>", both exact versions, without spaces.',
    remedy:
      "Remove acknowledgeDataLoss. If the path needs one, the refusal below-high-water-mark prints the text to set.",
  };
}

function unknownRelease(table: ReleaseTable, name: string, version: Version): Refusal {
  const nearest = table.newestPatch(version.major, version.minor);
  const newest = table.newest?.version ?? "none";
  return {
    code: "unknown-release",
    found: `The ${name} ${version.version} is not among the known releases.`,
    wanted:
      nearest === undefined
        ? `A known release: there is none of ${minorOf(version)}, and the newest of all is ${newest}.`
        : `A known release: the newest of ${minorOf(version)} is ${nearest.version}.`,
    remedy:
      `If ${version.version} was published, add it under the configuration key releases with its databaseVersion ` +
      "from Buf's release notes; otherwise correct the version.",
  };
}
