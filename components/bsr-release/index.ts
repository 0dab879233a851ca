/** What a program imports. Its types use only the files that package.json names. */
export { ArgumentError } from "./args/argument-error";
export type * from "./args/types";
export { BsrRelease } from "./bsr-release";
export type { SnapshotSummary } from "../migrations/cluster/record/snapshot-summary";
export { defaultChart } from "../migrations/facts/chart";
