import { strict as assert } from "node:assert";
import { ApiException, CoreV1Api } from "@kubernetes/client-node";
import { connect, mayPass, reasonOf } from "../../components/migrations/cluster/connection";
import { LocalServer } from "../local-server";

describe("a request to the cluster", () => {
  let answer: (request: { destroy(): void }) => void;
  const server = new LocalServer((request) => answer(request.socket));

  before(() => server.start());
  after(() => server.stop());

  async function ask(milliseconds?: number): Promise<unknown> {
    const kubeconfig = server.kubeconfig();
    const api = connect({ kubeconfig }, milliseconds).makeApiClient(CoreV1Api);
    return api.listNamespacedPod({ namespace: "bsr" }).then(
      () => assert.fail("it was answered"),
      (error: unknown) => error,
    );
  }

  it("ends when the API server hangs", async () => {
    answer = () => undefined;
    const error = await ask(100);
    assert.equal(reasonOf(error), "the API server did not answer in time");
    assert.equal(mayPass(error), true);
  });

  it("may be made again when the connection broke off", async () => {
    answer = (socket) => socket.destroy();
    assert.equal(mayPass(await ask()), true);
  });

  for (const [status, may] of [
    [401, false],
    [403, false],
    [404, false],
    [409, false],
    [429, true],
    [500, true],
    [503, true],
    [504, true],
  ] as const) {
    it(`${may ? "may" : "need not"} be made again after HTTP ${status}`, () => {
      assert.equal(mayPass(new ApiException(status, "", "", {})), may);
    });
  }

  for (const [page, said] of [
    [`a proxy's page ${"word ".repeat(100)}`, /^HTTP 502: a proxy's page (word ){37}…$/],
    [`<html>${"x".repeat(500)}`, /^HTTP 502: <html>…$/],
    ["x".repeat(500), /^HTTP 502: …$/],
    ["a short\n  page", /^HTTP 502: a short page$/],
  ] as const) {
    it(`quotes the beginning of what answers in its place, whole words only: ${page.slice(0, 20)}`, () => {
      assert.match(reasonOf(new ApiException(502, "", page, {})), said);
    });
  }

  it("need not be made again when the certificate is not trusted", () => {
    const cause = Object.assign(new Error("self-signed certificate"), {
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
    assert.equal(mayPass(new TypeError("fetch failed", { cause })), false);
  });
});
