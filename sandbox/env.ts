/** The environment that a running sandbox leaves for whatever uses it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { envFile } from "./paths";

/** Plain lines that a shell can source. */
export function writeSandboxEnv(values: Readonly<Record<string, string>>): void {
  const lines = Object.entries(values).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`,
  );
  mkdirSync(dirname(envFile), { recursive: true });
  writeFileSync(envFile, lines.join(""), { mode: 0o600 });
}

/** This process's environment with that of the sandbox over it. */
export function sandboxEnv(): NodeJS.ProcessEnv {
  if (!existsSync(envFile))
    throw new Error(`no sandbox runs for this checkout (${envFile} is missing): run \`make sandbox\``);
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const line of readFileSync(envFile, "utf8").split("\n")) {
    const [, name, value] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) env[name] = value.replaceAll(`'\\''`, "'");
  }
  return env;
}
