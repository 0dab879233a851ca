import { availableParallelism, cpus, totalmem } from "node:os";
import { sandboxEnv } from "../sandbox/env";
import { exec } from "../sandbox/exec";
import type { Line } from "./line";

/** What all that follows was measured with, and on: the first line of every run. */
export async function surroundings(): Promise<Line> {
  const env = sandboxEnv();
  const told = async (program: string, ...args: string[]) => (await exec(program, args, { env })).trim();
  return {
    bench: surroundingsName,
    plugins: env["BSR_SANDBOX_PLUGINS"] ?? "",
    pulumi: await told("pulumi", "version"),
    helm: await told("helm", "version", "--template", "{{.Version}}"),
    node: process.version,
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? "",
    memoryGb: Math.round(totalmem() / 2 ** 30),
  };
}

/** The name of that line among the measurements. */
export const surroundingsName = "surroundings";
