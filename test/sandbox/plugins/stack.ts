/** A stack of its own on the real engine, with programs that a test changes between two runs. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  LocalWorkspace,
  type EngineEvent,
  type PulumiFn,
  type Stack,
  type StepEventMetadata,
} from "@pulumi/pulumi/automation";
import { sandboxEnv } from "../../../sandbox/env";

export interface Run {
  /** All that was printed, if it failed; else nothing. */
  failed: string;
  /** Everything that was printed. */
  printed: string;
  /** What was done to each resource, by its name: `create`, `update`, `same`, `replace`, `delete`. */
  steps: Record<string, string>;
  /** What changed on each resource: the property's path and the kind of the change. */
  diffs: Record<string, Record<string, string>>;
  /** Lines that were shown while it ran and not kept, with the time they came at. */
  live: { line: string; at: number }[];
}

export interface Entry {
  urn: string;
  type: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  initErrors?: string[];
}

export class TestStack {
  private constructor(
    readonly folder: string,
    private readonly project: string,
    private readonly stack: Stack,
  ) {}

  static async open(project: string): Promise<TestStack> {
    Object.assign(process.env, sandboxEnv());
    const folder = mkdtempSync(join(tmpdir(), `bsr-${project}-`));
    mkdirSync(join(folder, "state"));
    const stack = await LocalWorkspace.createStack(
      { projectName: project, stackName: "test", program: () => Promise.resolve() },
      {
        workDir: folder,
        projectSettings: { name: project, runtime: "nodejs", main: folder },
        envVars: { PULUMI_BACKEND_URL: `file://${folder}/state`, PULUMI_CONFIG_PASSPHRASE: "test" },
      },
    );
    return new TestStack(folder, project, stack);
  }

  up(
    program: PulumiFn,
    options: { refresh?: boolean; continueOnError?: boolean; signal?: AbortSignal } = {},
  ) {
    return this.run((onEvent, onOutput) =>
      this.stack.up({ ...options, program, onEvent, onOutput, onError: onOutput }),
    );
  }

  preview(program: PulumiFn, options: { diff?: boolean } = {}): Promise<Run> {
    return this.run((onEvent, onOutput) =>
      this.stack.preview({ ...options, program, onEvent, onOutput, onError: onOutput }),
    );
  }

  refresh(): Promise<Run> {
    return this.run((onEvent, onOutput) => this.stack.refresh({ onEvent, onOutput, onError: onOutput }));
  }

  destroy(): Promise<Run> {
    return this.run((onEvent, onOutput) => this.stack.destroy({ onEvent, onOutput, onError: onOutput }));
  }

  /** What is in the state under a resource's name, secrets encrypted. */
  entry(name: string): Entry | undefined {
    const { checkpoint } = JSON.parse(this.stateText()) as {
      checkpoint: { latest?: { resources?: Entry[] } };
    };
    return checkpoint.latest?.resources?.find(({ urn }) => urn.endsWith(`::${name}`));
  }

  /** The state as it lies in the backend. */
  stateText(): string {
    return readFileSync(join(this.folder, "state", ".pulumi", "stacks", this.project, "test.json"), "utf8");
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(
    work: (onEvent: (event: EngineEvent) => void, onOutput: (text: string) => void) => Promise<unknown>,
  ): Promise<Run> {
    const run: Run = { failed: "", printed: "", steps: {}, diffs: {}, live: [] };
    try {
      await work(
        (event) => note(event, run),
        (text) => (run.printed += text),
      );
    } catch (error) {
      run.failed = run.printed || String(error);
    }
    return run;
  }
}

function note(event: EngineEvent, run: Run): void {
  const metadata = event.resourcePreEvent?.metadata;
  if (metadata !== undefined) noteStep(metadata, run);
  const { diagnosticEvent } = event;
  // The engine ends each message by the code that resets colours, and some begin by one.
  // eslint-disable-next-line no-control-regex
  const line = diagnosticEvent?.message.replace(/<\{%[^}]*%\}>|\u001b\[[0-9;]*m/g, "").trim();
  if (diagnosticEvent?.ephemeral && line) run.live.push({ line, at: Date.now() });
}

function noteStep(metadata: StepEventMetadata, run: Run): void {
  const name = metadata.urn.split("::").at(-1) ?? "";
  // A replacement is three steps; the word for all of them is enough.
  if (run.steps[name] !== "replace") {
    run.steps[name] = /replace/.test(metadata.op) ? "replace" : metadata.op;
  }
  const changes = Object.entries(metadata.detailedDiff ?? {});
  if (changes.length > 0) {
    run.diffs[name] = Object.fromEntries(changes.map(([path, { diffKind }]) => [path, diffKind]));
  }
}

/** Whether a value is encrypted in the state. */
export const isEncrypted = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "ciphertext" in value;

export const sh = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: "utf8", env: sandboxEnv(), stdio: ["ignore", "pipe", "pipe"] });

/** Says on which plugin the tests run: PATH alone decides. */
export function whichPlugin(name: string): string {
  const kind = sandboxEnv().BSR_SANDBOX_PLUGINS ?? "real";
  const path =
    kind === "stand-in" ? sh("sh", "-c", `command -v pulumi-resource-${name}`).trim() : "as installed";
  return `${kind} plugin (${path.replace(`${process.cwd()}/`, "")})`;
}
