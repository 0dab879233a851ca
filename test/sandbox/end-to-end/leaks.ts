import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { exec, tryExec } from "../../../sandbox/exec";
import type { Instance } from "../../../sandbox/instance";
import { checkout } from "../../../sandbox/paths";
import type { Run, Stack } from "../../../sandbox/stack";

const sampleMilliseconds = 50;
const lookAtFilesMilliseconds = 3000;

/** Helm reads its log-ins from files: while it runs, they may be there for nobody else. Afterwards they must be gone. */
function isPrivate(file: string): boolean {
  const shared = 0o077;
  return [file, dirname(file)].every((path) => (statSync(path).mode & shared) === 0);
}

/** Looks for secrets wherever they must not be, while a stack is at work and after it. */
export class LeakWatch {
  readonly #spellings: readonly (readonly [string, string])[];
  readonly #found = new Set<string>();
  readonly #since = new Date();
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #places: readonly string[];
  /** How much was looked at: none is found in nothing. */
  readonly looked = { texts: 0, processes: 0, files: 0 };

  constructor(
    secrets: Readonly<Record<string, string>>,
    private readonly instance: Instance,
    /** Arguments of processes that are not looked at: those of a pod that a test has made log its secrets. */
    private readonly leftOut?: RegExp,
  ) {
    assert.ok(Object.values(secrets).every((value) => value.length > 8));
    this.#spellings = Object.entries(secrets).flatMap(([name, value]) =>
      [
        value,
        Buffer.from(value).toString("base64").replace(/=+$/, ""),
        encodeURIComponent(value),
        JSON.stringify(value).slice(1, -1),
      ].map((spelling) => [name, spelling] as const),
    );
    const { HOME: home = "", PULUMI_HOME: pulumi = "", PULUMI_BACKEND_URL: backend = "" } = instance.env;
    const states = backend.replace(/^file:\/\//, "");
    this.#places = [tmpdir(), checkout, states, pulumi, join(home, ".cache", "helm"), join(home, ".config")];
    this.#timers = [
      setInterval(() => this.#lookAtProcesses(), sampleMilliseconds),
      setInterval(() => void this.#lookAtFiles(isPrivate), lookAtFilesMilliseconds),
    ];
  }

  /** What a run printed. */
  told(run: Run): Run {
    this.#look("what pulumi printed", run.text);
    return run;
  }

  /** What the commands tell of the stack and of its instance. */
  async ask(stack: Stack): Promise<void> {
    const { env, namespace } = this.instance;
    const bsr = join(checkout, "bin", "bsr.js");
    const instance = ["--namespace", namespace];
    for (const args of [
      ["status", ...instance],
      ["status", "--json", ...instance],
      ["history", ...instance],
      ["history", "--json", ...instance],
      ["review", "--stack", stack.name],
      ["review", "--json", "--stack", stack.name],
    ]) {
      const { stdout, stderr } = await tryExec(process.execPath, [bsr, ...args], { env, cwd: checkout });
      assert.ok(stdout.length > 50, `bsr ${args.join(" ")} says ${stdout} ${stderr}`);
      this.#look(`bsr ${args.slice(0, 2).join(" ")}`, `${stdout}\n${stderr}`);
    }
    this.#look("the stack's outputs", JSON.stringify(await stack.outputs()));
  }

  stop(): void {
    this.#timers.forEach((timer) => clearInterval(timer));
  }

  /** Looks at what lasts, stops looking, and fails where anything was found. */
  async end(stack: Stack): Promise<void> {
    this.stop();
    await this.ask(stack);
    this.#look("the stack's state", await stack.state());
    this.#look("the cluster's objects", await this.#objects());
    this.#look("the pods' logs", await this.#logs());
    await this.#lookAtFiles();
    assert.ok(this.looked.processes > 1000 && this.looked.files > 10, JSON.stringify(this.looked));
    assert.deepEqual([...this.#found], []);
  }

  #look(where: string, text: string): void {
    this.looked.texts += 1;
    for (const [name, spelling] of this.#spellings) {
      if (text.includes(spelling)) this.#found.add(`${name} in ${where}`);
    }
  }

  #lookAtProcesses(): void {
    for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
      try {
        const args = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        if (this.leftOut?.test(args) === true) continue;
        this.looked.processes += 1;
        this.#look(`the arguments of ${args.split("\0").slice(0, 3).join(" ")}`, args);
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  /** Files that were written since. The cluster's own, which holds every Secret, is none of them. */
  async #lookAtFiles(isLeftOut: (file: string) => boolean = () => false): Promise<void> {
    const cluster = join(checkout, ".sandbox");
    const skipped = ["-name", "node_modules", "-o", "-name", ".git", "-o", "-path", cluster];
    const written = ["-type", "f", "-newermt", this.#since.toISOString(), "-size", "-20M", "-print"];
    // A folder that goes away meanwhile is no failure.
    const find = ["-c", 'find "$@" 2>/dev/null; true', "find", ...this.#places];
    const list = await exec("sh", [...find, "(", ...skipped, ")", "-prune", "-o", ...written], {
      env: this.instance.env,
    });
    for (const file of list.split("\n").filter((name) => name !== "")) {
      try {
        if (!isLeftOut(file)) this.#look(file, readFileSync(file, "utf8"));
        this.looked.files += 1;
      } catch {
        // A file of a step that has ended meanwhile.
      }
    }
  }

  /** Every object of the namespace, of whatever kind, but Secrets. */
  async #objects(): Promise<string> {
    const { env, namespace } = this.instance;
    const all = await exec("kubectl", ["api-resources", "--verbs=list", "--namespaced", "-o", "name"], {
      env,
    });
    const kinds = all.split("\n").filter((kind) => kind !== "" && kind !== "secrets");
    const args = ["get", kinds.join(","), "-n", namespace, "-o", "yaml", "--show-managed-fields"];
    const objects = await exec("kubectl", args, { env });
    assert.match(objects, /kind: Deployment/);
    return objects;
  }

  async #logs(): Promise<string> {
    const { env, namespace } = this.instance;
    const pods = await exec("kubectl", ["get", "pods", "-n", namespace, "-o", "name"], { env });
    const logs = pods
      .split("\n")
      .filter((pod) => pod !== "")
      .map((pod) =>
        exec("kubectl", ["logs", "-n", namespace, pod, "--all-containers"], { env }).catch(() => ""),
      );
    return (await Promise.all(logs)).join("\n");
  }
}

/** Leaves a folder with a kubeconfig as a step does that is killed while helm works, and answers where it is. */
export async function leaveFolder(kubeconfig: string): Promise<string> {
  const script = `
    const { writeFileSync } = require("node:fs");
    const { withPrivateFolder } = require("./components/migrations/cluster/run/private-folder");
    withPrivateFolder((folder) => {
      writeFileSync(folder + "/kubeconfig", require("node:fs").readFileSync(0, "utf8"), { mode: 0o600 });
      process.stdout.write(folder);
      return new Promise((resolve) => setTimeout(resolve, 600000));
    });
  `;
  const step = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", script], {
    cwd: checkout,
    stdio: ["pipe", "pipe", "inherit"],
  });
  step.stdin.end(kubeconfig);
  const [folder] = (await once(step.stdout, "data")) as [Buffer];
  step.kill("SIGKILL");
  await once(step, "exit");
  return folder.toString();
}
