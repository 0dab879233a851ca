/** Additions to the table of releases that cannot be joined with it, and what is told of them. */
export interface AdditionKind {
  readonly additions: readonly unknown[];
  readonly told: string;
}

const of = (record: object): readonly unknown[] => [{ version: "1.24.0", ...record }];

export const additionKinds: readonly AdditionKind[] = [
  { additions: [null], told: "releases[0]: must be given" },
  { additions: ["1.24.0"], told: "releases[0]: must be a map" },
  { additions: [["1.24.0"]], told: "releases[0]: must be a map" },
  { additions: [{}], told: "releases[0].version: must be given" },
  { additions: [{ version: 1.24 }], told: "releases[0].version: must be text" },
  { additions: of({ databaseVersion: "370" }), told: "releases[0].databaseVersion: must be a number" },
  { additions: of({ databaseVersion: 0 }), told: "releases[0].databaseVersion: must be more than 0" },
  { additions: of({ databaseVersion: 370.5 }), told: "releases[0].databaseVersion: must be a whole number" },
  { additions: of({ databaseVersion: 1e21 }), told: "releases[0].databaseVersion: must be " },
  { additions: of({ databaseVersion: Number.NaN }), told: "releases[0].databaseVersion: must be a number" },
  {
    additions: of({ released: "30.06.2025" }),
    told: "releases[0].released: must be a day such as 2025-06-30",
  },
  {
    additions: of({ released: "2025-02-30" }),
    told: "releases[0].released: must be a day such as 2025-06-30",
  },
  { additions: of({ released: 20_250_630 }), told: "releases[0].released: must be text" },
  {
    additions: of({ minimumCliVersion: "1.50" }),
    told: "releases[0].minimumCliVersion: must be an exact version",
  },
  { additions: of({ chartDigest: "sha256:abc" }), told: "releases[0].chartDigest: must be a digest such as" },
  { additions: of({ chartDigest: true }), told: "releases[0].chartDigest: must be text" },
  { additions: of({ notes: "Read this." }), told: "releases[0].notes: must be a list" },
  { additions: of({ notes: [""] }), told: "releases[0].notes[0]: must not be empty" },
  { additions: of({ notes: [null] }), told: "releases[0].notes[0]: must be given" },
  { additions: of({ source: " " }), told: "releases[0].source: must not be empty" },
  { additions: of({ schemaVersion: 370 }), told: "releases[0]: there is no such key: schemaVersion" },
  { additions: of({ constructor: "x" }), told: "releases[0]: there is no such key: constructor" },
];
