/**
 * The control groups that containerd made for containers. They are not removed with their processes. One that still has
 * processes cannot be removed, so those of another containerd are safe.
 */
import { existsSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** containerd's name for what belongs to Kubernetes. */
const groupName = "k8s.io";

function groups(): readonly string[] {
  return readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, , type]) => type === "cgroup" || type === "cgroup2")
    .map(([, mountPoint = ""]) => join(mountPoint, groupName))
    .filter((group) => existsSync(group));
}

/** Removes what can be removed, and counts what is left. */
function remove(group: string): number {
  try {
    const below = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const left = below.reduce((sum, entry) => sum + remove(join(group, entry.name)), 0);
    if (left > 0) return left + 1;
    rmdirSync(group);
  } catch {
    // In use, or gone by itself.
  }
  return existsSync(group) ? 1 : 0;
}

/** A group may stay in use for a moment after its last process. One that stays for longer is someone else's. */
export async function removeControlGroups(): Promise<void> {
  let left = Infinity;
  for (let unchanged = 0; left > 0 && unchanged < 10;) {
    const now = groups().reduce((sum, group) => sum + remove(group), 0);
    unchanged = now < left ? 0 : unchanged + 1;
    left = now;
    if (left > 0) await sleep(50);
  }
}
