/** A registry that wants a login, as the registry of a company's own mirror does. It is a test's own. */
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { exec } from "../exec";
import { sandboxDir } from "../paths";
import { findOnPath } from "../setup/go-tools";
import { systemPath } from "../setup/packages";
import type { Login } from "./registry";

export interface PrivateRegistry {
  /** host:port on this machine. Pods do not reach it, so images stay in the sandbox's registry. */
  readonly address: string;
  readonly login: Login;
  /** The address of the BSR's chart for Helm, where publishRelease with this registry and prefix puts it. */
  chart(prefix?: string): string;
  close(): Promise<void>;
}

/** Starts an empty one at a free port. It ends with this process, however that ends. */
export async function startPrivateRegistry(login: Login): Promise<PrivateRegistry> {
  if (findOnPath("docker-registry", systemPath) === undefined) {
    throw new Error(
      "a private registry needs docker-registry, which is not there: install the Debian package docker-registry",
    );
  }
  mkdirSync(sandboxDir, { recursive: true });
  const folder = mkdtempSync(join(sandboxDir, "private-registry-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  const users = join(folder, "users");
  writeFileSync(users, `${login.username}:${await bcrypt(login.password)}\n`, { mode: 0o600 });
  const config = {
    version: "0.1",
    log: { level: "info", accesslog: { disabled: true } },
    storage: { inmemory: {} },
    http: { addr: "127.0.0.1:0" },
    auth: { htpasswd: { realm: "private", path: users } },
  };
  const configFile = join(folder, "config.json");
  writeFileSync(configFile, JSON.stringify(config));

  // The kernel ends it with this process, also when that is killed.
  const command = ["--pdeathsig", "KILL", "docker-registry", "serve", configFile];
  const server = spawn("setpriv", command, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: systemPath },
  });
  const address = await listening(server);
  return {
    address,
    login,
    chart: (prefix) => `oci://${address}/${prefix === undefined ? "" : `${prefix}/`}charts/bsr`,
    async close() {
      if (server.kill("SIGKILL")) await once(server, "exit");
      process.off("exit", remove);
      remove();
    },
  };
}

/** The address that the kernel gave it: choosing a free port beforehand, another could take it in between. */
async function listening(server: ChildProcess): Promise<string> {
  if (server.stderr === null) throw new Error("a private registry has no log to read its address from");
  const said: string[] = [];
  // Read to the end: a full pipe would stop the server.
  const lines = createInterface(server.stderr);
  return new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      const address = /listening on (127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
      said.push(line);
      said.splice(0, said.length - 5);
    });
    server.on("error", reject);
    server.on("exit", () => reject(new Error(`a private registry ended; it said:\n${said.join("\n")}`)));
  });
}

/** The hash that a registry keeps of a password. Perl is on every Debian, and its crypt knows bcrypt. */
async function bcrypt(password: string): Promise<string> {
  const salt = randomBytes(17).toString("base64").replaceAll("+", ".").slice(0, 22);
  const hash = await exec("perl", ["-e", "print crypt(<STDIN>, $ARGV[0])", `$2b$05$${salt}`], {
    input: password,
  });
  if (!hash.startsWith("$2b$")) throw new Error("the crypt of this machine's Perl has no bcrypt");
  return hash;
}
