/**
 * The sandbox's commands:
 *   up             starts what does not run, and leaves .sandbox/env
 *   down           ends it
 *   run <command>  runs a command in the sandbox's environment; a sandbox that it had to start is ended after it
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { publishAll } from "./bsr/publish";
import { type Cluster, running, startCluster, stopCluster } from "./cluster";
import { sandboxEnv, writeSandboxEnv } from "./env";
import { tryExec } from "./exec";
import { ownCluster, wantsOwnCluster } from "./own-cluster";
import { cacheDir, checkout, envFile, runDir } from "./paths";
import { postgresClientImage, publishPostgresClient } from "./postgres-client";
import { say, seconds } from "./say";
import { buildTools, findTools } from "./setup/go-tools";
import { checkMachine } from "./setup/machine";
import { installPackages, postgresBin } from "./setup/packages";
import { choosePlugins, pulumiHome, standInPlugins } from "./setup/plugins";

async function up(): Promise<void> {
  const begun = Date.now();
  const existing = wantsOwnCluster() ? undefined : await running();
  const tools = await findTools();
  await checkMachine(tools, wantsOwnCluster());
  say(`using node ${process.version} (${process.execPath})`);
  for (const line of tools.used) say(`using ${line}`);
  // Some things can be tried only with the programs that are there now.
  if (!wantsOwnCluster() && (await installPackages())) await checkMachine(tools, false);
  await buildTools(tools);

  const from = Date.now();
  const toolPath = tools.folders.join(":");
  const cluster = existing ?? (wantsOwnCluster() ? ownCluster() : await startCluster(toolPath));
  // Written when all is there, so that whoever waits for it finds a complete sandbox.
  const env = await environment(cluster, toolPath);
  await publish(cluster.registry);
  writeSandboxEnv(env);
  say(`up after ${seconds(from)} (set-up before that: ${((from - begun) / 1000).toFixed(1)} s)`);
  say("source .sandbox/env, and kubectl, helm, psql and pulumi use it");
}

async function environment(cluster: Cluster, toolPath: string): Promise<Record<string, string>> {
  const hostPath = [toolPath, dirname(process.execPath), postgresBin(), process.env["PATH"]]
    .filter(Boolean)
    .join(":");
  const plugins = await choosePlugins(hostPath);
  say(`Pulumi plugins: ${plugins.note}`);
  const standIn = plugins.kind === "stand-in";
  const state = join(pulumiHome, "state");
  mkdirSync(state, { recursive: true });
  return {
    // The SDK's folder has the plugin for dynamic resources.
    PATH: [
      ...(standIn ? [standInPlugins] : []),
      join(checkout, "node_modules", "@pulumi", "pulumi"),
      hostPath,
    ].join(":"),
    KUBECONFIG: cluster.kubeconfig,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "sandbox",
    PULUMI_HOME: pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Types are checked by `make test-fast`; checking them in every preview would take most of its time.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    // Node keeps what V8 makes of the SDKs: loading them is most of what a plugin, a step or a program costs.
    NODE_COMPILE_CACHE: join(cacheDir, "node-compile-cache"),
    ...(standIn ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } : {}),
    BSR_SANDBOX_PLUGINS: plugins.kind,
    BSR_SANDBOX_REGISTRY: cluster.registry,
    BSR_SANDBOX_CHART: `oci://${cluster.registry}/charts/bsr`,
    BSR_SANDBOX_NODE: cluster.node,
    BSR_SANDBOX_POSTGRES_IMAGE: postgresClientImage(cluster.registry) ?? "",
    BSR_SANDBOX_POSTGRES_HOST: cluster.postgres.host,
    BSR_SANDBOX_POSTGRES_PORT: String(cluster.postgres.port),
    BSR_SANDBOX_POSTGRES_PASSWORD: cluster.postgres.password,
    PGHOST: cluster.postgres.fromHere,
    PGPORT: String(cluster.postgres.portFromHere),
    PGUSER: "postgres",
    PGPASSWORD: cluster.postgres.password,
  };
}

/** The stand-in BSR's charts and images, and Postgres' clients. What the registry has already is left alone. */
async function publish(registry: string): Promise<void> {
  const from = Date.now();
  await publishPostgresClient(registry);
  const releases = await publishAll(registry);
  const changed = releases.filter((release) => release.changed).length;
  say(
    `the registry has ${releases.length} releases of the stand-in BSR, ${changed} of them new (${seconds(from)})`,
  );
}

/** True when nothing had to be started. Releases that were added since are published. */
async function upAlready(): Promise<boolean> {
  if (wantsOwnCluster() || !existsSync(envFile)) return false;
  const cluster = await running();
  if (cluster === undefined) return false;
  say("it runs already");
  await publish(cluster.registry);
  return true;
}

async function down(): Promise<void> {
  if (wantsOwnCluster()) rmSync(envFile, { force: true });
  else await stopCluster();
}

const node = ["-r", "ts-node/register/transpile-only"];

let current: { pid: number; mayBeInterrupted: boolean } | undefined;
let interrupted: NodeJS.Signals | undefined;

/** Runs a command in a process group of its own, so that a signal reaches all of it, once. */
function child(
  [command = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  mayBeInterrupted = true,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = spawn(command, args, {
      stdio: ["ignore", "inherit", "inherit"],
      env,
      detached: true,
      cwd: checkout,
    });
    if (started.pid !== undefined) current = { pid: started.pid, mayBeInterrupted };
    started.on("error", reject);
    started.on("exit", (status) => {
      current = undefined;
      resolve(status ?? 1);
    });
  });
}

async function run(command: readonly string[]): Promise<number> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      interrupted = signal;
      if (current?.mayBeInterrupted) process.kill(-current.pid, signal);
    });
  }
  const self = (what: string, mayBeInterrupted = true) =>
    child([process.execPath, ...node, __filename, what], process.env, mayBeInterrupted);
  const ranBefore = !wantsOwnCluster() && existsSync(envFile) && (await running()) !== undefined;
  let status = await self("up");
  if (status === 0 && interrupted === undefined) status = await child(command, sandboxEnv());
  if (!ranBefore) status = (await self("down", false)) || status;
  return interrupted === undefined ? status : 130;
}

/** Two starts or ends at a time would undo each other's work. */
async function alone(work: () => Promise<void>): Promise<void> {
  const lock = dirname(runDir);
  if (process.platform !== "linux" || process.getuid?.() !== 0 || process.env["SANDBOX_LOCKED"] === "1")
    return work();
  const again = [process.execPath, ...node, __filename, ...process.argv.slice(2)];
  const free = await tryExec("flock", ["-n", lock, "true"]);
  if (free.status !== 0) say("another start or end of a sandbox is under way; waiting for it");
  // The servers must not inherit the lock (-o).
  process.exitCode = await child(["flock", "-o", lock, ...again], { ...process.env, SANDBOX_LOCKED: "1" });
}

async function main([what = "", ...command]: readonly string[]): Promise<void> {
  if (what === "up") await ((await upAlready()) || alone(up));
  else if (what === "down") await alone(down);
  else if (what === "run" && command.length > 0) process.exitCode = await run(command);
  else throw new Error("usage: up | down | run <command>");
}

main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
