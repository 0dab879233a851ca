import { planted } from "../words";

/** A key of the configuration that cannot be used, and what a user is told of it. */
export interface ConfigurationKind {
  readonly key: string;
  /** As the stack's file has it: text as it stands, all else as JSON. */
  readonly text: string;
  readonly secret?: boolean;
  readonly told: string;
}

const json = (value: unknown) => JSON.stringify(value);
const long = "a".repeat(254);
const objectName = "must be the name of an object: lower case letters, digits, dashes and dots";
const notThere = "there is no such key";

export const configurationKinds: readonly ConfigurationKind[] = [
  // Versions.
  { key: "version", text: "", told: 'bsr:version: The target is "", which is not an exact version.' },
  { key: "version", text: "v1.5.1", told: "Set version to an exact version, such as 1.5.1." },
  { key: "version", text: "latest", told: 'The target is "latest", which is not an exact version.' },
  { key: "version", text: ">=1.5.1", told: "which is not an exact version" },
  { key: "version", text: "1.5.1\n", told: 'The target is "1.5.1\\n", which is not an exact version.' },
  { key: "version", text: "1.99.0", told: "The target 1.99.0 is not among the known releases." },
  { key: "restoredTo", text: "1.7.0", told: "must be a version and a schema version, such as 1.7.0,266" },
  { key: "restoredTo", text: "1.7.0,-1", told: "must be a version and a schema version" },
  // Names.
  { key: "host", text: "", told: "bsr:host: must not be empty" },
  { key: "namespace", text: "", told: "bsr:namespace: must be lower case letters, digits and dashes" },
  { key: "namespace", text: "../kube-system", told: "must be lower case letters, digits and dashes" },
  { key: "releaseName", text: "bsr,owner=helm", told: "must be lower case letters, digits and dashes" },
  { key: "releaseName", text: "b\u0000r", told: "must be lower case letters, digits and dashes" },
  { key: "context", text: "", told: "bsr:context: must not be empty" },
  { key: "restore", text: "", told: "bsr:restore: must not be empty" },
  { key: "approvedPlan", text: "", told: "bsr:approvedPlan: must not be empty" },
  {
    key: "postgres",
    text: json({ database: "d".repeat(64) }),
    told: "bsr:postgres.database: must have at most 63 bytes, as Postgres cuts longer names",
  },
  { key: "postgres", text: json({ database: "本".repeat(22) }), told: "must have at most 63 bytes" },
  // Where versions come from.
  { key: "promotion", text: '"dev"', told: "bsr:promotion: must be a map" },
  { key: "promotion", text: "{}", told: "bsr:promotion.from: must be given" },
  { key: "promotion", text: json({ from: "" }), told: "promotion.from: must be the name of a stack" },
  { key: "promotion", text: json({ from: "acme/dev" }), told: "such as dev, or organization/project/stack" },
  { key: "promotion", text: json({ from: "a b" }), told: "promotion.from: must be the name of a stack" },
  { key: "promotion", text: json({ from: ["dev"] }), told: "bsr:promotion.from: must be text" },
  { key: "promotion", text: json({ from: "dev", soak: 24 }), told: "bsr:promotion.soak: must be text" },
  { key: "promotion", text: json({ from: "dev", soak: "0" }), told: "must be a duration such as 90m" },
  { key: "promotion", text: json({ from: "dev", soak: "0h" }), told: "must be a duration such as 90m" },
  { key: "promotion", text: json({ from: "dev", soak: "3 days" }), told: "must be a duration such as 90m" },
  { key: "promotion", text: json({ from: "dev", soak: "-24h" }), told: "must be a duration such as 90m" },
  { key: "promotion", text: json({ from: "dev", soak: "99999w" }), told: "must be a duration such as 90m" },
  { key: "promotion", text: json({ from: "dev", soak: "PT24H" }), told: "must be a duration such as 90m" },
  { key: "promotion", text: json({ from: "dev", output: "" }), told: "promotion.output: must not be empty" },
  { key: "promotion", text: json({ from: "dev", override: true }), told: "promotion.override: must be text" },
  {
    key: "promotion",
    text: json({ from: "dev", override: "v1.5.1" }),
    told: "bsr:promotion.override: must be an exact version, such as 1.5.1",
  },
  {
    key: "promotion",
    text: json({ from: "dev", overide: "1.5.1" }),
    told: "bsr:promotion.overide: there is no such key; did you mean override?",
  },
  // The chart's address.
  {
    key: "chart",
    text: "https://registry.example.com/bsr",
    told: "must be an OCI address without a version",
  },
  { key: "chart", text: "oci://registry.example.com/bsr:1.5.1", told: "without a version" },
  { key: "chart", text: `oci://user:${planted}@registry.example.com/bsr`, told: "without a login" },
  { key: "chart", text: "oci://registry.example.com:99999/bsr", told: "bsr:chart: must be an OCI address" },
  { key: "chart", text: "oci://[::1/bsr", told: "bsr:chart: must be an OCI address" },
  // Names that every JavaScript object has.
  { key: "constructor", text: "x", told: `bsr:constructor: ${notThere}` },
  { key: "toString", text: "x", told: `bsr:toString: ${notThere}` },
  { key: "postgres", text: json({ hasOwnProperty: "x" }), told: `postgres.hasOwnProperty: ${notThere}` },
  { key: "postgres", text: '{"host":"db","__proto__":"x"}', told: `postgres.__proto__: ${notThere}` },
  // What is no JSON.
  { key: "allowDowntime", text: "yes", told: "bsr:allowDowntime: is not JSON" },
  { key: "values", text: "{postgres: {host: db}}", told: "bsr:values: is not JSON" },
  { key: "values", text: "", told: "bsr:values: is not JSON" },
  { key: "postgres", text: `{"password": "${planted}`, told: "bsr:postgres: is not JSON" },
  { key: "releases", text: "[,]", told: "bsr:releases: is not JSON" },
  { key: "deployTimeoutSeconds", text: "15m", told: "bsr:deployTimeoutSeconds: is not JSON" },
  { key: "deployTimeoutSeconds", text: "NaN", told: "bsr:deployTimeoutSeconds: is not JSON" },
  // Wrong types.
  { key: "allowDowntime", text: "1", told: "bsr:allowDowntime: must be true or false" },
  { key: "deployTimeoutSeconds", text: '"900"', told: "bsr:deployTimeoutSeconds: must be a number" },
  { key: "acceptUnhealthy", text: '"redis"', told: "bsr:acceptUnhealthy: must be a list" },
  { key: "acceptUnhealthy", text: "[1]", told: "bsr:acceptUnhealthy.0: must be text" },
  { key: "acceptUnhealthy", text: "[null]", told: "bsr:acceptUnhealthy.0: must be given" },
  { key: "postgres", text: '"db"', told: "bsr:postgres: must be a map" },
  { key: "postgres", text: "[]", told: "bsr:postgres: must be a map" },
  { key: "postgres", text: json({ password: { value: planted } }), told: "postgres.password: must be text" },
  { key: "postgres", text: json({ password: [planted] }), told: "bsr:postgres.password: must be text" },
  { key: "redis", text: json({ address: 6379 }), told: "bsr:redis.address: must be text" },
  {
    key: "redis",
    text: json({ address: "r", tls: { use: false } }),
    told: 'must be "false" (text, in quotes)',
  },
  { key: "storage", text: json({ s3: "bucket" }), told: "bsr:storage.s3: must be a map" },
  { key: "auth", text: json({ oidc: null }), told: "bsr:auth.oidc: must be given" },
  { key: "featureFlags", text: json({ a: "on" }), told: "bsr:featureFlags.a: must be true or false" },
  { key: "clientTLSSecrets", text: json({ ca: 1 }), told: "bsr:clientTLSSecrets.ca: must be text" },
  { key: "migrateDown", text: json({ command: "bufd" }), told: "bsr:migrateDown.command: must be a list" },
  {
    key: "dataMigrations",
    text: json({ completed: [1.7] }),
    told: "dataMigrations.completed.0: must be text",
  },
  { key: "values", text: "5", told: "bsr:values: must be a map" },
  { key: "valuesFor", text: '[["x"]]', told: "bsr:valuesFor.0: must be a map" },
  // Bounds.
  { key: "deployTimeoutSeconds", text: "-1", told: "must be more than 0 seconds" },
  {
    key: "postgres",
    text: json({ host: "db", port: 0 }),
    told: "bsr:postgres.port: must be a port, 1 to 65535",
  },
  {
    key: "postgres",
    text: json({ host: "db", port: 65536 }),
    told: "postgres.port: must be a port, 1 to 65535",
  },
  {
    key: "postgres",
    text: json({ host: "db", port: 5.5 }),
    told: "postgres.port: must be a port, 1 to 65535",
  },
  {
    key: "postgres",
    text: json({ host: "db", passwordSecret: long }),
    told: "must have at most 253 characters",
  },
  {
    key: "postgres",
    text: json({ host: "db", maxConnections: 1e21 }),
    told: "postgres.maxConnections: must be ",
  },
  { key: "maxBodySizeBytes", text: "-1", told: "bsr:maxBodySizeBytes: must be 1 or more" },
  { key: "maxBodySizeBytes", text: "1e21", told: "bsr:maxBodySizeBytes: must be " },
  { key: "snapshot", text: json({ pgDump: { keep: 0 } }), told: "snapshot.pgDump.keep: must be 1 or more" },
  { key: "snapshot", text: json({ pgDump: { keep: 1e21 } }), told: "bsr:snapshot.pgDump.keep: must be " },
  { key: "snapshot", text: json({ pgDump: { claim: long } }), told: "must have at most 253 characters" },
  { key: "snapshot", text: json({ pgDump: { claim: "A B" } }), told: `snapshot.pgDump.claim: ${objectName}` },
  { key: "snapshot", text: json({ pgDump: { size: "20 GB" } }), told: "must be a quantity such as 20Gi" },
  { key: "snapshot", text: json({ pgDump: {}, command: {} }), told: "exclude each other; keep one of them" },
  { key: "snapshot", text: "{}", told: "bsr:snapshot: pgDump or command must be given" },
  // Ranges, contradictions, secrets.
  {
    key: "valuesFor",
    text: json([{ versions: "newest", values: {} }]),
    told: "must be a semver range such as",
  },
  {
    key: "valuesFor",
    text: json([{ versions: "*", values: { postgres: { host: planted } } }]),
    told: "bsr:valuesFor.0.values.postgres.host: the database cannot change on the way",
  },
  { key: "values", text: json({ host: "other" }), told: 'values.host ("other") and the argument host' },
  {
    key: "values",
    text: json({ license: { key: planted } }),
    told: "values.license.key and the argument license differ; keep one of them",
  },
  { key: "releases", text: '"1.24.0"', told: "bsr:releases: must be a list" },
  { key: "releases", text: json([{ version: "1.24.0", released: "soon" }]), told: "must be a day such as" },
  { key: "version", text: "1.5.1", secret: true, told: "set it in the clear" },
  {
    key: "acceptUnhealthy",
    text: json([planted]),
    secret: true,
    told: "has a secure value, and decides the plan",
  },
  // Files.
  { key: "valuesFile", text: "", told: "bsr:valuesFile: must not be empty" },
  {
    key: "valuesFile",
    text: "nowhere.yaml",
    told: "does not exist; give its path from the project's folder",
  },
  { key: "valuesFile", text: "test", told: "bsr:valuesFile: test cannot be read" },
  { key: "valuesFile", text: "LICENSE", told: "bsr:valuesFile: LICENSE is not " },
];
