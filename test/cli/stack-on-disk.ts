import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ledgerStateSchema, type LedgerState } from "../../components/bsr-release/ledger/state";

/** A component as a stack's state has it. */
export interface StoredComponent {
  readonly ledger: LedgerState;
  /** Names of the Commands' rows without `<component>-<transition>-`, with when they ended. */
  readonly rows: Readonly<Record<string, string>>;
  readonly name?: string;
  /** When the Release was deployed. */
  readonly deployedAt?: string;
}

/** What `pulumi stack export` writes of such a stack. */
export function exportOf(components: readonly StoredComponent[], stack = "prod"): unknown {
  const urn = (type: string, name: string) => `urn:pulumi:${stack}::bsr::${type}::${name}`;
  const root = { urn: urn("pulumi:pulumi:Stack", `bsr-${stack}`), type: "pulumi:pulumi:Stack" };
  const owned = components.flatMap(({ ledger, rows, name = "bsr", deployedAt }) => {
    const parent = urn("pulumi-bsr:index:BsrRelease", name);
    const child = (type: string, of: string, rest: object) => ({
      urn: urn(`pulumi-bsr:index:BsrRelease$${type}`, of),
      type,
      parent,
      ...rest,
    });
    const stored = { ...ledgerStateSchema.encode(ledger), __provider: "exports.handler = …" };
    return [
      { urn: parent, type: "pulumi-bsr:index:BsrRelease", parent: root.urn },
      child("pulumi-nodejs:dynamic:Resource", `${name}-ledger`, { inputs: stored, outputs: stored }),
      ...Object.entries(rows).map(([row, created]) =>
        child("command:local:Command", `${name}-${ledger.plan.transition}-${row}`, {
          created,
          outputs: { stdout: row.includes("verify") ? JSON.stringify({ verifiedAt: created }) : "{}" },
        }),
      ),
      child("kubernetes:helm.sh/v3:Release", `${name}-release`, { modified: deployedAt }),
    ];
  });
  return { version: 3, deployment: { ...(components.length === 0 ? {} : { resources: [root, ...owned] }) } };
}

/** Marks a value of the configuration that pulumi shows as secret only. */
export const hidden = Symbol("hidden");

/** What `pulumi config --json` writes, each value as text. */
export function configOf(values: Readonly<Record<string, string | typeof hidden>>): unknown {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key.includes(":") ? key : `bsr:${key}`,
      value === hidden ? { secret: true } : { value, secret: false },
    ]),
  );
}

/** A project's folder, and a pulumi on PATH that tells of a stack in it. */
export class StackOnDisk {
  readonly folder = mkdtempSync(join(tmpdir(), "bsr-review-"));
  readonly #path = process.env["PATH"];

  constructor(project = "name: bsr\n") {
    const bin = join(this.folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(this.folder, "Pulumi.yaml"), project);
    this.#script(
      'if [ "$1" != stack ]; then cat config.json; ' +
        'elif [ "$4" = staging ]; then cat staging.json 2>/dev/null || { echo "error: no stack named staging found" >&2; exit 6; }; ' +
        "else cat state.json; fi",
    );
    process.env["PATH"] = `${bin}${delimiter}${this.#path}`;
  }

  /** What the two commands write. */
  holds(state: unknown, config: unknown): void {
    writeFileSync(join(this.folder, "state.json"), JSON.stringify(state));
    writeFileSync(join(this.folder, "config.json"), JSON.stringify(config));
  }

  /** What there is of another stack; `undefined` where it is not there. */
  hasStack(name: "staging", state: unknown): void {
    const file = join(this.folder, `${name}.json`);
    rmSync(file, { force: true });
    if (state !== undefined) writeFileSync(file, JSON.stringify(state));
  }

  /** How pulumi answers, as a shell script, whatever it is asked. */
  answers(script: string): void {
    this.#script(script);
  }

  /** What pulumi was called with, a line for each call. */
  calls(): string[] {
    return readFileSync(join(this.folder, "calls"), "utf8").trimEnd().split("\n");
  }

  close(): void {
    process.env["PATH"] = this.#path;
    rmSync(this.folder, { recursive: true, force: true });
  }

  #script(script: string): void {
    const program = join(this.folder, "bin", "pulumi");
    writeFileSync(program, `#!/bin/sh\ncd '${this.folder}'\necho "$*" >> calls\n${script}\n`);
    chmodSync(program, 0o755);
  }
}
