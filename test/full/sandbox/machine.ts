/**
 * A machine within the machine: network, processes and mounts of its own, in which a second checkout can start a sandbox,
 * have it killed and be asked what is left, while the sandbox of this checkout goes on.
 */
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface Result {
  readonly status: number | null;
  /** Both outputs, as a person sees them. */
  readonly output: string;
}

export interface Machine {
  /** Runs a command of a shell in it. */
  run(script: string, env?: NodeJS.ProcessEnv): Promise<Result>;
  /** The same for one that must succeed; returns its output. */
  get(script: string, env?: NodeJS.ProcessEnv): Promise<string>;
  /** What a sandbox could leave behind: processes, mounts, links, packet filter rules, settings, groups, folders. */
  state(): Promise<string>;
  end(): void;
}

const boot = `
  # A /run of its own; the machine's own folders below it are not needed.
  mount --no-mtab -t tmpfs tmpfs /run
  ip link set lo up
  echo ready
  sleep infinity & wait
`;

export async function bootMachine(): Promise<Machine> {
  const namespaces = ["--net", "--mount", "--pid", "--ipc", "--fork", "--kill-child", "--mount-proc"];
  const holder = spawn("unshare", [...namespaces, "sh", "-euc", boot], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once("data", () => {
      resolve();
    });
    holder.once("exit", (status) => {
      reject(new Error(`the machine for these tests could not be made: unshare ended with ${status}`));
    });
  });
  // Its first process: what unshare forked.
  const pid = readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, "utf8").trim();

  const run = (script: string, env: NodeJS.ProcessEnv = process.env): Promise<Result> =>
    new Promise((resolve, reject) => {
      const args = ["-t", pid, "--net", "--mount", "--pid", "--ipc", "sh", "-c", script];
      const child = spawn("nsenter", args, { stdio: ["ignore", "pipe", "pipe"], env });
      let output = "";
      const read = (text: string) => (output += text);
      child.stdout.setEncoding("utf8").on("data", read);
      child.stderr.setEncoding("utf8").on("data", read);
      child.on("error", reject);
      child.on("close", (status) => {
        resolve({ status, output });
      });
    });
  const get = async (script: string, env?: NodeJS.ProcessEnv): Promise<string> => {
    const { status, output } = await run(script, env);
    assert.equal(status, 0, `${script}\n${output}`);
    return output;
  };
  return {
    run,
    get,
    async state() {
      // A killed process is waited for by its parent a moment later.
      await sleep(500);
      return get(`sh ${join(__dirname, "state.sh")}`);
    },
    end() {
      holder.kill("SIGKILL");
    },
  };
}
