import assert from "node:assert/strict";
import { compare } from "semver";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { type Load, startLoad } from "../../../../sandbox/load/load";
import { type Configuration, Stack } from "../../../../sandbox/stack";
import { record } from "../helm";
import { endStackLock, Missed, title, upWith, type Kill } from "./kill";
import { hasNoJump, hasRows, reached } from "./laws";
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

/** Walks a path while one after the other dies: each target is reached, and no row, request or mark is lost. */
export function killsOn({ name, install, configuration, transitions, ...path }: Path): void {
  let instance: Instance;
  let stack: Stack;
  let load: Load | undefined;

  before(async () => {
    instance = await createInstance(name);
    stack = await Stack.create(name, instance, { version: install, ...(await configuration?.(instance)) });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    await instance.answers();
  });

  after(async () => {
    endOrphans();
    await load?.stop();
    await stack.remove();
    await instance.close();
  });

  for (const { target, configuration: change, runs, serves = true, goesBack = false } of transitions) {
    describe(`on the way to ${target}`, () => {
      let markBefore: string;

      before(async () => {
        markBefore = (await record(instance)).highWaterMark;
        load = await startLoad({ url: instance.url, requestsPerSecond: 50, maxSeconds: 3600 });
        stack.configure({ version: target, ...(await change?.(instance)) });
      });

      for (const kills of runs) {
        it(`goes on: ${kills.map(title).join(", ")}`, async () => {
          await upUntilHit(kills, stack, instance);
          const { highWaterMark } = await record(instance);
          assert.ok(goesBack || compare(highWaterMark, markBefore) >= 0, "the mark fell");
          if (kills.some(({ victim }) => victim === "pulumi")) await endStackLock(stack);
        });
      }

      it(`reaches it${serves ? ", with no failed request" : ""}${goesBack ? "" : ", with no lost row"}`, async () => {
        const up = await stack.up();
        const report = await load?.stop();
        load = undefined;
        assert.ok(up.ok, up.text);
        await reached(instance, target, goesBack ? target : markBefore);
        if (serves) assert.equal(report?.failed, 0, JSON.stringify(report?.examples));
        if (!goesBack) await hasRows(instance, report?.written ?? []);
        if (path.hasNoJump !== false) await hasNoJump(instance);
        const preview = await stack.preview({ args: ["--expect-no-changes"] });
        assert.ok(preview.ok, preview.text);
      });
    });
  }
}
