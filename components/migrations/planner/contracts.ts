import { Range } from "semver";
import { deployed, type Move } from "./moves";
import type { RangedContract, ReleaseTable } from "./release-table";
import type { GivenValue, Refusal, Request, Warning } from "./types";
import type { Version } from "./versions";

/**
 * R15: refuses a path that deploys a release without a value it cannot run without. A value counts only for the
 * releases that its own range matches, so a license given from 1.17.0 on does not count for 1.16.1.
 */
export function missingValues(table: ReleaseTable, moves: readonly Move[], request: Request): Refusal[] {
  return table.contracts.flatMap(({ record, range }) => {
    if (record.kind !== "required") return [];
    const ranges = request.given.filter((value) => value.path === record.key).map((value) => rangeOf(value));
    const lacking = versionsIn({ record, range }, moves).filter(
      (version) => !ranges.some((given) => given.test(version)),
    );
    if (lacking.length === 0) return [];
    return [
      {
        code: record.refusal,
        found: `The path deploys ${listed(lacking)} without ${record.key}.`,
        wanted: `${record.reason} (releases ${record.versions}; ${record.source})`,
        remedy: `Set ${record.configuration}, for every release ${record.versions} on the path.`,
      },
    ];
  });
}

/** R15: warns of values that a release on the path no longer reads. They do not break the path. */
export function replacedValues(table: ReleaseTable, moves: readonly Move[], request: Request): Warning[] {
  return table.contracts.flatMap(({ record, range }) => {
    if (record.kind !== "replaced") return [];
    return request.given
      .filter((value) => record.keys.some((key) => value.path === key || value.path.startsWith(`${key}.`)))
      .flatMap((value) => {
        const given = rangeOf(value);
        const reached = versionsIn({ record, range }, moves).filter((version) => given.test(version));
        if (reached.length === 0) return [];
        return [
          {
            code: "value-replaced",
            message:
              `${value.path} is given to ${listed(reached)}, which read ${record.by} instead. ${record.reason} ` +
              `Give ${value.path} under valuesFor to the releases before that only, and ${record.by} from there on.`,
          },
        ];
      });
  });
}

/** The releases that a value is given to. The caller has checked the range, so an invalid one is a bug. */
function rangeOf({ versions }: GivenValue): Range {
  return new Range(versions);
}

function versionsIn({ range }: RangedContract, moves: readonly Move[]): Version[] {
  return [...new Set(deployed(moves))].filter((version) => range.test(version));
}

function listed(versions: readonly Version[]): string {
  return versions.map(({ version }) => version).join(", ");
}
