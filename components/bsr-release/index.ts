export { ArgumentError, defaultChart, type BsrReleaseArgs, type DataMigrationsArgs } from "./args";
export { BsrRelease } from "./bsr-release";
export type { Values, VersionedValues } from "./values";
export type { ReleaseAddition } from "../migrations/facts";
export type { Strategy } from "../migrations/planner";
