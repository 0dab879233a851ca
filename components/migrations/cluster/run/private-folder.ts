import { createHash } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { commandsAtWork, isAlive } from "./local-run";

/** Identifies the machine: containers may share a folder for temporary files and have equal process numbers. */
const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

const ours = new RegExp(`^bsr-${machine}-(\\d+)-\\w{6}$`);

/** Makes a folder that nobody else can read, and removes it after use. Helm takes logins and kubeconfigs as files. */
export async function withPrivateFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), `bsr-${machine}-${process.pid}-`));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Removes folders of this user that killed processes of this machine have left, except those that a helm still reads.
 * It never fails: what stays is readable by its user only.
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
