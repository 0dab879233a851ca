/** Pulumi's resource plugins: the real ones where they can be had, else the stand-ins of sandbox/plugins. */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { tryExec } from "../exec";
import { cacheDir, checkout, sandboxDir } from "../paths";
import { findOnPath } from "./go-tools";

export interface Plugins {
  readonly kind: "real" | "stand-in";
  /** For a person: where they come from. */
  readonly note: string;
}

export const pulumiHome = join(sandboxDir, "pulumi");
export const standInPlugins = join(checkout, "sandbox", "plugins", "bin");
const store = join(cacheDir, "pulumi-plugins");

/** The plugins' versions are those of the npm packages that the program uses. */
function wanted(): readonly { name: string; version: string }[] {
  const manifest = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  return ["command", "kubernetes"].map((name) => ({
    name,
    version: manifest.dependencies[`@pulumi/${name}`] ?? "",
  }));
}

/** Where the Pulumi CLI downloads plugins from, asked with a short limit: without it every start would wait. */
async function canDownload(): Promise<boolean> {
  try {
    await fetch("https://get.pulumi.com", { method: "HEAD", signal: AbortSignal.timeout(3000) });
    return true;
  } catch {
    return false;
  }
}

export async function choosePlugins(path: string): Promise<Plugins> {
  mkdirSync(store, { recursive: true });
  mkdirSync(pulumiHome, { recursive: true });
  const folder = join(pulumiHome, "plugins");
  if (!existsSync(folder)) symlinkSync(store, folder);
  const asked = process.env["SANDBOX_PLUGINS"];
  if (asked === "stand-in") return { kind: "stand-in", note: "stand-ins, as SANDBOX_PLUGINS asks" };

  // A shell that has sourced .sandbox/env has the stand-ins of some checkout on its path.
  const realPath = path.split(delimiter).filter((folder) => !folder.endsWith("/sandbox/plugins/bin"));
  const onPath = (name: string) =>
    findOnPath(`pulumi-resource-${name}`, realPath.join(delimiter)) !== undefined;
  const stored = (name: string, version: string) => existsSync(join(store, `resource-${name}-v${version}`));
  const absent = () => wanted().filter(({ name, version }) => !onPath(name) && !stored(name, version));
  const reachable = absent().length === 0 || (await canDownload());
  if (reachable) {
    const env = { ...process.env, PATH: path, PULUMI_HOME: pulumiHome, PULUMI_SKIP_UPDATE_CHECK: "true" };
    for (const { name, version } of absent()) {
      await tryExec("pulumi", ["plugin", "install", "resource", name, version], { env, timeoutSeconds: 180 });
    }
  }
  const missing = absent().map(({ name, version }) => `${name} ${version}`);
  if (missing.length === 0) return { kind: "real", note: "the real plugins" };
  const note = `the real plugins cannot be had here (${missing.join(", ")}: not on PATH, and no download)`;
  if (asked === "real") throw new Error(`SANDBOX_PLUGINS=real, but ${note}`);
  return { kind: "stand-in", note: `stand-ins; ${note}` };
}
