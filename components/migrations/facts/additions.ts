import semver from "semver";
import type { z } from "zod";
import { schemaErrors } from "../schema-errors";
import { releaseSchema, type Facts, type Release, type ReleaseAddition } from "./schema";

/** Additions that cannot be merged into the table; `problems` has one sentence for each. */
export class FactsError extends Error {
  override readonly name = "FactsError";
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

/**
 * Returns the facts with the user's own releases added (configuration key `releases`).
 *
 * An addition for a version that the table has may only repeat the table or fill in what it does not know (the
 * schema version of 1.0.0, say). So a package update that learns the same release breaks no stack. An addition
 * that contradicts the table, or gives a newer release a lower schema version, is a `FactsError` with all
 * problems at once.
 */
export function withAdditions(facts: Facts, additions: readonly ReleaseAddition[]): Facts {
  const problems: string[] = [];
  const joined = new Map(facts.releases.map((release) => [release.version, release]));
  const added = new Set<string>();
  additions.forEach((addition, index) => {
    const parsed = releaseSchema.safeParse(addition, { error: schemaErrors });
    if (!parsed.success) {
      problems.push(
        ...parsed.error.issues.map((issue) => `releases[${index}]${at(issue)}: ${issue.message}`),
      );
      return;
    }
    const release = parsed.data;
    if (added.has(release.version)) {
      problems.push(`releases[${index}]: ${release.version} is added twice; keep one record of it.`);
      return;
    }
    added.add(release.version);
    const known = joined.get(release.version);
    problems.push(...(known === undefined ? [] : contradictions(known, release, index)));
    joined.set(release.version, known === undefined ? release : filledIn(known, release));
  });
  const releases = ascending([...joined.values()]);
  if (problems.length === 0) {
    problems.push(...fallingSchemaVersions(releases));
  }
  if (problems.length > 0) {
    throw new FactsError(problems);
  }
  return { ...facts, releases };
}

/**
 * Returns the facts with the schema versions that were learned from running releases (R14). The table and the
 * user's additions take precedence: a learned number is used only where they have none. A version that nobody
 * listed stays unknown.
 */
export function withLearnedSchemaVersions(facts: Facts, learned: Readonly<Record<string, number>>): Facts {
  return {
    ...facts,
    releases: facts.releases.map((release) => ({
      ...release,
      databaseVersion: release.databaseVersion ?? learned[release.version] ?? null,
    })),
  };
}

function at(issue: z.core.$ZodIssue): string {
  return issue.path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
}

function contradictions(known: Release, addition: Release, index: number): string[] {
  return (["databaseVersion", "minimumCliVersion", "released", "chartDigest"] as const).flatMap((field) =>
    known[field] === null || addition[field] === null || known[field] === addition[field]
      ? []
      : [
          `releases[${index}].${field}: ${known.version} has ${known[field]} in the built-in table, ` +
            `and ${addition[field]} here; remove the field, or report the mistake in the table.`,
        ],
  );
}

function filledIn(known: Release, addition: Release): Release {
  return {
    ...known,
    released: known.released ?? addition.released,
    databaseVersion: known.databaseVersion ?? addition.databaseVersion,
    minimumCliVersion: known.minimumCliVersion ?? addition.minimumCliVersion,
    chartDigest: known.chartDigest ?? addition.chartDigest,
    notes: [...known.notes, ...addition.notes.filter((note) => !known.notes.includes(note))],
    source: known.source ?? addition.source,
  };
}

function ascending(releases: readonly Release[]): Release[] {
  return [...releases].sort((a, b) => semver.compare(a.version, b.version));
}

/** Schema versions never fall from release to release; one that does is a mistake and would migrate the wrong way. */
function fallingSchemaVersions(releases: readonly Release[]): string[] {
  const problems: string[] = [];
  let before: Release | undefined;
  for (const release of releases) {
    if (release.databaseVersion === null) continue;
    if (before?.databaseVersion != null && release.databaseVersion < before.databaseVersion) {
      problems.push(
        `releases: ${release.version} has the databaseVersion ${release.databaseVersion}, lower than ` +
          `${before.databaseVersion} of ${before.version} before it; correct the record that you added.`,
      );
    }
    before = release;
  }
  return problems;
}
