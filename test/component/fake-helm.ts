import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/**
 * Puts a helm on PATH that has every chart and renders every value, for tests that need no cluster and run where
 * there is no helm. Put back by what it answers.
 */
export function fakeHelm(script = ""): () => void {
  const folder = mkdtempSync(join(tmpdir(), "bsr-fake-helm-"));
  const program = join(folder, "helm");
  writeFileSync(
    program,
    [
      "#!/bin/sh",
      script,
      'case "$1" in',
      "version) echo v3.20.2;;",
      'pull) while [ "$1" != --destination ]; do shift; done; touch "$2/bsr.tgz"; echo "Digest: sha256:0" >&2;;',
      "show) echo '{}';;",
      "template) cat > /dev/null;;",
      "esac",
      "",
    ].join("\n"),
  );
  chmodSync(program, 0o755);
  const path = process.env["PATH"];
  process.env["PATH"] = `${folder}${delimiter}${path}`;
  return () => {
    process.env["PATH"] = path;
    rmSync(folder, { recursive: true, force: true });
  };
}
