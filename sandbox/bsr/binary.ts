/** Builds the stand-in's program once and keeps it in the cache, under the hash of what it is built from. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { exec } from "../exec";
import { cacheDir } from "../paths";
import { say, seconds } from "../say";

const sources = join(__dirname, "bufd");

/** The file of the program; it is built when it is not there yet. */
export async function bufdProgram(): Promise<string> {
  const goVersion = (await exec("go", ["env", "GOVERSION"], { cwd: sources })).trim();
  const hash = createHash("sha256").update(`${goVersion} ${process.arch}`);
  for (const name of readdirSync(sources).sort()) hash.update(name).update(readFileSync(join(sources, name)));
  const folder = join(cacheDir, `bufd-${hash.digest("hex").slice(0, 12)}`);
  const binary = join(folder, "bufd");
  if (!existsSync(binary)) await build(folder, binary);
  return binary;
}

async function build(folder: string, binary: string): Promise<void> {
  const started = Date.now();
  say("building the stand-in BSR, about 0.5 min, once");
  mkdirSync(folder, { recursive: true });
  // Two builds at once do not see each other's half a file.
  const unfinished = `${binary}.${process.pid}`;
  await exec(
    "go",
    ["build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags=-s -w", "-o", unfinished, "."],
    {
      cwd: sources,
      env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" },
    },
  );
  renameSync(unfinished, binary);
  say(`built the stand-in BSR in ${seconds(started)}`);
}
