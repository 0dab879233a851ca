import { strict as assert } from "node:assert";
import { runCommand } from "../../components/migrations/steps/command";

const node = (script: string): string[] => [process.execPath, "-e", script];
const { signal } = new AbortController();

describe("a command of the user's", () => {
  for (const timeout of [2 ** 31, 1e12, 1500.5, Infinity]) {
    it(`runs to its end with a time limit of ${timeout} ms`, async () => {
      const { status, lastLine } = await runCommand(node("console.log('done')"), { timeout, signal });
      assert.deepEqual({ status, lastLine }, { status: 0, lastLine: "done" });
    });
  }

  it("that hangs is ended when its time is over, and its last line is told with that", async () => {
    const script = "console.log('waiting for the backup'); setInterval(() => {}, 1000)";
    assert.deepEqual(await runCommand(node(script), { timeout: 1, signal }), {
      status: 1,
      isKilled: true,
      lastLine: "waiting for the backup (ended by SIGTERM, because its time was up)",
      answer: "waiting for the backup",
    });
  });

  it("that hangs in a program of its own is ended all the same", async () => {
    const { lastLine } = await runCommand(["sh", "-c", "sleep 30; true"], { timeout: 1, signal });
    assert.equal(lastLine, "ended by SIGTERM, because its time was up");
  }).timeout(10_000);

  it("is told of as a process while it runs, and goes on where nobody can be told", async () => {
    const pids: number[] = [];
    const started = (pid: number) => Promise.reject(new Error(`no record for ${pids.push(pid)}`));
    const { lastLine } = await runCommand(node("console.log(process.pid)"), {
      timeout: 60_000,
      signal,
      started,
    });
    assert.deepEqual(pids, [Number(lastLine)]);
  });

  it("that somebody else has killed did not run out of time", async () => {
    const { lastLine } = await runCommand(node("process.kill(process.pid, 'SIGKILL')"), {
      timeout: 60_000,
      signal,
    });
    assert.equal(lastLine, "ended by SIGKILL");
  });
});
