import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiServer } from "../bad-input/api-server";
import { fakeHelm } from "../component/fake-helm";
import { contextAt } from "./step-context";

/** A helm whose upgrade keeps a diary, and takes a moment to end, as the real one does to mark its revision as failed. */
function slowHelm(diary: string): string {
  return `if [ "$1" = upgrade ]; then
  trap 'echo SIGINT >> "${diary}"' INT
  trap 'echo SIGTERM >> "${diary}"; sleep 0.5; echo ended >> "${diary}"; echo "Error: UPGRADE FAILED: context canceled" >&2; exit 1' TERM
  echo began >> "${diary}"
  # Nobody may have told it to end.
  for _ in $(seq 100); do sleep 0.1; done
  exit 1
fi`;
}

describe("a step that is told to end while its helm upgrades", () => {
  const server = new ApiServer();
  let folder: string;
  let diary: string;
  let putBack: () => void;

  before(() => server.start());
  after(() => server.stop());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bsr-signal-"));
    diary = join(folder, "diary");
    putBack = fakeHelm(slowHelm(diary));
  });
  afterEach(() => {
    putBack();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A deploy of 1.13.0 to a cluster where 1.12.1 was verified, as Pulumi runs it. */
  function startDeploy() {
    const { setting } = contextAt(server.kubeconfig("token")).context;
    const step = {
      ...{ kind: "deploy", version: "1.13.0", values: {}, digest: null, down: null },
      ...{ plannedAtRevision: 1, after: null, schemaVersion: null, statusPage: false, keepsSchema: false },
      ...{ maintenance: false, acceptUnhealthy: [], timeoutSeconds: 60 },
    };
    const program = ["-r", "ts-node/register/transpile-only", "components/migrations/steps/main.ts"];
    const child = spawn(process.execPath, [...program, "deploy 1.13.0"], {
      stdio: ["pipe", "ignore", "pipe"],
    });
    child.stdin.end(JSON.stringify({ setting, step }));
    return { child, ended: once(child, "exit"), said: text(child.stderr) };
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`by ${signal}: passes SIGTERM on, waits for helm's end, and fails with words`, async () => {
      const { child, ended, said } = startDeploy();
      while (!existsSync(diary) && child.exitCode === null) await sleep(20);
      child.kill(signal);
      const end = await ended;
      // Helm has ended before its step, and so has given its lock back.
      assert.deepEqual(readFileSync(diary, "utf8").trim().split("\n"), ["began", "SIGTERM", "ended"]);
      assert.deepEqual(end, [1, null], await said);
      assert.match(
        await said,
        /^1\.13\.0 was not deployed: UPGRADE FAILED: context canceled\n {2}left: .+; nothing after this step was begun\n {2}do: {3}.+ run pulumi up again/m,
      );
    });
  }
});
