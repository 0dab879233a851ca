export { ArgumentError, defaultChart } from "./args";
export type * from "./args/types";
export { BsrRelease } from "./bsr-release";
export type { Values } from "./values";
export type { SnapshotSummary } from "../migrations/cluster/snapshot-summary";
export type { ReleaseAddition } from "../migrations/facts";
export type { Strategy } from "../migrations/planner";
