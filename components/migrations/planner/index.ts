export { notesOnTheWay, releasesOnTheWay } from "./notes";
export { describeSteps, type StepDescription } from "./describe";
export { makePlan } from "./make-plan";
export { deployed, migratesDown } from "./moves";
export { firstRun } from "./run-limit";
export { restoredPattern, restoredTo } from "./restored";
export { parseExact } from "./versions";
export type {
  Direction,
  Finished,
  GivenValue,
  Outcome,
  Plan,
  Position,
  Refusal,
  Refused,
  Request,
  Snapshot,
  Step,
  Strategy,
  Warning,
} from "./types";
