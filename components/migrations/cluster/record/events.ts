import { valid } from "semver";
import { z } from "zod";
import type { TransitionRecord } from "./record";

/**
 * Events that nothing else on record shows. They are kept for `bsr history` alone: no plan and no step reads them. So an
 * event that cannot be read, for example because a newer package wrote it, is skipped.
 */
const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)));
const version = z.string().refine((text) => valid(text) !== null);

/** A transition's preflight has passed: nothing is deployed yet. */
const begunSchema = z.object({
  kind: z.literal("begun"),
  transition: z.number(),
  lineage: z.number(),
  at: time,
  stack: z.string(),
  /** The version that was deployed; `null` when nothing was. */
  from: version.nullable(),
  /** Where the transition ends. */
  to: version,
});

/** A step failed. */
const failedSchema = z.object({
  kind: z.literal("failed"),
  transition: z.number(),
  at: time,
  /** The kind of the step. */
  step: z.string(),
  version,
  /** What happened, as the run printed it, without the logs of pods. */
  why: z.string(),
});

/** The database was migrated down. */
const migratedDownSchema = z.object({
  kind: z.literal("migratedDown"),
  transition: z.number(),
  begun: time,
  at: time,
  /** The release that has owned the database since. */
  version,
  /** The schema owner, whose binary did it. */
  binary: version,
  /** The schema version before; `null` if it could not be read. */
  from: z.number().nullable(),
  to: z.number(),
});

/** A transition's last verification has passed. */
const doneSchema = z.object({ kind: z.literal("done"), transition: z.number(), at: time, version });

const eventSchema = z.discriminatedUnion("kind", [begunSchema, failedSchema, migratedDownSchema, doneSchema]);

export type RecordEvent = z.infer<typeof eventSchema>;

/** The number of events kept: more than those of the attempts that are kept. */
const eventsKept = 200;

/** Adds an event to the record; the oldest are dropped. */
export function withEvent(record: TransitionRecord, event: RecordEvent): TransitionRecord {
  return { ...record, events: [...record.events, event].slice(-eventsKept) };
}

/** Returns the events on record, oldest first. */
export function eventsOf({ events }: Pick<TransitionRecord, "events">): RecordEvent[] {
  return events.flatMap((event) => eventSchema.safeParse(event).data ?? []);
}

/** Returns the record once a transition's last verification has passed; it passes again when only values change later. */
export function withDone(
  record: TransitionRecord,
  done: Omit<Extract<RecordEvent, { kind: "done" }>, "kind">,
): TransitionRecord {
  const own = eventsOf(record).filter(({ transition }) => transition === done.transition);
  const isNew = own.some(({ kind }) => kind === "begun") && !own.some(({ kind }) => kind === "done");
  return isNew ? withEvent(record, { kind: "done", ...done }) : record;
}
