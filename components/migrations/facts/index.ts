export { FactsError, withAdditions, withLearnedSchemaVersions } from "./additions";
export { builtInFacts, statusPage } from "./built-in";
export { bufdContainer, defaultChart } from "./chart";
export { contractSchema, exactVersion, releaseSchema, requiredStopSchema } from "./schema";
export type { Contract, Facts, Release, ReleaseAddition, RequiredStop } from "./schema";
