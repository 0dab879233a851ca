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
const lookMilliseconds = 3000;

/** Helm reads its log-ins from files: while it runs, they may be there for nobody else. Afterwards they must be gone. */
function isPrivate(file: string): boolean {
  const shared = 0o077;
  return [file, dirname(file)].every((path) => (statSync(path).mode & shared) === 0);
}

/** What a test itself has made show its secrets, and what is therefore not looked at. */
export interface LeftOut {
  /** Processes, by their arguments. */
  readonly processes?: RegExp;
  /** Objects of the cluster, by their names. */
  readonly objects?: RegExp;
}

interface ClusterObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** Looks for secrets wherever they must not be, while a stack is at work and after it. */
export class LeakWatch {
  readonly #spellings: readonly (readonly [string, string])[];
  readonly #found = new Set<string>();
  readonly #since = new Date();
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #places: readonly string[];
  #kinds = "";
  #looking: Promise<unknown> | undefined;
  /** How much was looked at: none is found in nothing. */
  readonly looked = { texts: 0, processes: 0, files: 0, cluster: 0 };
  /** The names of the Jobs that were seen, but for the chart's own. */
  readonly jobs = new Set<string>();

  constructor(
    secrets: Readonly<Record<string, string>>,
    private readonly instance: Instance,
    private readonly leftOut: LeftOut = {},
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
      setInterval(() => this.#lookAtRun(), lookMilliseconds),
    ];
  }

  /** What a run printed. */
  told(run: Run): Run {
    this.#search("what pulumi printed", run.text);
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
      this.#search(`bsr ${args.slice(0, 2).join(" ")}`, `${stdout}\n${stderr}`);
    }
    this.#search("the stack's outputs", JSON.stringify(await stack.outputs()));
  }

  stop(): void {
    this.#timers.forEach((timer) => clearInterval(timer));
  }

  /** Looks at what lasts, stops looking, and fails where anything was found. */
  async end(stack: Stack): Promise<void> {
    this.stop();
    await this.#looking;
    await this.ask(stack);
    this.#search("the stack's state", await stack.state());
    assert.ok(await this.#lookAtObjects(), "the cluster's objects cannot be read");
    this.#search("the pods' logs", await this.#logs());
    await this.#lookAtFiles();
    const { processes, files, cluster } = this.looked;
    assert.ok(processes > 1000 && files > 10 && cluster > 5, JSON.stringify(this.looked));
    assert.deepEqual([...this.#found], []);
  }

  #search(where: string, text: string): void {
    this.looked.texts += 1;
    for (const [name, spelling] of this.#spellings) {
      if (text.includes(spelling)) this.#found.add(`${name} in ${where}`);
    }
  }

  #lookAtProcesses(): void {
    for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
      try {
        const args = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        if (this.leftOut.processes?.test(args) === true) continue;
        this.looked.processes += 1;
        this.#search(`the arguments of ${args.split("\0").slice(0, 3).join(" ")}`, args);
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
        if (!isLeftOut(file)) this.#search(file, readFileSync(file, "utf8"));
        this.looked.files += 1;
      } catch {
        // A file of a step that has ended meanwhile.
      }
    }
  }

  /** What is there only while a run is at work. One look at a time: on a busy machine it takes longer than its turn. */
  #lookAtRun(): void {
    this.#looking ??= Promise.all([this.#lookAtFiles(isPrivate), this.#lookAtObjects()]).finally(
      () => (this.#looking = undefined),
    );
  }

  /** Every object of the namespace, of whatever kind, but Secrets; and what Jobs log. False where none can be read. */
  async #lookAtObjects(): Promise<boolean> {
    const { env, namespace } = this.instance;
    this.#kinds ||= await this.#listKinds();
    if (this.#kinds === "") return false;
    const args = ["get", this.#kinds, "-n", namespace, "-o", "json", "--show-managed-fields"];
    const { status, stdout } = await tryExec("kubectl", args, { env });
    if (status !== 0) return false;
    this.looked.cluster += 1;
    const { items } = JSON.parse(stdout) as { items: ClusterObject[] };
    for (const object of items.filter(({ metadata }) => this.leftOut.objects?.test(metadata.name) !== true)) {
      this.#search(`${object.kind} ${object.metadata.name}`, textsIn(object).join("\n"));
    }
    const jobs = items.filter(({ kind, metadata }) => kind === "Job" && metadata.name !== "bsr-check");
    jobs.forEach(({ metadata }) => this.jobs.add(metadata.name));
    if (jobs.length > 0) this.#search("the Jobs' logs", await this.#jobLogs());
    return items.some(({ kind }) => kind === "Deployment");
  }

  /** Nothing while the cluster does not answer for all of its kinds. */
  async #listKinds(): Promise<string> {
    const args = ["api-resources", "--verbs=list", "--namespaced", "-o", "name"];
    const { status, stdout } = await tryExec("kubectl", args, { env: this.instance.env });
    const kinds = stdout.split("\n").filter((kind) => kind !== "" && kind !== "secrets");
    return status === 0 ? kinds.join(",") : "";
  }

  /** As far as there are any: a container may not have begun, or be gone by now. */
  async #jobLogs(): Promise<string> {
    const { env, namespace } = this.instance;
    const ofJobs = ["-l", "batch.kubernetes.io/job-name", "--all-containers", "--tail=-1", "--ignore-errors"];
    return (await tryExec("kubectl", ["logs", "-n", namespace, ...ofJobs], { env })).stdout;
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

/** Every text in an object as it is: in YAML and JSON, quotes and the ends of lines are spelled otherwise. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
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
