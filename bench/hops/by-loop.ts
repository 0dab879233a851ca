import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exec } from "../../sandbox/exec";
import { createInstance } from "../../sandbox/instance";
import { from, hops } from "./path";

/** The way by the shell loop, on an instance of its own; in milliseconds. */
export async function walkByLoop(): Promise<number> {
  const instance = await createInstance("bench-loop");
  const folder = mkdtempSync(join(tmpdir(), "bsr-bench-"));
  try {
    const { env, namespace } = instance;
    const chart = env["BSR_SANDBOX_CHART"] ?? "";
    const values = join(folder, "values.json");
    writeFileSync(values, JSON.stringify(instance.values));
    const install = [
      "install",
      "bsr",
      chart,
      "--version",
      from,
      "--namespace",
      namespace,
      "--values",
      values,
    ];
    await exec("helm", [...install, "--wait"], { env });
    const began = performance.now();
    await exec("sh", [join(__dirname, "loop.sh"), chart, namespace, values, ...hops], { env });
    return performance.now() - began;
  } finally {
    rmSync(folder, { recursive: true });
    await instance.close();
  }
}
