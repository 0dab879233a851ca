/** The image of the container that holds a pod's network namespace open: busybox, asleep. */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exec } from "../exec";
import { findOnPath } from "../setup/go-tools";
import { systemPath } from "../setup/packages";

export const pauseImage = "sandbox.local/pause:1";

const env = { PATH: systemPath };

/** Writes it as `docker save` would. */
export async function writePauseImage(archive: string): Promise<void> {
  const dir = `${archive}.d`;
  mkdirSync(join(dir, "root"), { recursive: true });
  copyFileSync(findOnPath("busybox", systemPath) ?? "busybox", join(dir, "root", "busybox"));
  await exec(
    "tar",
    ["-C", join(dir, "root"), "--owner=0", "--group=0", "-cf", join(dir, "layer.tar"), "busybox"],
    { env },
  );
  const layer = createHash("sha256")
    .update(readFileSync(join(dir, "layer.tar")))
    .digest("hex");
  const config = {
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: { Entrypoint: ["/busybox", "sleep", "infinity"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${layer}`] },
  };
  writeFileSync(join(dir, "config.json"), JSON.stringify(config));
  const manifest = [{ Config: "config.json", RepoTags: [pauseImage], Layers: ["layer.tar"] }];
  writeFileSync(join(dir, "manifest.json"), JSON.stringify(manifest));
  await exec("tar", ["-C", dir, "-cf", archive, "manifest.json", "config.json", "layer.tar"], { env });
  rmSync(dir, { recursive: true });
}
