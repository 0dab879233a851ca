/** Publishes the image of Postgres' clients. What the registry has already is left alone. */
import { push } from "../bsr/registry";
import { say } from "../say";
import { findOnPath } from "../setup/go-tools";
import { postgresBin, staticBusybox, systemPath } from "../setup/packages";
import { postgresClient } from "./image";

const repository = "postgres-client";

/** What it is made of, on this machine. With a cluster of the user's own these need not be there. */
function parts(): { busybox: string; bin: string; version: string } | undefined {
  const busybox = findOnPath("busybox", systemPath);
  const bin = postgresBin();
  const version = bin?.split("/").at(-2);
  if (busybox === undefined || bin === undefined || version === undefined || !staticBusybox())
    return undefined;
  return { busybox, bin, version };
}

/** The reference that a pod pulls, undefined where this machine cannot make the image. */
export function postgresClientImage(registry: string): string | undefined {
  const found = parts();
  return found && `${registry}/${repository}:${found.version}`;
}

/** Publishes it where it can be made. True if the registry did not have it. */
export async function publishPostgresClient(registry: string): Promise<boolean> {
  const found = parts();
  if (found === undefined) {
    say("no image of Postgres' clients: it takes Debian's Postgres and busybox-static on this machine");
    return false;
  }
  return push(registry, repository, found.version, await postgresClient(found.busybox, found.bin));
}

/** Publishes one with scripts in place of programs, for one test; returns the reference that a pod pulls. */
export async function publishChangedPostgresClient(
  registry: string,
  prefix: string,
  scripts: Readonly<Record<string, string>>,
): Promise<string> {
  const found = parts();
  if (found === undefined) throw new Error("this machine cannot make an image of Postgres' clients");
  const changed = await postgresClient(found.busybox, found.bin, scripts);
  await push(registry, `${prefix}/${repository}`, found.version, changed);
  return `${registry}/${prefix}/${repository}:${found.version}`;
}
