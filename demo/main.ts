/**
 * The main jobs, made to be watched: a BSR is installed, bumped over four minors while clients read and write, taken
 * over three more through maintenance, back to its snapshot, and
 * a minor down. All of it is real but the BSR's own images (sandbox/bsr).
 */
import { exec } from "../sandbox/exec";
import { createInstance } from "../sandbox/instance";
import { Stack } from "../sandbox/stack";
import { bump } from "./bump";
import { downgrade } from "./downgrade";
import { jump } from "./maintenance";
import { goBack } from "./restore";
import { command, preview, print, progress, shown, title } from "./show";
import type { Stage } from "./stage";

const installed = "1.0.4";
const bumped = "1.4.1";
/** Three minors on, and no required stop before it. */
const jumped = "1.7.0";
const back = "1.3.1";

async function main(): Promise<void> {
  const instance = await createInstance("demo");
  const stack = await Stack.create("demo", instance, { version: installed });
  const stage = { instance, stack };
  try {
    title(`Install ${installed}`);
    command(`pulumi config set version ${installed}`);
    await shown("pulumi up", stack.up({ onLine: (line) => progress(line) }));
    await bump(stage, bumped);
    await nothingLeft(stage);
    await jump(stage, jumped);
    await goBack(stage, bumped);
    await downgrade(stage, back);
    await status(stage);
  } finally {
    await stack.remove();
    await instance.close();
  }
}

async function nothingLeft({ instance, stack }: Stage): Promise<void> {
  title("Every hop is in Helm's history, and there is nothing left to do");
  command(`helm history bsr -n ${instance.namespace}`);
  print(await exec("helm", ["history", "bsr", "-n", instance.namespace], { env: instance.env }));
  await shown("pulumi preview", stack.preview({ args: ["--expect-no-changes"], onLine: preview }));
}

async function status({ instance }: Stage): Promise<void> {
  title("Where it stands, with no Pulumi");
  const args = ["status", "--namespace", instance.namespace];
  command(`npx --no bsr ${args.join(" ")}`);
  print(await exec("node", ["bin/bsr.js", ...args], { env: instance.env }));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
