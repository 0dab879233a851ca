import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { isEncrypted, TestStack, whichPlugin, type Run } from "./stack";

/** One stack through which a program goes in a few versions, as a run of the engine takes seconds. */
describe("the Command plugin", function () {
  this.timeout(60_000);
  let stack: TestStack;
  const file = (name: string) => join(stack.folder, name);
  const lines = (name: string) => readFileSync(file(name), "utf8").trim().split(/ *\n/);
  const say = (what: string, to: string) =>
    `echo "${what} $PULUMI_COMMAND_STDOUT" >> ${file(to)}; echo ${what}`;

  before(async () => {
    console.log(`      on the ${whichPlugin("command")}`);
    stack = await TestStack.open("command");
    writeFileSync(file("program.js"), "console.log(process.argv[2], process.cwd(), process.env.A);");
  });
  after(() => stack.close());

  /** What the program of a run could read in it. */
  let known: Record<string, unknown> = {};
  const note = (name: string, value: pulumi.Output<unknown>) => void value.apply((is) => (known[name] = is));

  const first: PulumiFn = () => {
    const seen = new local.Command("seen", { create: say("seen", "seen"), environment: { A: "1" } });
    note("create", seen.create);
    note("environment", seen.environment);
    note("stdout", seen.stdout);
    new local.Command("shell", {
      create: "cat; echo $A; echo no >&2",
      stdin: "in ",
      environment: { A: "1" },
      logging: "none",
    });
    new local.Command("program", {
      create: "two words",
      interpreter: ["node", "program.js"],
      dir: stack.folder,
      environment: { A: "2" },
      logging: "none",
    });
    new local.Command("nothing", { update: "false" });
    new local.Command("loud", { create: "echo first; sleep 1.2; echo second >&2" });
    new local.Command("half", { create: "echo said; echo unsaid >&2", logging: "stdout" });
    new local.Command("changing", { create: say("one", "changing") });
    new local.Command("updating", { create: "echo one", update: say("update", "updating") });
    new local.Command("deleting", { create: "echo one", update: say("update", "updating"), delete: "true" });
    new local.Command("forgetful", { create: say("one", "forgetful"), addPreviousOutputInEnv: false });
    new local.Command("ignoring", { create: "echo one", stdin: "1" }, { ignoreChanges });
    new local.Command("triggered", triggered("1"));
    new local.Command("removed", {
      create: "echo out",
      delete: `echo $PULUMI_COMMAND_STDOUT > ${file("removed")}`,
    });
    new local.Command("dropped", { create: "true" });
    new local.Command("secret", secret, { additionalSecretOutputs: ["stdout"] });
    new local.Command("revealing", secret);
    return Promise.resolve();
  };

  const second: PulumiFn = () => {
    const seen = new local.Command("seen", { create: say("changed", "seen"), environment: { A: "1" } });
    note("create", seen.create);
    note("stdout", seen.stdout);
    note("same", new local.Command("nothing", { update: "false" }).stdout);
    new local.Command("changing", { create: say("two", "changing") });
    new local.Command("updating", {
      create: "echo one",
      update: say("update", "updating"),
      environment: { A: "new" },
    });
    new local.Command("deleting", {
      create: "echo one",
      update: say("update", "updating"),
      delete: "false; true",
    });
    new local.Command("forgetful", { create: say("two", "forgetful"), addPreviousOutputInEnv: false });
    new local.Command(
      "ignoring",
      { create: "echo 2", stdin: "2", environment: { A: "1" } },
      { ignoreChanges },
    );
    new local.Command("triggered", triggered("2"));
    return Promise.resolve();
  };

  const ignoreChanges = ["create", "stdin", "environment"];
  const triggered = (trigger: string): local.CommandArgs => ({
    create: `echo create ${trigger} >> ${file("triggered")}; echo ${trigger}`,
    delete: `echo delete $A $PULUMI_COMMAND_STDOUT >> ${file("triggered")}`,
    environment: { A: trigger },
    triggers: ["always", trigger],
  });
  const secret: local.CommandArgs = {
    create: "cat",
    stdin: pulumi.secret("pa55word"),
    environment: { TOKEN: pulumi.secret("t0ken"), OPEN: "open" },
    logging: "none",
  };

  describe("previewing", () => {
    it("runs nothing: inputs are known, output is not", async () => {
      known = {};
      const run = await stack.preview(first);
      assert.equal(run.failed, "");
      assert.equal(run.steps.seen, "create");
      assert.deepEqual(known, { create: say("seen", "seen"), environment: { A: "1" } });
      assert.equal(existsSync(file("seen")), false);
    });
  });

  describe("creating", () => {
    let run: Run;
    before(async () => {
      run = await stack.up(first);
      assert.equal(run.failed, "");
    });
    const output = (name: string) => [stack.entry(name)?.outputs.stdout, stack.entry(name)?.outputs.stderr];

    it("gives a command its interpreter, input, environment and folder, and keeps what it prints", () => {
      assert.deepEqual(output("shell"), ["in 1", "no"]);
      assert.deepEqual(output("program"), [`two words ${stack.folder} 2`, ""]);
      assert.deepEqual(output("nothing"), ["", ""]);
      assert.match(stack.entry("shell")?.id ?? "", /^shell[0-9a-f]{8,}$/);
    });

    it("shows lines while a command runs, as far as logging says", () => {
      const shown = run.live.map(({ line }) => line);
      assert.deepEqual(
        shown.filter((line) => ["first", "second", "said", "unsaid", "no"].includes(line)).toSorted(),
        ["first", "said", "second"],
      );
      const at = (text: string) => run.live.find(({ line }) => line === text)?.at ?? NaN;
      assert.ok(at("second") - at("first") > 800, "the first line came before the command had ended");
      assert.match(run.printed, /loud creating .* first\n[^]*loud creating .* second\n/);
    });

    it("keeps secret inputs secret in the state, and output as the program says", () => {
      assert.doesNotMatch(stack.stateText(), /t0ken/);
      const { inputs, outputs } = stack.entry("secret") ?? assert.fail();
      assert.deepEqual([inputs.stdin, outputs.stdin, outputs.stdout].map(isEncrypted), [true, true, true]);
      assert.equal((outputs.environment as Record<string, unknown>).OPEN, "open");
      assert.equal(stack.entry("revealing")?.outputs.stdout, "pa55word");
    });

    it("is done once: nothing more to do then, and a refresh changes nothing", async () => {
      const before = ["seen", "shell"].map((name) => stack.entry(name)?.outputs);
      assert.equal((await stack.refresh()).failed, "");
      assert.deepEqual(
        ["seen", "shell"].map((name) => stack.entry(name)?.outputs),
        before,
      );
      known = {};
      const again = await stack.preview(first);
      assert.deepEqual(new Set(Object.values(again.steps)), new Set(["same"]));
      assert.equal(known.stdout, "seen");
    });
  });

  describe("changing", () => {
    it("is an update in the preview, with its output unknown", async () => {
      known = {};
      const run = await stack.preview(second);
      assert.deepEqual([run.steps.seen, run.diffs.seen], ["update", { create: "update" }]);
      assert.deepEqual(run.diffs.updating, { environment: "add" });
      assert.deepEqual([run.steps.triggered, run.steps.removed], ["replace", "delete"]);
      assert.deepEqual(known, { create: say("changed", "seen"), same: "" });
      assert.deepEqual(lines("seen"), ["seen"]);
    });

    describe("in an up", () => {
      let run: Run;
      let id: string | undefined;
      before(async () => {
        id = stack.entry("triggered")?.id;
        run = await stack.up(second);
        assert.equal(run.failed, "");
      });

      it("runs `create` again, with the earlier output in its environment unless that is off", () => {
        assert.deepEqual(lines("changing"), ["one", "two one"]);
        assert.deepEqual(lines("forgetful"), ["one", "two"]);
        assert.equal(stack.entry("changing")?.outputs.stdout, "two");
      });

      it("runs `update` instead where it is given, also when only the text of `delete` changed", () => {
        assert.deepEqual([run.steps.updating, run.steps.deleting], ["update", "update"]);
        assert.deepEqual(lines("updating"), ["update one", "update one"]);
      });

      it("runs nothing where the change is ignored", () => {
        assert.equal(run.steps.ignoring, "same");
        assert.equal(stack.entry("ignoring")?.outputs.stdout, "one");
      });

      it("replaces on a changed trigger: creates first, then deletes with the old inputs and output", () => {
        assert.equal(run.steps.triggered, "replace");
        assert.notEqual(stack.entry("triggered")?.id, id);
        assert.deepEqual(lines("triggered"), ["create 1", "create 2", "delete 1 1"]);
      });

      it("runs `delete` of what the program has no more, and nothing where there is none", () => {
        assert.deepEqual([run.steps.removed, run.steps.dropped], ["delete", "delete"]);
        assert.deepEqual(lines("removed"), ["out"]);
      });
    });
  });

  describe("a command that fails", () => {
    const text = `echo "it's bad" >&2; test -e ./now-good || exit 3`;
    const failing: PulumiFn = () => {
      const good = new local.Command("good", { create: "true" });
      const bad = new local.Command("bad", { create: text, dir: stack.folder }, { dependsOn: good });
      new local.Command("after", { create: "true" }, { dependsOn: bad });
      new local.Command("long", { create: "seq 20000; exit 1", logging: "none" });
      new local.Command("missing", { create: "x", interpreter: ["no-such-program"] });
      new local.Command("changing", { create: "test -e ./now-good || exit 1", dir: stack.folder });
      return Promise.resolve();
    };
    let run: Run;
    before(async () => {
      run = await stack.up(failing, { continueOnError: true });
    });

    it("tells its exit status, its text and what it printed", () => {
      const quoted = `"echo \\"it's bad\\" >&2; test -e ./now-good || exit 3"`;
      assert.ok(run.failed.includes(`exit status 3: running ${quoted}:\n    it's bad\n`), run.failed);
      assert.match(run.failed, /exit status 1: running "seq 20000; exit 1":\n\s*1\n[^]*\n\s*20000\n/);
      assert.match(run.failed, /exec: "no-such-program": executable file not found in \$PATH: running "x":/);
    });

    it("is not in the state, and what depends on it is not started", () => {
      const names = ["good", "bad", "after", "long", "missing"];
      assert.deepEqual(
        names.filter((name) => stack.entry(name)),
        ["good"],
      );
    });

    it("keeps its old inputs in the state when it was an update", () => {
      assert.equal(stack.entry("changing")?.inputs.create, say("two", "changing"));
    });

    it("runs again in the next up, and what follows it too", async () => {
      writeFileSync(file("now-good"), "");
      const again = await stack.up(failing, { continueOnError: true });
      assert.deepEqual(
        ["good", "bad", "after", "changing"].map((name) => again.steps[name]),
        ["same", "create", "create", "update"],
      );
      assert.equal(stack.entry("bad")?.outputs.stderr, "it's bad");
    });
  });

  describe("a command that runs", () => {
    it("is killed at once when the engine is cancelled, and then is not in the state", async () => {
      const script = `const { writeFileSync } = require("node:fs");
        for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => writeFileSync("asked", signal));
        setInterval(() => writeFileSync("alive", String(Date.now())), 50);
        setTimeout(() => process.exit(), 20_000);`;
      writeFileSync(file("stubborn.js"), script);
      const cancel = new AbortController();
      const running = stack.up(
        () => {
          new local.Command("stubborn", {
            create: "x",
            interpreter: ["node", "stubborn.js"],
            dir: stack.folder,
          });
          return Promise.resolve();
        },
        { signal: cancel.signal },
      );
      while (!existsSync(file("alive"))) await sleep(50);
      const at = Date.now();
      cancel.abort();
      const { failed } = await running;
      assert.match(failed, /signal: killed: running "x":/);
      assert.ok(Date.now() - at < 10_000, "nobody waited for the command to end by itself");
      assert.equal(existsSync(file("asked")), false, "it was killed, not asked to end");
      await sleep(200);
      assert.ok(Number(readFileSync(file("alive"), "utf8")) < Date.now() - 150, "it is gone");
      assert.equal(stack.entry("stubborn"), undefined);
    });
  });

  describe("destroying", () => {
    it("runs `delete` with what the state has", async () => {
      writeFileSync(file("triggered"), "");
      assert.equal((await stack.up(second)).failed, "");
      writeFileSync(file("triggered"), "");
      assert.equal((await stack.destroy()).failed, "");
      assert.deepEqual(lines("triggered"), ["delete 2 2"]);
    });
  });
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
