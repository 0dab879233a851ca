/** How the demo talks: titles, commands as one would type them, and what they print, without what nobody needs. */
import type { Run } from "../sandbox/stack";

export function title(text: string): void {
  print(`\n== ${text}\n`);
}

export function command(text: string): void {
  print(`$ ${text}`);
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs pulumi under the text of its command; what it prints is shown line by line, by the run's own `onLine`. */
export async function shown(text: string, run: Promise<Run>): Promise<void> {
  command(text);
  const { ok, text: output } = await run;
  if (!ok) throw new Error(`\`${text}\` failed:\n${output}`);
}

/** What a step says of itself; `suffix` is put behind each line. */
export function progress(line: string, suffix?: () => string): void {
  // Not the engine's own line on what it creates.
  if (!/creating \((\d+m)?\d+s\) \S/.test(line)) return;
  // Without the resource's type and name, which the preview has shown.
  const text = line.replace(/^.* creating /, "");
  print(suffix === undefined ? text : `${text.padEnd(90)} ${suffix()}`);
}

/** Without what the engine shows of the stack itself, where no terminal keeps it on one line. */
export function preview(line: string): void {
  if (!/^\s+pulumi:pulumi:Stack \S+ /.test(line)) print(line);
}

/** Only the plan that a preview prints, where the steps that it becomes have been shown before. */
export function planOnly(): (line: string) => void {
  let begun = false;
  return (line) => {
    begun ||= /^Diagnostics:/.test(line);
    if (/^Outputs:|^Resources:/.test(line)) begun = false;
    if (begun && line.trim() !== "" && /^ {4}/.test(line)) print(line);
  };
}
