export { FactsError, withAdditions, withLearnedSchemaVersions } from "./additions";
export { builtInFacts } from "./built-in";
export { contractSchema, exactVersion, releaseSchema, requiredStopSchema } from "./schema";
export { statusPage } from "./status-page";
export type { Contract, Facts, Release, ReleaseAddition, RequiredStop } from "./schema";
