import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";

/** A copy of this checkout's sources, with its modules. */
export function copyCheckout(from: string, to: string): void {
  const copy = `
    mkdir -p "$2" && cd "$1"
    git ls-files --cached --others --exclude-standard -z | tar -cf - --null --ignore-failed-read -T - 2>/dev/null | tar -xf - -C "$2"
    ln -s "$1/node_modules" "$2/node_modules"
  `;
  const { status, stderr } = spawnSync("sh", ["-c", copy, "sh", from, to], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
}
