import assert from "node:assert/strict";
import type { ChartFiles } from "../../../sandbox/bsr/chart";

/** A text of a template, and what stands there instead. */
export type Edit = readonly [file: string, from: string, to: string];

/** Edits templates of a chart before it is published; every text has to be there. */
export function withEdits(...edits: readonly Edit[]): (files: ChartFiles) => void {
  return (files) => {
    for (const [file, from, to] of edits) {
      const path = `templates/${file}`;
      const before = files.get(path) ?? "";
      assert.ok(before.includes(from), `${path} has no ${from}`);
      files.set(path, before.replaceAll(from, to));
    }
  };
}
