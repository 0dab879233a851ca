import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Release } from "./inputs";

/**
 * Runs something of helm with the login of `repositoryOpts`, in the environment that it is given for that. The login
 * is in a registry configuration of its own, which only this user can read and which is gone afterwards: no other
 * login is seen then, and the user's own configuration is not touched. Half a login is none.
 */
export async function withRegistryLogin<Result>(
  { chart, repositoryOpts }: Release,
  work: (env: NodeJS.ProcessEnv) => Promise<Result>,
): Promise<Result> {
  const { username = "", password = "" } = repositoryOpts ?? {};
  if (username === "" || password === "") return work({});
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  const folder = mkdtempSync(join(tmpdir(), "bsr-registry-login-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // A plugin that is told to end does not come to the end of what it is doing.
  process.once("exit", remove);
  try {
    const file = join(folder, "config.json");
    const auths = { [new URL(chart.trim()).host]: { auth } };
    writeFileSync(file, JSON.stringify({ auths }), { mode: 0o600 });
    return await work({ HELM_REGISTRY_CONFIG: file });
  } finally {
    process.off("exit", remove);
    remove();
  }
}
