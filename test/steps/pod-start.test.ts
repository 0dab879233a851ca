import assert from "node:assert/strict";
import { connect } from "../../components/migrations/cluster/connection";
import { PodStart } from "../../components/migrations/cluster/pods/pod-start";
import { ApiServer, goodWorld } from "../bad-input/api-server";

describe("a Job's pod that cannot be made", () => {
  const server = new ApiServer();
  before(() => server.start());
  after(() => server.stop());

  const event = (message: string, times: object) => ({
    metadata: { name: message, creationTimestamp: "2026-01-01T00:00:00Z" },
    involvedObject: {},
    reason: "FailedCreate",
    message,
    ...times,
  });

  /** What it waits for, of events as the API server lists them. */
  async function waitsFor(items: object[]): Promise<string> {
    const answer = JSON.stringify({ kind: "EventList", items });
    const json = { "content-type": "application/json" };
    server.world = {
      ...goodWorld,
      raw: { "/events": (response) => response.writeHead(200, json).end(answer) },
    };
    const start = new PodStart();
    await start.hopeless(connect({ kubeconfig: server.kubeconfig("token") }), {}, undefined);
    return start.waitsFor;
  }

  it("is told by the event that was seen last, wherever that is listed", async () => {
    const newest = event("exceeded quota", { lastTimestamp: "2026-01-01T12:00:00Z" });
    const older = event("no service account", { lastTimestamp: "2026-01-01T11:00:00Z" });
    assert.equal(await waitsFor([newest, older]), "FailedCreate: exceeded quota");
    assert.equal(await waitsFor([older, newest]), "FailedCreate: exceeded quota");
  });

  it("is told by an event of the newer kind, whose time is of microseconds", async () => {
    const newer = event("exceeded quota", { eventTime: "2026-01-01T12:00:00.123456Z" });
    const older = event("no service account", { lastTimestamp: "2026-01-01T11:00:00Z" });
    assert.equal(await waitsFor([newer, older]), "FailedCreate: exceeded quota");
  });
});
