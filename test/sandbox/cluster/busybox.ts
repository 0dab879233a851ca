/** A small image of this machine's static busybox, pushed to the sandbox's registry: shell, web server, nc. */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { blob, push } from "../../../sandbox/bsr/registry";
import { tar } from "../../../sandbox/bsr/tar";
import { findOnPath } from "../../../sandbox/setup/go-tools";
import { systemPath } from "../../../sandbox/setup/packages";

/** Pushes it under that name and returns the reference that a pod pulls. */
export async function pushBusybox(registry: string, repository: string): Promise<string> {
  const file = findOnPath("busybox", systemPath);
  assert.ok(file, "busybox is needed for the image of these tests: apt-get install busybox-static");
  const content = readFileSync(file);
  const layer = blob(
    "application/vnd.oci.image.layer.v1.tar",
    tar([{ path: "bin/sh", content, executable: true }]),
  );
  const config = blob("application/vnd.oci.image.config.v1+json", {
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: { Env: ["PATH=/bin"] },
    rootfs: { type: "layers", diff_ids: [layer.digest] },
  });
  await push(registry, repository, "1", { config, layers: [layer] });
  return `${registry}/${repository}:1`;
}
