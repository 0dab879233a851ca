import assert from "node:assert/strict";
import { ask, planned, refusalCodes, short, title, type Question } from "./asking";

/** A path that is planned: its steps in short, and what else the row is about. */
export interface PlanRow extends Question {
  readonly steps: readonly string[];
  readonly direction?: string;
  readonly ownerAfter?: string;
  readonly markAfter?: string;
  readonly warnings?: readonly string[];
  readonly because: string;
}

/** A path that is refused, with every code and no other. */
export interface RefusalRow extends Question {
  readonly codes: readonly string[];
  readonly because: string;
}

export function planTable(rows: readonly PlanRow[]): void {
  for (const row of rows) {
    it(`plans ${title(row)}: ${row.because}`, () => {
      const plan = planned(ask(row));
      const found: Record<string, unknown> = { steps: plan.steps.map(short) };
      const wanted: Record<string, unknown> = { steps: row.steps };
      const compare = (name: keyof PlanRow, value: unknown) => {
        if (row[name] === undefined) return;
        found[name] = value;
        wanted[name] = row[name];
      };
      compare("direction", plan.direction);
      compare("ownerAfter", plan.schemaOwner);
      compare("markAfter", plan.highWaterMark);
      compare(
        "warnings",
        plan.warnings.map(({ code }) => code),
      );
      assert.deepEqual(found, wanted);
    });
  }
}

export function refusalTable(rows: readonly RefusalRow[]): void {
  for (const row of rows) {
    it(`refuses ${title(row)}: ${row.because}`, () => {
      assert.deepEqual(refusalCodes(row), row.codes);
    });
  }
}
