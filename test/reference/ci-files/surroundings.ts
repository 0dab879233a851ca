import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "../../cli/run";
import { configOf, exportOf, StackOnDisk, type StoredComponent } from "../../cli/stack-on-disk";

/** What a job has around it: a stack that pulumi tells of, an npx that answers for bsr, and files that a runner gives. */
export class Surroundings {
  readonly #disk = new StackOnDisk();

  constructor() {
    this.stack({ version: "1.5.1" });
    mkdirSync(this.path("temp"));
  }

  get folder(): string {
    return this.#disk.folder;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** What the stack prod has in its configuration, and in its state. */
  stack(config: Readonly<Record<string, string>>, stored: readonly StoredComponent[] = []): void {
    this.#disk.holds(exportOf(stored), configOf({ host: "bsr.example.com", releases: "[]", ...config }));
  }

  /** No stack can be read any more. */
  isGone(): void {
    this.#disk.answers("echo 'error: no stack named prod found' >&2; exit 6");
  }

  /** How pulumi was called last. */
  lastCall(): string | undefined {
    return this.#disk.calls().at(-1);
  }

  /** Puts an npx on PATH that answers `npx --no bsr review` with what the command answers now. */
  async answerNow(): Promise<void> {
    const cases: string[] = [];
    for (const form of ["", " --markdown", " --json"]) {
      const { status, stdout } = await run(
        ["review", "--cwd", this.folder, "--stack", "prod", ...form.trim().split(" ")].filter(Boolean),
      );
      const file = `answer${form.trim()}`;
      writeFileSync(this.path(file), stdout);
      cases.push(`"--no bsr review --stack prod${form}") cat ${file}; exit ${status};;`);
    }
    this.tool("npx", ['case "$*" in', ...cases, "esac", "exit 90"].join("\n"));
  }

  /** Puts a program on PATH. */
  tool(name: string, script: string): void {
    const program = join(this.folder, "bin", name);
    writeFileSync(program, `#!/bin/sh\n${script}\n`);
    chmodSync(program, 0o755);
  }

  /** Runs a script as GitHub does with `shell: bash`, and GitLab always. */
  bash(script: string, env: NodeJS.ProcessEnv = {}) {
    return spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
      cwd: this.folder,
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: `${this.path("bin")}${delimiter}${process.env["PATH"]}`,
        STACK: "prod",
        RUNNER_TEMP: this.path("temp"),
        GITHUB_STEP_SUMMARY: this.path("summary"),
        GITHUB_OUTPUT: this.path("output"),
        GITHUB_PATH: this.path("added-to-path"),
        ...env,
      },
    });
  }

  /** What a script has left in a file; empty where there is none. */
  left(name: string): string {
    try {
      return readFileSync(this.path(name), "utf8");
    } catch {
      return "";
    }
  }

  close(): void {
    this.#disk.close();
  }
}
