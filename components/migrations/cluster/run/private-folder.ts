import { createHash } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { commandsAtWork, isAlive } from "./local-run";

/** Containers may share a folder for temporary files, and their processes have the same numbers. */
const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

const ours = new RegExp(`^bsr-${machine}-(\\d+)-\\w{6}$`);

/** A folder that nobody else can read, for as long as it is used: helm takes log-ins and kubeconfigs as files. */
export async function withPrivateFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), `bsr-${machine}-${process.pid}-`));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Removes the folders of this user that processes of this machine have left which were killed. A helm that outlives its
 * step may still read in one. Never fails: what stays is readable by its user only.
 */
export function removeLeftFolders(): void {
  try {
    const left = readdirSync(tmpdir()).filter((entry) => isLeft(entry));
    if (left.length === 0) return;
    const commands = commandsAtWork();
    for (const entry of left) {
      if (commands.some((command) => command.includes(entry))) continue;
      rmSync(join(tmpdir(), entry), { recursive: true, force: true });
    }
  } catch {
    // Another run removes them as well.
  }
}

function isLeft(entry: string): boolean {
  const pid = ours.exec(entry)?.[1];
  if (pid === undefined || isAlive(Number(pid))) return false;
  const found = lstatSync(join(tmpdir(), entry));
  return found.isDirectory() && found.uid === process.getuid?.();
}
