import assert from "node:assert/strict";
import { compare } from "semver";
import { forgetRefused } from "../../../../sandbox/answers";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { type Load, startLoad } from "../../../../sandbox/load/load";
import { type Configuration, Stack } from "../../../../sandbox/stack";
import { record } from "../helm";
import { endStackLock, Missed, title, upWith, type Kill } from "./kill";
import { hasNoJump, hasRows, reached, rowsOf, wentBack } from "./laws";
import { endOrphans } from "./processes";

export interface Transition {
  readonly target: string;
  /** What the stack's configuration gets besides the version. */
  readonly configuration?: (instance: Instance) => Configuration | Promise<Configuration>;
  /** Who dies in one `up` after the other; each goes on where the one before died. */
  readonly runs: readonly (readonly Kill[])[];
  /** Whether clients are served all the time: not so in maintenance and in a restore. @default true */
  readonly serves?: boolean;
  /** A restore: mark and rows are the snapshot's afterwards. @default false */
  readonly goesBack?: boolean;
}

export interface Path {
  readonly name: string;
  readonly install: string;
  readonly configuration?: (instance: Instance) => Configuration | Promise<Configuration>;
  readonly transitions: readonly Transition[];
  /** Whether Helm's history goes from minor to minor. @default true */
  readonly hasNoJump?: boolean;
}

/** Some moments are over in the blink of an eye. */
const tries = 4;

async function upUntilHit(kills: readonly Kill[], stack: Stack, instance: Instance): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      await upWith(kills, stack, instance);
      return;
    } catch (error) {
      if (!(error instanceof Missed) || tried === tries) throw error;
    }
  }
}

/** What a path has shown, for the docs. */
interface Figures {
  kills: number;
  /** How often Pulumi was killed while it wrote its state. */
  brokenStates: number;
  requests: number;
  /** Where clients are served all the time. */
  failed: number;
  written: number;
  found: number;
}

/** Walks a path while one after the other dies: each target is reached, and no row, request or mark is lost. */
export function killsOn({ name, install, configuration, transitions, ...path }: Path): void {
  let instance: Instance;
  let stack: Stack;
  let load: Load | undefined;
  /** The rows that the newest snapshot has at least: a way up takes one before it deploys anything. */
  let saved: ReadonlySet<string>;
  const figures: Figures = { kills: 0, brokenStates: 0, requests: 0, failed: 0, written: 0, found: 0 };

  before(async () => {
    instance = await createInstance(name);
    stack = await Stack.create(name, instance, { version: install, ...(await configuration?.(instance)) });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    await instance.answers();
  });

  after(async () => {
    const { kills, brokenStates, requests, failed, written, found } = figures;
    process.stdout.write(
      `figures of ${name}: ${kills} kills, ${brokenStates} of them left a broken state file; ` +
        `${requests} requests, ${failed} failed where clients are served all the time; ${written} rows written, ${found} found\n`,
    );
    endOrphans();
    await load?.stop();
    await stack.remove();
    await instance.close();
  });

  for (const [index, transition] of transitions.entries()) {
    const { target, configuration: change, runs, serves = true, goesBack = false } = transition;
    describe(`on the way to ${target}`, () => {
      let mark: string;
      let rowsBefore: ReadonlySet<string>;
      let since: string;

      before(async () => {
        mark = (await record(instance)).highWaterMark;
        since = await writeRow(instance, `before transition ${index}`);
        rowsBefore = await rowsOf(instance);
        if (!goesBack) saved = rowsBefore;
        await forgetRefused(instance.url);
        load = await startLoad({ url: instance.url, requestsPerSecond: 50, maxSeconds: 3600 });
        stack.configure({ version: target, ...(await change?.(instance)) });
      });

      /** The mark never falls, but with a restore to that of the snapshot. */
      async function keepsMark(): Promise<void> {
        const { highWaterMark } = await record(instance);
        const isRestored = goesBack && highWaterMark === target;
        assert.ok(
          isRestored || compare(highWaterMark, mark) >= 0,
          `the mark fell from ${mark} to ${highWaterMark}`,
        );
        mark = highWaterMark;
      }

      for (const kills of runs) {
        it(`goes on: ${kills.map(title).join(", ")}`, async () => {
          await upUntilHit(kills, stack, instance);
          figures.kills += kills.length;
          await keepsMark();
          const isLocked = kills.some(({ victim }) => victim === "pulumi");
          if (isLocked && (await endStackLock(stack))) figures.brokenStates += 1;
        });
      }

      it(`reaches it${serves ? ", with no failed request" : ""}, with no lost row`, async () => {
        const up = await stack.up();
        const report = await load?.stop();
        load = undefined;
        assert.ok(up.ok, up.text);
        await keepsMark();
        await reached(instance, target, mark);
        const { requests = 0, failed = 0, written = [] } = report ?? {};
        figures.requests += requests;
        if (serves) figures.failed += failed;
        if (serves) assert.equal(failed, 0, JSON.stringify(report?.examples));
        figures.written += written.length;
        figures.found += goesBack
          ? await wentBack(instance, { saved, before: rowsBefore, since, written })
          : await hasRows(instance, written);
        if (path.hasNoJump !== false) await hasNoJump(instance);
        const preview = await stack.preview({ args: ["--expect-no-changes"] });
        assert.ok(preview.ok, preview.text);
      });
    });
  }
}

/** Writes a row as nobody else does; answers it as `rowsOf` does. */
async function writeRow(instance: Instance, name: string): Promise<string> {
  const sql = "INSERT INTO modules (name, content) VALUES ($1, '') RETURNING id || ' ' || name AS row";
  const [written] = await instance.query<{ row: string }>(sql, [name]);
  assert.ok(written !== undefined);
  return written.row;
}
