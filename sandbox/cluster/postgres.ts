import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exec, tryExec } from "../exec";
import { checkout, runDir, sandboxDir } from "../paths";
import { postgresBin, systemPath } from "../setup/packages";
import { joinBridge, type Addresses } from "./network";
import { ready, start } from "./processes";

export const postgresPort = 5432;
export const postgresSockets = join(runDir, "postgres");

/** Starts it and returns the password of its role postgres. */
export async function startPostgres(addresses: Addresses): Promise<string> {
  const bin = postgresBin();
  if (bin === undefined) throw new Error("Postgres is not installed");
  const password = randomBytes(12).toString("hex");
  const data = join(sandboxDir, "postgres");
  const seen = join(runDir, "postgres-data");
  const passwordFile = join(runDir, "postgres-password");
  for (const dir of [data, seen, postgresSockets]) mkdirSync(dir, { recursive: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  await exec("chown", ["postgres:postgres", data, postgresSockets, passwordFile]);
  chmodSync(data, 0o700);

  const env = { PATH: `${bin}:${systemPath}`, LANG: "C.UTF-8" };
  const script = join(checkout, "sandbox", "cluster", "postgres.sh");
  const namespaces = ["--net", "--ipc", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const address = `${addresses.postgres}/${addresses.prefixLength}`;
  const args = [...namespaces, "sh", script, data, seen, postgresSockets, address, passwordFile];
  const postgres = start("postgres", "unshare", args, env);
  const network = (pid: number | "self") => readlinkSync(`/proc/${pid}/ns/net`);
  await ready(postgres, "Postgres' network namespace", () => network(postgres.pid) !== network("self"));
  await joinBridge(postgres.pid);
  const login = { ...env, PGPASSWORD: password };
  await ready(postgres, "Postgres to accept connections", async () => {
    if (!existsSync(join(postgresSockets, `.s.PGSQL.${postgresPort}`))) return false;
    const args = ["-h", postgresSockets, "-p", String(postgresPort), "-U", "postgres", "-Atc", "select 1"];
    return (await tryExec("psql", args, { env: login })).stdout.trim() === "1";
  });
  return password;
}
