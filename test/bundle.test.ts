import assert from "node:assert/strict";
import { readFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as source from "../components/kubernetes-client";
import { bundle } from "../tools/bundle/bundle";

describe("what the package has of the Kubernetes client", function () {
  this.timeout("60s");
  let folder: string;
  let server: Server;
  let client: typeof source;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bsr-test-"));
    bundle(folder);
    // From where no package is found.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    client = require(join(folder, "components", "kubernetes-client.js")) as typeof source;
    server = createServer((_, response) => {
      const metadata = { name: "bufd-1", creationTimestamp: "2026-01-02T03:04:05Z" };
      response.setHeader("content-type", "application/json").end(JSON.stringify({ items: [{ metadata }] }));
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  });

  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it("is all that the source names", () => {
    assert.deepEqual(Object.keys(client).sort(), Object.keys(source).sort());
  });

  it("reads objects as the whole client does", async () => {
    const config = new client.KubeConfig();
    const { port } = server.address() as AddressInfo;
    config.loadFromClusterAndUser(
      { name: "test", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
      { name: "test" },
    );
    const { items } = await config.makeApiClient(client.CoreV1Api).listNamespacedPod({ namespace: "bsr" });
    assert.deepEqual(
      items.map(({ metadata }) => [metadata?.name, metadata?.creationTimestamp]),
      [["bufd-1", new Date("2026-01-02T03:04:05Z")]],
    );
  });

  it("comes with the licenses of what is in it", () => {
    const notices = readFileSync(join(folder, "components", "third-party-notices.txt"), "utf8");
    assert.match(notices, /^@kubernetes\/client-node 2\.0\.1 \(Apache-2\.0\)$/m);
    assert.match(notices, /^undici \S+ \(MIT\)$/m);
    assert.match(notices, /Permission is hereby granted/);
  });
});
