import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Probe } from "../../bench/downtime/probe";

/** What the server answers, one after the other; the last one for ever. */
type Answer = { readonly version: string } | "refused" | "broken off";

describe("the probe of the downtime bench", () => {
  const servers: Server[] = [];

  after(() => servers.forEach((server) => server.close()));

  const probing = async (answers: readonly Answer[]) => {
    const answeredAt: number[] = [];
    const server = createServer((request, response) => {
      const answer = answers[Math.min(answeredAt.length, answers.length - 1)];
      answeredAt.push(performance.now());
      if (answer === "broken off") request.destroy();
      else if (answer === "refused") response.writeHead(503).end();
      else response.end(JSON.stringify(answer));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return { probe: new Probe(`http://127.0.0.1:${port}`), answeredAt };
  };

  for (const kind of ["refused", "broken off"] as const) {
    it(`measures from the first request that was ${kind} to the first that the new version served`, async () => {
      const { probe, answeredAt } = await probing([
        { version: "1.0.0" },
        kind,
        // A pod of before that still serves ends no downtime.
        { version: "1.0.0" },
        kind,
        { version: "2.0.0" },
      ]);
      await probe.servedBy("2.0.0");
      await probe.stop();
      assert.equal(probe.failed, 2);
      const [, refused = 0, , , served = 0] = answeredAt;
      assert.ok(probe.firstRefused <= refused, "it counts from when the request was sent");
      assert.ok(probe.firstServedBy("2.0.0") >= served, "it counts until the answer was there");
    });
  }

  it("says so where nothing was refused", async () => {
    const { probe } = await probing([{ version: "1.0.0" }]);
    await probe.servedBy("1.0.0");
    await probe.stop();
    assert.equal(probe.failed, 0);
    assert.throws(() => probe.firstRefused, /no request was refused/);
  });
});
