import { compare as order } from "semver";
import { exactVersion, type Release } from "../../components/migrations/facts";

/** The table of releases compared with the tags of a chart's repository. */
export interface Check {
  /** Where the tags were read. */
  readonly chart: string;
  /** Versions in the repository that the table lacks, oldest first. */
  readonly missing: readonly string[];
  /** Versions of the table that the repository lacks, oldest first. */
  readonly absent: readonly string[];
  /** Tags that are not exact versions. */
  readonly ignored: readonly string[];
}

/** Compares the table with the tags of a repository. */
export function compare(chart: string, releases: readonly Release[], tags: readonly string[]): Check {
  const known = new Set(releases.map(({ version }) => version));
  const published = new Set(tags.filter(isExact));
  return {
    chart,
    missing: ascending([...published].filter((version) => !known.has(version))),
    absent: ascending([...known].filter((version) => !published.has(version))),
    ignored: tags.filter((tag) => !isExact(tag)).sort(),
  };
}

function isExact(tag: string): boolean {
  return exactVersion.safeParse(tag).success;
}

function ascending(versions: readonly string[]): string[] {
  return [...versions].sort(order);
}
