import { readdirSync, readFileSync } from "node:fs";
import type { Stack } from "../../../sandbox/stack";

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Kills the step of a stack's run whose text has this in it. */
export function killStep(stack: Stack, text: string): void {
  const all = processes();
  const step = all.find(
    (process) =>
      process.command.includes("steps/main") && process.command.includes(text) && isOf(stack, process, all),
  );
  if (step === undefined) throw new Error(`no step with "${text}" runs for ${stack.name}`);
  process.kill(step.pid, "SIGKILL");
}

/** Whether pulumi runs it for the stack. */
function isOf(stack: Stack, { parent }: Process, all: readonly Process[]): boolean {
  const above = all.find(({ pid }) => pid === parent);
  if (above === undefined) return false;
  return above.command.includes(`--stack ${stack.name}`) || isOf(stack, above, all);
}

function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
        // After the command's name, which may hold anything, come state and parent.
        const [, parent] = readFileSync(`/proc/${name}/stat`, "utf8")
          .replace(/^.*\) /s, "")
          .split(" ");
        return [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        return []; // It ended meanwhile.
      }
    });
}
