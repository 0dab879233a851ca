import { Range } from "semver";
import type { Contract, Facts, Release, RequiredStop } from "../facts";
import { compare, minorOf, parseExact, type Version } from "./versions";

/** A required stop with its minor as numbers (R7). */
export interface Stop {
  readonly record: RequiredStop;
  readonly major: number;
  readonly minor: number;
}

/** A contract with its range parsed (R15). */
export interface RangedContract {
  readonly record: Contract;
  readonly range: Range;
}

/** The facts, indexed for the questions that the rules ask. */
export interface ReleaseTable {
  readonly stops: readonly Stop[];
  readonly contracts: readonly RangedContract[];
  readonly newest: Version | undefined;
  release(version: Version): Release | undefined;
  /** The newest release known in a minor. */
  newestPatch(major: number, minor: number): Version | undefined;
}

const tables = new WeakMap<Facts, ReleaseTable>();

/** Returns the table of these facts. Facts never change, so each set is indexed once. */
export function tableOf(facts: Facts): ReleaseTable {
  let table = tables.get(facts);
  if (table === undefined) {
    table = arrange(facts);
    tables.set(facts, table);
  }
  return table;
}

function arrange(facts: Facts): ReleaseTable {
  const releases = new Map<string, Release>();
  const newestByMinor = new Map<string, Version>();
  let newest: Version | undefined;
  for (const release of facts.releases) {
    const version = parseExact(release.version);
    if (version === null) {
      throw new TypeError(
        `The facts hold ${JSON.stringify(release.version)}, which is not an exact version.`,
      );
    }
    releases.set(release.version, release);
    const soFar = newestByMinor.get(minorOf(version));
    if (soFar === undefined || compare(version, soFar) > 0) newestByMinor.set(minorOf(version), version);
    if (newest === undefined || compare(version, newest) > 0) newest = version;
  }
  return {
    stops: facts.requiredStops.map(parsedStop),
    contracts: facts.contracts.map((record) => ({ record, range: new Range(record.versions) })),
    newest,
    release: (version) => releases.get(version.version),
    newestPatch: (major, minor) => newestByMinor.get(`${major}.${minor}`),
  };
}

function parsedStop(record: RequiredStop): Stop {
  const [major, minor] = record.minor.split(".").map(Number);
  if (major === undefined || minor === undefined) {
    throw new TypeError(
      `The facts hold the required stop ${JSON.stringify(record.minor)}, which is not a minor.`,
    );
  }
  return { record, major, minor };
}
