import fc from "fast-check";
import type { Facts } from "../../components/migrations/facts";
import type { Finished, Position, Request } from "../../components/migrations/planner";
import { factsOf } from "./made-up";

/** A whole question: facts, position, request, finished. */
export interface Case {
  readonly facts: Facts;
  readonly position: Position;
  readonly request: Request;
  readonly finished: Finished;
}

/** A minor: how many patches it has (0 is a gap), and how many migrations each brings (null: nobody knows). */
const patches = fc.array(fc.option(fc.nat(3), { freq: 10 }), { minLength: 1, maxLength: 3 });
const minors = fc.array(
  fc.oneof({ arbitrary: patches, weight: 24 }, { arbitrary: fc.constant([]), weight: 1 }),
  {
    minLength: 1,
    maxLength: 12,
    size: "max",
  },
);

/** Release tables with gaps, unknown schema versions, required stops anywhere and a value that a range needs. */
const factsArbitrary: fc.Arbitrary<Facts> = fc
  .record({
    minors,
    firstMinor: fc.constantFrom(0, 5),
    secondMajor: fc.boolean(),
    stops: fc.uniqueArray(fc.nat(12), { maxLength: 3 }),
    licensedFrom: fc.nat(14),
  })
  .map(({ minors: patches, firstMinor, secondMajor, stops, licensedFrom }) => {
    const releases: Record<string, number | null> = {};
    let schema = 100;
    patches.forEach((migrations, index) => {
      migrations.forEach((brings, patch) => {
        schema += brings ?? 1;
        releases[`1.${firstMinor + index}.${patch * 2}`] = brings === null ? null : schema;
      });
    });
    if (secondMajor || Object.keys(releases).length === 0) releases["2.0.0"] = schema + 1;
    return factsOf(
      releases,
      stops.map((minor) => `1.${firstMinor + minor}`),
      [
        {
          kind: "required",
          versions: `>=1.${firstMinor + licensedFrom}.0`,
          key: "license.key",
          configuration: "license",
          refusal: "license-required",
          reason: "Made up.",
          source: "made up",
        },
      ],
    );
  });

/** Versions around the table, known or not. */
const nearby = fc
  .tuple(fc.constantFrom(1, 1, 1, 1, 1, 2), fc.nat(17), fc.nat(5))
  .map((numbers) => numbers.join("."));

export const caseArbitrary: fc.Arbitrary<Case> = factsArbitrary.chain((facts) => {
  const known = fc.constantFrom(...facts.releases.map(({ version }) => version));
  const near = fc.oneof(known, nearby);
  return fc
    .record({
      deployed: fc.option(known, { freq: 9 }),
      owner: fc.option(near, { freq: 3 }),
      mark: fc.option(near, { freq: 3 }),
      state: fc.constantFrom("settled", "settled", "unsettled", "maintenance"),
      target: known,
      strategy: fc.constantFrom("sequential" as const, "maintenance" as const),
      allowDowntime: fc.constantFrom(true, true, true, false),
      snapshots: fc.constantFrom(true, true, true, false),
      licensed: fc.constantFrom(true, true, true, false),
      acknowledges: fc.boolean(),
    })
    .map((made): Case => ({
      facts,
      position: {
        deployedVersion: made.deployed,
        schemaOwner: made.owner,
        highWaterMark: made.mark,
        settled: made.state === "settled",
        maintenance: made.state === "maintenance",
      },
      request: {
        target: made.target,
        strategy: made.strategy,
        allowDowntime: made.allowDowntime,
        acknowledgeDataLoss: made.acknowledges ? "mark->target" : null,
        snapshots: made.snapshots,
        given: made.licensed ? [{ path: "license.key", versions: "*" }] : [],
      },
      finished: { dataMigrations: [], snapshot: null },
    }))
    .map(withRealAcknowledgement);
});

/** Acknowledges the loss that this very question has, so that whole walks down are planned too. */
function withRealAcknowledgement(made: Case): Case {
  if (made.request.acknowledgeDataLoss === null) return made;
  const { deployedVersion, schemaOwner, highWaterMark } = made.position;
  const versions = [deployedVersion, schemaOwner, highWaterMark].filter((version) => version !== null);
  const mark =
    versions.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1) ?? made.request.target;
  return { ...made, request: { ...made.request, acknowledgeDataLoss: `${mark}->${made.request.target}` } };
}

/** Freezes a value through and through, so that a planner that changes its arguments throws. */
export function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}
