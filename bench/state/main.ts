import { rmSync } from "node:fs";
import { exec } from "../../sandbox/exec";
import { createInstance, type Instance } from "../../sandbox/instance";
import { Stack } from "../../sandbox/stack";
import { runAlone } from "../alone";
import { rounded, type Line } from "../line";
import { compiledProgram, up } from "../program";
import { publishWithoutPods } from "./chart";

const GOAL_RATIO = 1.1;
const lookedAt = [1, 10, 50];
/** A patch up and down, as often as needed. */
const versions = ["1.5.0", "1.5.1"];

/** The size of what is kept after some transitions: the stack's state, and the record in the cluster. */
export async function measureState(): Promise<Line[]> {
  const program = compiledProgram();
  const instance = await createInstance("bench-state");
  const chart = await publishWithoutPods(instance.env, versions);
  const stack = await Stack.create("bench-state", instance, { chart });
  try {
    const states: number[] = [];
    const records: number[] = [];
    for (let transition = 1; transition <= Math.max(...lookedAt); transition += 1) {
      stack.configure({ version: versions[transition % versions.length] });
      await up(stack, program);
      if (!lookedAt.includes(transition)) continue;
      states.push(Buffer.byteLength(await stack.state()));
      records.push(await recordBytes(instance));
    }
    const ratio = rounded((states.at(-1) ?? Number.NaN) / (states[0] ?? Number.NaN));
    return [
      {
        bench: "size of the stack's state, by the number of its transitions",
        ...sizes("state", states),
        ...sizes("record", records),
        ratio,
        goal: GOAL_RATIO,
        met: ratio <= GOAL_RATIO,
      },
    ];
  } finally {
    await stack.remove();
    await instance.close();
    rmSync(program, { recursive: true });
  }
}

function sizes(what: string, bytes: readonly number[]): Record<string, number> {
  return Object.fromEntries(bytes.map((size, index) => [`${what}BytesAfter${lookedAt[index]}`, size]));
}

async function recordBytes({ env, namespace }: Instance): Promise<number> {
  const selector = "app.kubernetes.io/managed-by=pulumi-bsr,app.kubernetes.io/instance=bsr";
  const args = [
    "get",
    "configmap",
    "-n",
    namespace,
    "-l",
    selector,
    "-o",
    "jsonpath={.items[0].data.record}",
  ];
  return Buffer.byteLength(await exec("kubectl", args, { env }));
}

runAlone(module, measureState);
