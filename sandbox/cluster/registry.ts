/** The OCI registry that holds charts and images. Its storage outlives a restart only through the publisher's cache. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sandboxDir } from "../paths";
import { systemPath } from "../setup/packages";
import type { Ports } from "./ports";
import { ready, start } from "./processes";

export const registryStorage = join(sandboxDir, "registry");

export async function startRegistry(ports: Ports): Promise<void> {
  mkdirSync(registryStorage, { recursive: true });
  const config = {
    version: "0.1",
    log: { level: "warn", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: registryStorage }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${ports.registry}` },
  };
  const file = join(sandboxDir, "registry.json");
  writeFileSync(file, JSON.stringify(config));
  const registry = start("registry", "docker-registry", ["serve", file], { PATH: systemPath });
  await ready(registry, "the registry", async () => {
    const answer = await fetch(`http://127.0.0.1:${ports.registry}/v2/`).catch(() => undefined);
    return answer?.ok ?? false;
  });
}
