import { strict as assert } from "node:assert";
import { ApiException } from "@kubernetes/client-node";
import { Masks } from "../../components/migrations/masks";
import { Progress } from "../../components/migrations/steps/progress";
import { Wait } from "../../components/migrations/steps/wait";

function waiting(limitSeconds = 900) {
  let seconds = 0;
  let said = "";
  const progress = new Progress(new Masks(), (text) => (said += text));
  const context = { progress, signal: new AbortController().signal };
  const wait = new Wait(context, "1.5.1", limitSeconds, () => seconds * 1000);
  return {
    wait,
    passes: (more: number) => (seconds += more),
    said: () => said.split("\n").filter((line) => line !== ""),
  };
}

const unavailable = () => new ApiException(503, "", "apiserver is shutting down", {});

describe("a wait", () => {
  it("says what it waits for when that changes, and after every 30 s in which it does not", () => {
    const { wait, passes, said } = waiting();
    for (let second = 0; second < 70; second++, passes(1)) wait.tell(second < 5 ? "bufd 0/2" : "bufd 1/2");
    wait.tell("bufd 2/2");
    assert.deepEqual(said(), [
      "1.5.1: bufd 0/2",
      "1.5.1: bufd 1/2",
      "1.5.1: still waiting, 35 s of at most 900 s: bufd 1/2",
      "1.5.1: still waiting, 65 s of at most 900 s: bufd 1/2",
      "1.5.1: bufd 2/2",
    ]);
  });

  it("says a change in words that may tell the time, which alone is no change", () => {
    const { wait, passes, said } = waiting();
    for (let second = 0; second < 3; second++, passes(1))
      wait.tell("rows left", `rows left after ${second} s`);
    assert.deepEqual(said(), ["1.5.1: rows left after 0 s"]);
  });

  it("is over when its time has passed", () => {
    const { wait, passes } = waiting(60);
    passes(60);
    assert.equal(wait.isOver, false);
    passes(1);
    assert.equal(wait.isOver, true);
  });

  it("asks again while the API server does not answer, and says so once", async () => {
    const { wait, said } = waiting();
    let tries = 0;
    const answer = await wait.read(() => {
      tries += 1;
      return tries < 3 ? Promise.reject(unavailable()) : Promise.resolve("pods");
    });
    assert.deepEqual([answer, tries], ["pods", 3]);
    assert.deepEqual(said(), ["1.5.1: the cluster does not answer: HTTP 503: apiserver is shutting down"]);
  });

  for (const status of [401, 403, 404]) {
    it(`ends at once when the API server answers ${status}`, async () => {
      const refused = new ApiException(status, "", "no", {});
      const { wait, said } = waiting();
      await assert.rejects(
        wait.read(() => Promise.reject(refused)),
        refused,
      );
      assert.deepEqual(said(), []);
    });
  }

  it("fails when the API server still does not answer when the time is over", async () => {
    const { wait, passes } = waiting(60);
    passes(61);
    await assert.rejects(
      wait.read(() => Promise.reject(unavailable())),
      (error: Error) =>
        error.message ===
        "1.5.1: the cluster did not answer when the 60 s to wait were over: HTTP 503: apiserver is shutting down\n" +
          "  left: what was begun in the cluster goes on there\n" +
          "  do:   check that its API server can be reached, then run pulumi up again: it goes on at this version",
    );
  });
});
