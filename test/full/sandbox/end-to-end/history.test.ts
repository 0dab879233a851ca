import assert from "node:assert/strict";
import type { HistoryEvent } from "../../../../cli/history/events";
import type { History } from "../../../../cli/history/history";
import type { Instance } from "../../../../sandbox/instance";
import type { Stack } from "../../../../sandbox/stack";
import { run } from "../../../cli/run";
import { ByHand } from "../../../sandbox/end-to-end/by-hand";
import { broken } from "../../../sandbox/end-to-end/broken";
import type { Mirror } from "../../../sandbox/end-to-end/mirror";

describe("bsr history of an instance that went up, failed, went on and came back", function () {
  this.timeout("15m");
  let instance: Instance;
  let mirror: Mirror;
  let stack: Stack;

  before(async () => {
    ({ instance, mirror, stack } = await broken("history", ["1.11.0", "1.12.1"], "1.13.0"));
    stack.configure({ version: "1.13.0" });
    const failing = await stack.up();
    assert.ok(!failing.ok, failing.text);
    await mirror.publish("1.13.0");
    await up();
    stack.configure({ version: "1.12.1" });
    await up();
    await new ByHand(instance).rollback(5);
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  async function up(): Promise<void> {
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
  }

  async function asked(...args: string[]): Promise<string> {
    const kubeconfig = instance.env["KUBECONFIG"] ?? "";
    const cluster = ["--kubeconfig", kubeconfig, "--namespace", instance.namespace];
    const { status, stdout, stderr } = await run(["history", ...cluster, ...args]);
    assert.deepEqual([status, stderr], [0, ""]);
    return stdout;
  }

  const told = async (...args: string[]) => JSON.parse(await asked("--json", ...args)) as History;

  const shapeOf = (event: HistoryEvent) =>
    event.kind === "deploy"
      ? `${event.version} ${event.result} at ${event.revision}, schema ${event.schemaVersion?.number ?? "untold"}`
      : event.kind === "migrate-down"
        ? `down from ${event.from} to ${event.to} with ${event.binary}`
        : event.kind;

  it("tells each transition with its way, its end and its deploys", async () => {
    const { transitions, recorded, live } = await told();
    assert.ok(recorded);
    assert.deepEqual(live, { version: "1.12.1", revision: 6, verified: false });
    assert.deepEqual(
      transitions.map(({ number, from, to, state, takenUpBy }) => [number, from, to, state, takenUpBy]),
      [
        [1, null, "1.11.0", "done", null],
        [2, "1.11.0", "1.13.0", "failed", 3],
        [3, "1.12.1", "1.13.0", "done", null],
        [4, "1.13.0", "1.12.1", "done", null],
      ],
    );
    assert.deepEqual(
      transitions.map(({ events }) => events.map(shapeOf)),
      [
        ["1.11.0 verified at 1, schema 298"],
        ["1.12.1 verified at 2, schema 299", "1.13.0 failed at 3, schema untold"],
        ["1.13.0 verified at 4, schema 301"],
        ["1.12.1 verified at 5, schema 301", "down from 301 to 299 with 1.13.0"],
      ],
    );
    for (const { stack: by, began, ended } of transitions) {
      assert.equal(by, `bsr/${stack.name}`);
      assert.ok(Date.parse(began ?? "") < Date.parse(ended ?? ""), `${began} to ${ended}`);
    }
  });

  it("says why a hop failed, and keeps nothing of what its pods have logged", async () => {
    const { transitions } = await told("--transition", "2");
    const failed = transitions[0]?.events.at(-1);
    assert.ok(failed?.kind === "deploy");
    assert.match(failed.why ?? "", /^1\.13\.0 was deployed but not verified: its pods cannot become ready/);
    assert.match(failed.why ?? "", /\nbufd-\S+: (ImagePullBackOff|ErrImagePull)/);
    assert.ok(Date.parse(failed.at) < Date.parse(failed.ended ?? ""));
  });

  it("tells apart what somebody did by hand", async () => {
    const { others } = await told();
    assert.deepEqual(
      others.map((event) => (event.kind === "by-hand" ? [event.version, event.revision] : event.kind)),
      [["1.12.1", 6]],
    );
  });

  it("reads the same for a person, and ends with where the instance stands", async () => {
    const text = await asked();
    console.log(text);
    assert.match(text, /\nTransition 2: 1\.11\.0 to 1\.13\.0, FAILED after .+; taken up by transition 3\n/);
    assert.match(
      text,
      /Z {3}FAILED {4}deploy 1\.13\.0, revision 3, after .+\n +1\.13\.0 was deployed but not/,
    );
    assert.match(text, /\nNow: 1\.12\.1 at revision 6, not verified; npx --no bsr status --namespace /);
  });

  it("draws a transition", async () => {
    const text = await asked("--mermaid", "--transition", "4");
    console.log(text);
    assert.match(text, /^gantt\n {2}title .+ transition 4 - 1\.13\.0 to 1\.12\.1 - times in UTC\n/);
    assert.match(
      text,
      /\n {2}section Deploys\n {4}deploy 1\.12\.1 - .+ :done, \S+, \S+\n {2}section Database\n/,
    );
  });
});
