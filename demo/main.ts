/**
 * The main job, made to be watched: a BSR is installed, its version is bumped over four minors, and pulumi walks
 * every one of them while clients read and write. All of it is real but the BSR's own images (sandbox/bsr).
 */
import { exec } from "../sandbox/exec";
import { createInstance, type Instance } from "../sandbox/instance";
import { startLoad, type LoadReport } from "../sandbox/load/load";
import { Stack, type Run } from "../sandbox/stack";

const from = "1.1.0";
const to = "1.5.1";

async function main(): Promise<void> {
  const instance = await createInstance("demo");
  const stack = await Stack.create("demo", instance, { version: from });
  try {
    title(`Install ${from}`);
    command(`pulumi config set version ${from}`);
    await shown("pulumi up", stack.up({ onLine: progress }));

    title(`Bump the version over four minors: one line of configuration, and its preview`);
    command(`pulumi config set version ${to}`);
    stack.configure({ version: to });
    await shown("pulumi preview", stack.preview({ onLine: preview }));

    title("Walk it, while clients send 250 requests a second");
    const report = await walkUnderLoad(stack, instance);
    const failed = `failed: ${report.failed}`;
    print(`\nrequests: ${report.requests}, ${failed}, rows written: ${report.written.length}`);
    if (report.failed > 0) throw new Error(`requests failed: ${JSON.stringify(report.examples)}`);

    title("Every hop is in Helm's history, and there is nothing left to do");
    command(`helm history bsr -n ${instance.namespace}`);
    print(await exec("helm", ["history", "bsr", "-n", instance.namespace], { env: instance.env }));
    await shown("pulumi preview", stack.preview({ args: ["--expect-no-changes"], onLine: preview }));

    title("Where it stands, with no Pulumi");
    command(`npx --no bsr status --namespace ${instance.namespace}`);
    print(
      await exec("node", ["bin/bsr.js", "status", "--namespace", instance.namespace], { env: instance.env }),
    );
  } finally {
    await stack.remove();
    await instance.close();
  }
}

async function walkUnderLoad(stack: Stack, instance: Instance): Promise<LoadReport> {
  const load = await startLoad({ url: instance.url, requestsPerSecond: 250 });
  const withCount = (line: string) => {
    const { requests, failed } = load.soFar();
    if (isProgress(line)) print(`${shortened(line).padEnd(90)} [${requests} requests, ${failed} failed]`);
  };
  const walked = await Promise.allSettled([shown("pulumi up", stack.up({ onLine: withCount }))]);
  const report = await load.stop();
  if (walked[0].status === "rejected") throw walked[0].reason;
  return report;
}

async function shown(text: string, run: Promise<Run>): Promise<void> {
  command(text);
  const { ok, text: output } = await run;
  if (!ok) throw new Error(`\`${text}\` failed:\n${output}`);
}

/** Lines that a step wrote, without the engine's own on what it creates. */
function isProgress(line: string): boolean {
  return /creating \((\d+m)?\d+s\) \S/.test(line);
}

/** Without the resource's type and name, which the preview has shown. */
function shortened(line: string): string {
  return line.replace(/^.* creating /, "");
}

function progress(line: string): void {
  if (isProgress(line)) print(shortened(line));
}

/** Without what the engine shows of the stack itself, where no terminal keeps it on one line. */
function preview(line: string): void {
  if (!/^\s+pulumi:pulumi:Stack \S+ /.test(line)) print(line);
}

function title(text: string): void {
  print(`\n== ${text}\n`);
}

function command(text: string): void {
  print(`$ ${text}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
