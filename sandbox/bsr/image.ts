/** Container images without Docker: one layer with the program, shared by all, and one that says the release. */
import { type Artifact, type Blob, blob } from "./registry";
import { tar } from "./tar";

const layerType = "application/vnd.oci.image.layer.v1.tar";

/** Whom the containers run as. The chart says the same. */
const user = "65532";

export function programLayer(bufd: Buffer): Blob {
  return blob(layerType, tar([{ path: "usr/local/bin/bufd", content: bufd, executable: true }]));
}

export function image(program: Blob, version: string, databaseVersion: number | null): Artifact {
  const release = JSON.stringify({ version, databaseVersion: databaseVersion ?? 0 }) + "\n";
  const layers = [program, blob(layerType, tar([{ path: "etc/bsr/release.json", content: release }]))];
  const config = blob("application/vnd.oci.image.config.v1+json", {
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: { User: user, Entrypoint: ["/usr/local/bin/bufd"], Env: ["PATH=/usr/local/bin"] },
    // The layers are not compressed, so a layer's digest is its content's.
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
  });
  return { config, layers };
}
