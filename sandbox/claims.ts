/** Claims of an instance: each is bound to a folder of this machine, so that a test sees what pods write. */
import { chmodSync, mkdirSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { nodeProcess } from "./cluster/node";
import { exec } from "./exec";
import { sandboxDir } from "./paths";

export interface ClaimOptions {
  /** The volume holds no more than this; else as much as the machine. */
  readonly sizeMegabytes?: number;
}

interface Claim {
  readonly volume: string;
  readonly folder: string;
  /** The node's process while a file system is mounted on the folder, in that process's mount namespace. */
  readonly mountedBy?: number;
}

export class Claims {
  private readonly made: Claim[] = [];

  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly namespace: string,
  ) {}

  /** Makes a claim with its volume, waits until they are bound, and returns the folder as this process sees it. */
  async make(name: string, { sizeMegabytes }: ClaimOptions = {}): Promise<string> {
    const node = nodeProcess();
    if (node === undefined)
      throw new Error("a claim is a folder of the sandbox's own node, which does not run on this machine");
    const volume = `${this.namespace}-${name}`;
    const folders = join(sandboxDir, "claims");
    mkdirSync(folders, { recursive: true });
    const folder = join(realpathSync(folders), volume);
    mkdirSync(folder);
    // Past the umask: pods run as any user.
    chmodSync(folder, 0o777);
    if (sizeMegabytes !== undefined) {
      const options = `size=${sizeMegabytes}m,mode=0777`;
      await inNode(node.pid, "mount", "--no-mtab", "-t", "tmpfs", "-o", options, "tmpfs", folder);
    }
    this.made.push({ volume, folder, ...(sizeMegabytes === undefined ? {} : { mountedBy: node.pid }) });
    await this.apply(name, volume, folder);
    return sizeMegabytes === undefined ? folder : `/proc/${node.pid}/root${folder}`;
  }

  /** Removes volumes and folders. The claims go with the namespace. */
  async remove(): Promise<void> {
    for (let claim = this.made.pop(); claim !== undefined; claim = this.made.pop()) {
      const { volume, folder, mountedBy } = claim;
      await exec("kubectl", ["delete", "pv", volume, "--ignore-not-found", "--wait=false"], {
        env: this.env,
      });
      // After an end of the node the mount is gone already. A pod that still ends keeps its own.
      if (mountedBy !== undefined && nodeProcess()?.pid === mountedBy)
        await inNode(mountedBy, "umount", "--lazy", folder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  private async apply(name: string, volume: string, folder: string): Promise<void> {
    const { env, namespace } = this;
    const size = { storage: "1Gi" };
    const shared = { storageClassName: "", accessModes: ["ReadWriteOnce"] };
    const items = [
      {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: volume },
        spec: {
          ...shared,
          capacity: size,
          persistentVolumeReclaimPolicy: "Retain",
          claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name },
          hostPath: { path: folder, type: "Directory" },
        },
      },
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name, namespace },
        spec: { ...shared, volumeName: volume, resources: { requests: size } },
      },
    ];
    const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    await exec("kubectl", ["apply", "-f", "-"], { env, input });
    const bound = ["--for=jsonpath={.status.phase}=Bound", "--timeout=60s"];
    await exec("kubectl", ["-n", namespace, "wait", `pvc/${name}`, ...bound], { env });
  }
}

/**
 * Runs a program where the kubelet and containerd see what it mounts. It enters the node's process namespace too: the
 * /proc that is mounted there is of that one.
 */
function inNode(pid: number, ...command: string[]): Promise<string> {
  const namespaces = `/proc/${pid}/ns`;
  const enter = [`--mount=${namespaces}/mnt`, `--pid=${namespaces}/pid_for_children`, "--"];
  return exec("nsenter", [...enter, ...command]);
}
