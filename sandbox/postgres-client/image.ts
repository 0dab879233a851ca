/**
 * What the official `postgres` image offers to a script, made of this machine's programs without Docker: Postgres'
 * clients with their libraries, where Debian has them, and busybox for the shell and its tools.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Artifact, blob } from "../bsr/registry";
import { tar, type TarFile } from "../bsr/tar";
import { exec } from "../exec";
import { systemPath } from "../setup/packages";

const clients = ["psql", "pg_dump", "pg_restore", "pg_isready", "createdb", "dropdb"];

/** One name of busybox each. */
const applets = (
  "sh [ awk basename cat chmod cp cut date dd df dirname du echo env expr false find grep gunzip gzip head hostname id " +
  "ln ls mkdir mkfifo mktemp mv od printf pwd readlink realpath rm rmdir sed seq sha256sum sleep sort stat sync tail " +
  "tar tee test timeout touch tr true tty uname uniq wc xargs"
).split(" ");

/** Whom its containers run as; a pod may say another user, none needs to be known in the image. */
const user = "65532";

/**
 * The image of a busybox without libraries and of the clients in a folder of Debian's Postgres. Scripts are found before
 * the programs of the same name, by which a test has one that does the wrong thing.
 */
export async function postgresClient(
  busybox: string,
  bin: string,
  scripts: Readonly<Record<string, string>> = {},
): Promise<Artifact> {
  const programs = clients.map((name) => join(bin, name));
  const files = [...programs, ...(await librariesOf(programs))].map((path): TarFile => ({
    path: path.slice(1),
    content: readFileSync(path),
    executable: true,
  }));
  const layer = blob(
    "application/vnd.oci.image.layer.v1.tar",
    tar([
      { path: "tmp/", mode: 0o1777 },
      { path: "bin/busybox", content: readFileSync(busybox), executable: true },
      ...applets.map((name) => ({ path: `bin/${name}`, target: "busybox" })),
      ...files,
      ...Object.entries(scripts).map(([name, content]) => ({
        path: `usr/local/bin/${name}`,
        content,
        executable: true,
      })),
    ]),
  );
  const config = blob("application/vnd.oci.image.config.v1+json", {
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: { User: user, Cmd: ["sh"], Env: [`PATH=${systemPath}:${bin}`] },
    rootfs: { type: "layers", diff_ids: [layer.digest] },
  });
  return { config, layers: [layer] };
}

/** The libraries that programs are linked with, and the loader, at the paths where they are looked for. */
async function librariesOf(programs: readonly string[]): Promise<readonly string[]> {
  const listed = await exec("ldd", programs, { env: { PATH: systemPath, LC_ALL: "C" } });
  const missing = /^\s*(\S+) => not found$/m.exec(listed)?.[1];
  if (missing !== undefined) throw new Error(`Postgres' clients need ${missing}, which this machine lacks`);
  // "name => /path (address)", and for the loader "/path (address)".
  const paths = [...listed.matchAll(/(\/\S+) \(0x[0-9a-f]+\)$/gm)].map(([, path = ""]) => path);
  return [...new Set(paths)].sort();
}
