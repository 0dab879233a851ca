import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { endCutOffRestore } from "../../components/migrations/steps/restore/cut-off";
import { restore } from "../../components/migrations/steps/restore/restore";
import type { CommandInput } from "../../components/migrations/steps/snapshots/input";
import { failureOf, pgDump, Restoration } from "./restoring";

const kept = "bsr_before_restore_0103000000";
const answers = (answer: object) => [
  process.execPath,
  "-e",
  `console.log(${JSON.stringify(JSON.stringify(answer))})`,
];
const command: CommandInput = {
  kind: "command",
  ...{ take: ["true"], check: ["true"], restore: answers({ kept: "before", schemaVersion: 239 }) },
  ...{ intervalSeconds: 1, timeoutSeconds: 60 },
};

describe("after a restore that was cut off", () => {
  let instance: Restoration;

  beforeEach(async () => {
    instance = new Restoration();
    await instance.start();
  });

  afterEach(() => instance.stop());

  const switchedOver = (is: boolean) => {
    instance.comesTo = (work, { KEPT }) =>
      work === "ask"
        ? [0, `result: {"switchedOver":${is && KEPT === kept}}`]
        : [0, 'result: {"kept":"k","schemaVersion":239}'];
  };
  const replicas = () => instance.deployment.spec?.replicas;
  const restores = () => instance.record.restores.map(({ snapshot, kept: where }) => `${snapshot}: ${where}`);

  describe("a step that restores nothing", () => {
    it("goes on where it had not switched over, once its Job has ended", async () => {
      instance.isCutOff({ kept });
      switchedOver(false);
      instance.cluster.keep("apis/batch/v1/namespaces/bsr/jobs", { metadata: { name: "bsr-snapshot" } });
      instance.cluster.runsJob("bsr-snapshot");
      await endCutOffRestore(instance.context().context);
      assert.deepEqual([instance.jobs, restores()], [["ask"], []]);
      const asked = instance.cluster.asked;
      assert.ok(
        asked.indexOf("DELETE jobs/bsr-snapshot") < asked.indexOf("POST bsr/jobs"),
        "ended before it is asked",
      );
    });

    it("stops where it had, puts that on record, and tells both ways on", async () => {
      instance.isCutOff({ kept });
      switchedOver(true);
      const { what, left, remedy } = await failureOf(endCutOffRestore(instance.context().context));
      assert.equal(
        what,
        "the restore of one was cut off, but had switched over: the database is the snapshot's now, and what was there " +
          `before is kept as database ${kept}`,
      );
      assert.match(left, /^nothing was deployed, and every pod stays stopped/);
      assert.match(remedy, /set version to 1\.2\.0 \(restore: one may stay\)/);
      assert.match(remedy, /set restoredTo to its "<version>,<schema version>"/);
      const { schemaOwner, highWaterMark, verified, restores: done, lineage, transition } = instance.record;
      assert.deepEqual([schemaOwner, highWaterMark, verified], ["1.2.0", "1.2.0", null]);
      assert.deepEqual([lineage, transition], [2, 2]);
      const { at, ...first } = done[0] ?? { at: "" };
      assert.ok(at > "2026-01-03");
      assert.deepEqual(first, {
        ...{ snapshot: "one", transition: 2, revision: 2, stoppedAt: "2026-01-03T00:00:00Z" },
        kept: `database ${kept}`,
      });
    });

    it("goes on with the next run: it is on record", async () => {
      instance.isCutOff({ kept });
      switchedOver(true);
      await failureOf(endCutOffRestore(instance.context().context));
      await endCutOffRestore(instance.context().context);
      assert.deepEqual(instance.jobs, ["ask"]);
    });

    for (const [what, method] of [
      ["no method", null],
      ["a method that has no connection", command],
    ] as const) {
      it(`stops where ${what} is given that could ask the database server`, async () => {
        instance.isCutOff({ kept });
        const { what: why, remedy } = await failureOf(endCutOffRestore(instance.context(method).context));
        assert.match(
          why,
          /^nobody knows whether the restore of one has switched over: without snapshot\.pgDump/,
        );
        assert.match(remedy, /^set snapshot\.pgDump as it was/);
      });
    }

    it("has nothing to ask where no Job was begun, or none was cut off", async () => {
      await endCutOffRestore(instance.context(null).context);
      instance.isCutOff();
      await endCutOffRestore(instance.context(null).context);
      assert.deepEqual(instance.jobs, []);
    });
  });

  describe("the step that restores", () => {
    it("has nothing left to do where it was the same snapshot, and had switched over", async () => {
      instance.isCutOff({ kept });
      switchedOver(true);
      await restore(instance.context().context, instance.step("one"));
      assert.deepEqual([instance.jobs, restores()], [["ask"], [`one: database ${kept}`]]);
      assert.equal(instance.record.restoring?.snapshot, "one", "its pods are still to be started");
    });

    it("puts another snapshot's on record, and goes on", async () => {
      instance.isCutOff({ kept });
      switchedOver(true);
      await restore(instance.context().context, instance.step("other"));
      assert.deepEqual(instance.jobs, ["ask", "check", "restore"]);
      assert.deepEqual(restores(), [`one: database ${kept}`, "other: k"]);
    });

    it("restores from the start where it had not", async () => {
      instance.isCutOff({ kept });
      switchedOver(false);
      await restore(instance.context().context, instance.step("one"));
      assert.deepEqual([instance.jobs, restores(), replicas()], [["ask", "check", "restore"], ["one: k"], 0]);
    });
  });

  describe("by a command", () => {
    const byCommand = () => instance.step("by-command", command);
    const ended = () => spawnSync(process.execPath, ["-e", "0"]).pid;
    const isCutOff = (host: string, pid?: number) =>
      instance.isCutOff({ snapshot: "by-command", command: { host, ...(pid === undefined ? {} : { pid }) } });

    it("is known of while it runs, by its machine and process", async () => {
      const seen: unknown[] = [];
      const { after } = instance.cluster;
      instance.cluster.after = (asked) => {
        after(asked);
        if (asked.method === "PUT" && asked.path.includes("configmaps"))
          seen.push(instance.record.restoring?.command);
      };
      await restore(instance.context(command).context, byCommand());
      const [, host, process] = seen as [
        unknown,
        { host: string; pid?: number },
        { host: string; pid?: number },
      ];
      assert.deepEqual(host, { host: hostname() });
      assert.equal(process.host, hostname());
      assert.equal(typeof process.pid, "number");
    });

    it("is waited for while it lives, which is said, and is run once more then", async () => {
      const lives = spawn("sleep", ["60"]);
      isCutOff(hostname(), lives.pid);
      const { context, said } = instance.context(command);
      const step = restore(context, byCommand());
      await sleep(1500);
      assert.match(
        said.join("\n"),
        new RegExp(`is still at work, as process ${lives.pid}: waiting until it ends`),
      );
      assert.deepEqual(restores(), []);
      lives.kill("SIGKILL");
      await step;
      assert.deepEqual(restores(), ["by-command: before"]);
    });

    it("of another machine stops the run once, with what to look at", async () => {
      isCutOff("elsewhere", 7);
      const { what, remedy } = await failureOf(restore(instance.context(command).context, byCommand()));
      assert.match(
        what,
        /its command was begun on elsewhere as process 7 at 2026-01-03T00:00:00Z, and nobody heard how it ended$/,
      );
      assert.match(
        remedy,
        /^Check that the command has ended on elsewhere\. Check which database is there\./,
      );
      await restore(instance.context(command).context, byCommand());
      assert.deepEqual(restores(), ["by-command: before"]);
    });

    it("that was about to begin is not known to have ended either", async () => {
      isCutOff(hostname());
      await failureOf(restore(instance.context(command).context, byCommand()));
    });

    it("and is wanted no more, stops the run once: only a person can tell which database is there", async () => {
      isCutOff(hostname(), ended());
      const { what, left, remedy } = await failureOf(endCutOffRestore(instance.context(command).context));
      assert.match(what, /^nobody knows whether the restore of by-command has switched over/);
      assert.match(left, /^every pod stays stopped/);
      assert.match(
        remedy,
        /^Check which database is there\. If it is the one from before: run pulumi up again/,
      );
      await endCutOffRestore(instance.context(command).context);
    });

    it("that has succeeded with no answer to use leaves the pods stopped", async () => {
      const mute = { ...command, restore: ["true"] };
      const { what, left } = await failureOf(
        restore(instance.context(mute).context, instance.step("by-command", mute)),
      );
      assert.match(what, /^nobody knows whether .* is not a JSON object with "kept" and "schemaVersion"/);
      assert.match(left, /^every pod stays stopped/);
      assert.equal(replicas(), 0);
      await endCutOffRestore(instance.context(mute).context);
    });

    it("that has failed has not switched over: the pods are started again", async () => {
      const fails = { ...command, restore: ["false"] };
      await failureOf(restore(instance.context(fails).context, instance.step("by-command", fails)));
      assert.deepEqual([replicas(), instance.record.restoring], [2, null]);
    });
  });

  it("is settled by the step program before any step that is not about it", async () => {
    instance.isCutOff({ kept });
    instance.cluster.drop("leases/bsr-transition");
    const { setting, connection } = instance.context(null).context;
    const expectation = { schemaVersion: 300, statusPage: true, keepsSchema: false, maintenance: false };
    const begin = { ...expectation, acceptUnhealthy: [], timeoutSeconds: 60, digest: null, down: null };
    const gate = {
      kind: "gate",
      version: "1.12.1",
      ...begin,
      plannedAtRevision: 2,
      after: null,
      takesOver: false,
    };
    const program = ["-r", "ts-node/register/transpile-only", "components/migrations/steps/main.ts", "begin"];
    const child = spawn(process.execPath, program, { stdio: ["pipe", "ignore", "pipe"] });
    child.stdin.end(JSON.stringify({ setting: { ...setting, ...connection }, step: gate }));
    assert.match(await text(child.stderr), /nobody knows whether the restore of one has switched over/);
    assert.deepEqual(instance.record.attempts, [], "nothing was begun");
  }).timeout(30_000);

  it("is told which method it was by: another one is not even begun", async () => {
    const { what } = await failureOf(
      restore(instance.context().context, instance.step("by-command", pgDump)),
    );
    assert.match(what, /it was taken with snapshot\.command, and snapshot\.pgDump is given/);
  });
});
