import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { hasDied, thisRun } from "../../components/migrations/cluster/run/local-run";

describe("a run of this machine", () => {
  const ended = () => ({ host: hostname(), pid: spawnSync(process.execPath, ["-e", "0"]).pid });

  it("has not died while its process is there", () => {
    assert.deepEqual(thisRun(), { host: hostname(), pid: process.ppid });
    assert.equal(hasDied(thisRun(), "some-release"), false);
  });

  it("has died once its process is gone", () => {
    assert.equal(hasDied(ended(), "some-release"), true);
  });

  it("is not known to have died where it was on another machine", () => {
    assert.equal(hasDied({ ...ended(), host: "elsewhere" }, "some-release"), false);
  });

  it("has not died for good while the helm that it has left still works on the release", async () => {
    const script = "process.stdout.write('up'); setTimeout(() => {}, 60000)";
    const args = ["-e", script, "some-release"];
    const helm = spawn(process.execPath, args, { argv0: "helm", stdio: ["ignore", "pipe", "ignore"] });
    try {
      await once(helm.stdout, "data");
      assert.equal(hasDied(ended(), "some-release"), false);
      assert.equal(hasDied(ended(), "some-other"), true);
    } finally {
      helm.kill("SIGKILL");
      await once(helm, "exit");
    }
  });

  it("has died also where the commands of the machine fill more than Node's buffer", async () => {
    // They end with their standard input. ps shows at most 128 KiB of each.
    const args = ["-c", "echo up; read line", "x".repeat(120_000)];
    const others = Array.from({ length: 12 }, () => spawn("sh", args, { stdio: ["pipe", "pipe", "ignore"] }));
    try {
      await Promise.all(others.map(({ stdout }) => once(stdout, "data")));
      assert.equal(hasDied(ended(), "some-release"), true);
    } finally {
      await Promise.all(
        others.map((other) => {
          other.stdin.end();
          return once(other, "exit");
        }),
      );
    }
  });
});
