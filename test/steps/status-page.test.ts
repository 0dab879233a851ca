import { strict as assert } from "node:assert";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { readStatusPage } from "../../components/migrations/cluster/pods/status-page";

/** What the API server's pod proxy hands through, asked by real HTTP. */
describe("a status page", () => {
  let server: Server;
  let answer: { readonly status: number; readonly body: string };
  let asked: string | undefined;

  before(async () => {
    server = createServer((request, response) => {
      asked = request.url;
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  after(() => new Promise((resolve) => server.close(resolve)));

  function read(body: unknown, status = 200) {
    answer = { status, body: typeof body === "string" ? body : JSON.stringify(body) };
    const config = new KubeConfig();
    const { port } = server.address() as AddressInfo;
    config.loadFromClusterAndUser(
      { name: "test", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
      { name: "nobody" },
    );
    return readStatusPage(config, "bsr", "bufd-1");
  }

  const pageWith = (...results: object[]) => ({ overall_status: "healthy", results });
  const migrations = (message: string) => pageWith({ name: "migrations", status: "healthy", message });
  const version = (message: string) => pageWith({ name: "version", status: "healthy", message });

  it("is asked for through the API server, at bufd's own port", async () => {
    await read(pageWith());
    assert.equal(
      decodeURIComponent(asked ?? ""),
      "/api/v1/namespaces/bsr/pods/bufd-1:3003/proxy/-/status/json",
    );
  });

  it("tells schema versions, version and every item", async () => {
    const results = [
      { name: "migrations", status: "healthy", message: "Migrations: current: 297, target: 297" },
      { name: "redis", status: "unhealthy", message: "dial tcp: refused" },
      { name: "version", status: "healthy", message: "BSR is up to date, bsr version: 1.11.0" },
    ];
    assert.deepEqual(await read({ overall_status: "unhealthy", results }), {
      items: results,
      migrations: { current: 297, target: 297 },
      version: "1.11.0",
    });
  });

  const messages: [string, { current: number; target: number } | null][] = [
    ["Migrations: current: 297, target: 298", { current: 297, target: 298 }],
    ["current:297,target:298", { current: 297, target: 298 }],
    ["Migrations: current: 9, target: 10 (running)", { current: 9, target: 10 }],
    ["Migrations are running", null],
    ["", null],
  ];
  for (const [message, expected] of messages) {
    it(`has ${expected === null ? "no schema versions" : "schema versions"} in "${message}"`, async () => {
      assert.deepEqual((await read(migrations(message))).migrations, expected);
    });
  }

  const versions: [string, string | null][] = [
    ["bsr version: 1.11.0", "1.11.0"],
    ["bsr version: v1.11.0", "1.11.0"],
    ["the version is not known", null],
  ];
  for (const [message, expected] of versions) {
    it(`has ${expected ?? "no version"} in "${message}"`, async () => {
      assert.equal((await read(version(message))).version, expected);
    });
  }

  it("may leave out items and messages", async () => {
    assert.deepEqual(await read(pageWith({ name: "storage", status: "healthy" })), {
      items: [{ name: "storage", status: "healthy", message: "" }],
      migrations: null,
      version: null,
    });
  });

  it("that is no status page is an error, never a healthy one", async () => {
    await assert.rejects(read({ hello: "world" }), /overall_status/);
    await assert.rejects(read("<html>"));
  });

  it("that cannot be served is an error, never a healthy one", async () => {
    await assert.rejects(read(pageWith(), 503), { code: 503 });
  });
});
