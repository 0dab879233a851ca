/** A stack of the checkout's own program or of another on the sandbox, driven by the pulumi command as a user would. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { sandboxEnv } from "./env";
import { exec } from "./exec";
import type { Instance } from "./instance";
import { checkout } from "./paths";
import { compiledProgram } from "./program";

export interface Run {
  readonly ok: boolean;
  /** All that pulumi printed, without the warnings on where its plugins were found. */
  readonly text: string;
}

export interface RunOptions {
  readonly args?: readonly string[];
  /** Sees each line as soon as it is printed. */
  readonly onLine?: (line: string) => void;
  /** Variables over those of the sandbox, such as another PATH. */
  readonly env?: NodeJS.ProcessEnv;
  /** Another copy of the checkout to run in. */
  readonly checkout?: string;
  /** Whether `pulumi up` previews first, as it does for a user; a test leaves that out. */
  readonly withPreview?: boolean;
}

export type Configuration = Readonly<Record<string, unknown>>;

/** Where a program is. */
export interface Project {
  readonly folder: string;
  /** As its Pulumi.yaml has it: the prefix of the configuration's keys. */
  readonly name: string;
  /** The folder of the stacks' configuration, from the project's. */
  readonly configDir: string;
}

/** The checkout's own program. */
export const fromSource: Project = { folder: checkout, name: "bsr", configDir: "stacks" };

/** The same compiled, where the tests are told so: from source, every step begins with the compiling of it. */
const own: Project =
  process.env["BSR_SANDBOX_COMPILED"] === "true" ? { ...fromSource, folder: compiledProgram() } : fromSource;

export class Stack {
  private constructor(
    readonly name: string,
    private readonly project: Project,
    private readonly configFile: string,
  ) {}

  /** Makes a stack for the instance; its configuration names the sandbox's chart and the instance's database. */
  static async create(
    name: string,
    instance: Instance,
    configuration: Configuration,
    project: Project = own,
  ): Promise<Stack> {
    const stack = await Stack.of(project, name, {});
    const { host, postgres } = instance.values;
    stack.configure({
      host,
      namespace: instance.namespace,
      chart: sandboxEnv()["BSR_SANDBOX_CHART"],
      values: { postgres },
      ...configuration,
    });
    return stack;
  }

  /** Makes a stack of another program. */
  static async of(project: Project, name: string, configuration: Configuration): Promise<Stack> {
    const stack = Stack.named(`test-${name}-${randomBytes(2).toString("hex")}`, project);
    await stack.init();
    stack.configure(configuration);
    return stack;
  }

  static named(name: string, project: Project = own): Stack {
    return new Stack(name, project, join(project.folder, project.configDir, `Pulumi.${name}.yaml`));
  }

  async init(): Promise<void> {
    await this.#exec(["stack", "init", "--no-select", this.name]);
  }

  /** Sets keys of the stack's configuration; `undefined` removes one. */
  configure(changes: Configuration): void {
    const file = (parse(readFileSync(this.configFile, "utf8")) ?? {}) as { config?: Record<string, unknown> };
    const config = { ...file.config };
    for (const [key, value] of Object.entries(changes)) {
      const full = `${this.project.name}:${key}`;
      if (value === undefined) delete config[full];
      else config[full] = value;
    }
    writeFileSync(this.configFile, stringify({ ...file, config }));
  }

  /** Sets a key, or a part of one such as `postgres.password`, to a secret, encrypted in the file as a user's would be. */
  async configureSecret(key: string, value: string): Promise<void> {
    const path = `${this.project.name}:${key}`;
    await this.#exec(["config", "set", "--secret", "--path", path, "--stack", this.name], value);
  }

  preview(options: RunOptions = {}): Promise<Run> {
    return this.#run(["preview", ...(options.args ?? [])], options);
  }

  up(options: RunOptions = {}): Promise<Run> {
    const skip = options.withPreview === true ? [] : ["--skip-preview"];
    return this.#run(["up", "--yes", ...skip, ...(options.args ?? [])], options);
  }

  /** Reads what is live into the stack's state, and deploys nothing. */
  refresh(): Promise<Run> {
    return this.#run(["refresh", "--yes", "--skip-preview"], {});
  }

  destroy(): Promise<Run> {
    return this.#run(["destroy", "--yes", "--skip-preview"], {});
  }

  /** Brings back what Pulumi saves of a state before it writes a new one: it may be killed while it writes. */
  bringBackup(): void {
    const backend = (sandboxEnv()["PULUMI_BACKEND_URL"] ?? "").replace(/^file:\/\//, "");
    const state = join(backend, ".pulumi", "stacks", this.project.name, `${this.name}.json`);
    copyFileSync(`${state}.bak`, state);
  }

  /** Takes away the lock that a run which died has left. */
  async cancel(): Promise<void> {
    await this.#exec(["cancel", "--yes", "--stack", this.name]);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const text = await this.#exec(["stack", "output", "--json", "--stack", this.name]);
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** The stack's state, secrets still encrypted. */
  async state(): Promise<string> {
    return this.#exec(["stack", "export", "--stack", this.name]);
  }

  /** Another stack with the same configuration and the same state, as from a copy of the backend. */
  async twin(): Promise<Stack> {
    const twin = Stack.named(`${this.name}-twin`, this.project);
    await twin.init();
    const state = (await this.state()).replaceAll(this.name, twin.name);
    // Its secrets are encrypted with the salt of this one.
    writeFileSync(twin.configFile, readFileSync(this.configFile));
    await this.#exec(["stack", "import", "--force", "--stack", twin.name], state);
    return twin;
  }

  /** Forgets the stack; what it deployed goes with its instance. */
  async remove(): Promise<void> {
    await this.#exec(["stack", "rm", "--force", "--yes", this.name]);
    if (existsSync(this.configFile)) rmSync(this.configFile);
  }

  #exec(args: readonly string[], input = ""): Promise<string> {
    return exec("pulumi", args, { env: sandboxEnv(), cwd: this.project.folder, input });
  }

  #run(
    args: readonly string[],
    { onLine, env = {}, checkout: cwd = this.project.folder }: RunOptions,
  ): Promise<Run> {
    const all = [
      ...args,
      "--stack",
      this.name,
      "--color",
      "never",
      "--non-interactive",
      "--suppress-progress",
    ];
    return new Promise((resolve, reject) => {
      const child = spawn("pulumi", all, {
        env: { ...sandboxEnv(), ...env },
        cwd,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const lines: string[] = [];
      let rest = "";
      const take = (text: string) => {
        const parts = (rest + text).split("\n");
        rest = parts.pop() ?? "";
        for (const line of parts.filter((one) => !isPluginWarning(one))) {
          lines.push(line);
          onLine?.(line);
        }
      };
      child.stdout.setEncoding("utf8").on("data", take);
      child.stderr.setEncoding("utf8").on("data", take);
      child.on("error", reject);
      child.on("close", (status) => resolve({ ok: status === 0, text: [...lines, rest].join("\n") }));
    });
  }
}

/** Said of every plugin that is on PATH and not beside the CLI. */
function isPluginWarning(line: string): boolean {
  return /warning: using pulumi-\S+ from \$PATH/.test(line);
}
