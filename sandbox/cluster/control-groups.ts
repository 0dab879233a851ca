/**
 * The control groups that containerd made for containers. They are not removed with their processes. Removing one that
 * still has processes fails, so no group of anyone else can be lost here.
 */
import { existsSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "./until";

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

function remove(group: string): boolean {
  const below = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const emptied = below.map((entry) => remove(join(group, entry.name))).every(Boolean);
  try {
    rmdirSync(group);
    return emptied;
  } catch {
    return false;
  }
}

/** A container's processes may take a moment to be gone from their group. */
export async function removeControlGroups(): Promise<void> {
  await until("the containers' control groups to go", 10, () => groups().map(remove).every(Boolean));
}
