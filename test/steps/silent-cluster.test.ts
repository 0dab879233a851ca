import assert from "node:assert/strict";
import type { ServerResponse, IncomingMessage } from "node:http";
import { awaitDataMigration } from "../../components/migrations/steps/await-data-migration";
import { verify } from "../../components/migrations/steps/verify";
import { ApiServer, goodRecord, goodWorld } from "../bad-input/api-server";
import { contextAt } from "./step-context";

describe("a step whose API server is being replaced when it writes the record", () => {
  const server = new ApiServer();
  before(() => server.start());
  after(() => server.stop());

  /** A cluster in which the record's writes of these numbers, counted from 1, find no API server. */
  function isSilentAt(...numbers: number[]): { writes: number } {
    const counted = { writes: 0 };
    const record = { metadata: { name: "record" }, data: { record: JSON.stringify(goodRecord) } };
    const answer = (response: ServerResponse, { method }: IncomingMessage) => {
      const isSilent = method !== "GET" && numbers.includes(++counted.writes);
      response.writeHead(isSilent ? 503 : 200, { "content-type": "application/json" });
      response.end(
        JSON.stringify(
          isSilent ? { kind: "Status", message: "shutting down" } : { kind: "ConfigMap", ...record },
        ),
      );
    };
    server.world = { ...goodWorld, raw: { "/configmaps/": answer } };
    return counted;
  }

  it("writes again that a data migration has completed", async () => {
    const counted = isSilentAt(1);
    const { context, said } = contextAt(server.kubeconfig("token"));
    await awaitDataMigration(context, {
      ...{ kind: "awaitDataMigration", version: "1.12.1", plannedAtRevision: 1, after: null, check: null },
      ...{ confirmed: true, intervalSeconds: 1, timeoutSeconds: 60 },
    });
    assert.equal(counted.writes, 2);
    assert.ok(
      said().includes("1.12.1: the cluster does not answer: HTTP 503: shutting down"),
      said().join("\n"),
    );
  });

  it("writes again that a transition is done", async () => {
    const counted = isSilentAt(2);
    const { context } = contextAt(server.kubeconfig("token"));
    const verified = await verify(context, {
      ...{ kind: "verify", version: "1.12.1", schemaVersion: null, statusPage: false, keepsSchema: false },
      ...{ maintenance: false, acceptUnhealthy: [], timeoutSeconds: 60 },
    });
    assert.equal(counted.writes, 3);
    assert.equal(verified.deployedVersion, "1.12.1");
  });
});
