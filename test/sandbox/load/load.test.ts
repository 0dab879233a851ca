import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type LoadOptions, type LoadReport, startLoad } from "../../../sandbox/load/load";

async function withServer<T>(listener: RequestListener, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Puts load on a server until some requests were answered or have failed, however slow the machine is. */
function loadOn(listener: RequestListener, options: Partial<LoadOptions> = {}): Promise<LoadReport> {
  return withServer(listener, async (url) => {
    const load = await startLoad({ url, requestsPerSecond: 100, ...options });
    while (load.soFar().requests < 40) await sleep(50);
    return load.stop();
  });
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** An API that keeps what is written, as the real one does. */
function goodApi(): RequestListener {
  const names: string[] = [];
  return (incoming, outgoing) => {
    let body = "";
    incoming.on("data", (part: Buffer) => (body += part.toString()));
    incoming.on("end", () => {
      outgoing.statusCode = incoming.method === "POST" ? 201 : 200;
      if (incoming.method === "POST") names.push((JSON.parse(body) as { name: string }).name);
      const id = incoming.method === "POST" ? names.length - 1 : Number(incoming.url?.split("/").at(-1));
      outgoing.end(JSON.stringify({ id, name: names[id] }));
    });
  };
}

describe("the load generator", function () {
  this.timeout(30_000);

  it("counts what was served, and reads back what it wrote", async () => {
    const report = await loadOn(goodApi());
    assert.deepEqual(report.examples, []);
    assert.equal(report.failed, 0);
    assert.ok(
      report.requests <= (report.seconds + 0.1) * 100,
      `${report.requests} requests in ${report.seconds} s`,
    );
    const share = report.written.length / report.requests;
    assert.ok(share > 0.2 && share < 0.3, `a share of ${share} was writes`);
    assert.ok(report.p50 > 0 && report.p50 <= report.p99);
  });

  it("honours a server that closes the connection after its answer", async () => {
    const api = goodApi();
    const report = await loadOn((incoming, outgoing) => {
      outgoing.setHeader("connection", "close");
      api(incoming, outgoing);
    });
    assert.deepEqual(report.examples, []);
  });

  const failing: readonly [string, RequestListener, LoadReport["failures"]][] = [
    ["a server error", (_, outgoing) => outgoing.writeHead(503).end("down"), { "5xx": 1 }],
    ["a client error", (_, outgoing) => outgoing.writeHead(404).end(), { "4xx": 1 }],
    ["a reset before the answer", (incoming) => incoming.socket.resetAndDestroy(), { reset: 1 }],
    ["an end of the connection with no answer", (incoming) => incoming.socket.destroy(), { reset: 1 }],
    [
      "an answer that breaks off",
      (incoming, outgoing) => {
        outgoing.writeHead(200, { "content-length": 100 });
        outgoing.write("half", () => incoming.socket.destroy());
      },
      { reset: 1 },
    ],
    ["a write that made nothing", (_, outgoing) => outgoing.end("{}"), { "wrong answer": 1 }],
    ["no answer in time", () => undefined, { timeout: 1 }],
  ];
  for (const [what, listener, expected] of failing) {
    it(`counts ${what} as a failure of its kind`, async () => {
      // Only writes: a read of a list accepts any good answer.
      const report = await loadOn(listener, {
        writes: 1,
        ...("timeout" in expected && { timeoutSeconds: 0.3 }),
      });
      assert.equal(report.failed, report.requests);
      assert.deepEqual(Object.keys(report.failures), Object.keys(expected));
      assert.deepEqual(report.written, []);
      assert.equal(report.examples[0]?.request, "POST /v1/modules");
    });
  }

  it("counts a lost row as a failure", async () => {
    const api = goodApi();
    const report = await loadOn((incoming, outgoing) => {
      if (/modules\/\d+/.test(incoming.url ?? "")) outgoing.writeHead(404).end();
      else api(incoming, outgoing);
    });
    assert.ok((report.failures["4xx"] ?? 0) > 0);
  });

  it("counts a refused connection", async () => {
    const url = await withServer(
      () => undefined,
      (url) => Promise.resolve(url),
    );
    const load = await startLoad({ url, requestsPerSecond: 100 });
    const report = await load.stop();
    assert.ok(report.failed > 0);
    assert.deepEqual(report.failures, { refused: report.failed });
  });

  it("goes nowhere but to 127.0.0.1", async () => {
    await assert.rejects(startLoad({ url: "http://bsr.example.com" }), {
      message: "load is only ever put on 127.0.0.1, not on bsr.example.com",
    });
  });

  it("ends by itself after its time", async () => {
    const report = await withServer(goodApi(), async (url) => {
      const load = await startLoad({ url, requestsPerSecond: 100, maxSeconds: 0.5 });
      await sleep(1200);
      return load.stop();
    });
    assert.ok(report.requests <= 52, `${report.requests} requests`);
  });
});
