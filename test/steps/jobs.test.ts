import { strict as assert } from "node:assert";
import {
  JobError,
  JobLeftError,
  jobName,
  removeJob,
  type JobWait,
} from "../../components/migrations/cluster/jobs/job";
import { runScript, type ScriptJob } from "../../components/migrations/cluster/jobs/script-job";
import { FakeCluster } from "./fake-cluster";

const jobs = "apis/batch/v1/namespaces/bsr/jobs";

const script: ScriptJob = {
  ...{ name: "bsr-snapshot", image: "postgres", script: "true", env: {}, secretEnv: {}, pullSecrets: [] },
  ...{ volume: null, timeoutSeconds: 60 },
};

describe("a Job", () => {
  let cluster: FakeCluster;
  let seconds: number;
  let said: string[];
  let wait: JobWait;

  beforeEach(async () => {
    cluster = new FakeCluster();
    await cluster.start();
    seconds = 0;
    said = [];
    wait = {
      get elapsedMilliseconds() {
        return seconds * 1000;
      },
      read: (ask) => ask(),
      // Every look is four seconds after the one before.
      pause: () => Promise.resolve(void (seconds += 4)),
      tell: (line) => void (said.at(-1) === line || said.push(line)),
    };
  });

  afterEach(() => cluster.stop());

  const run = () => runScript(cluster.client, "bsr", script, wait, (line) => said.push(line));
  /** What a Job does as soon as it is made. */
  const whenMade = (act: () => void) => {
    cluster.after = ({ method, path }) => {
      if (method === "POST" && path.endsWith("/jobs")) act();
    };
  };
  const remove = () => removeJob(cluster.client, { namespace: "bsr", name: "bsr-snapshot" }, wait);

  it("has a name that a pod's label takes, whatever the release is called", () => {
    const release = "r".repeat(53);
    for (const what of ["snapshot", "snapshot-check-0a1b2c3d", "down-1-16-1-1234-rehearsal"]) {
      const name = jobName(release, what);
      assert.ok(name.length <= 63 && name.endsWith(`-${what}`), name);
    }
    assert.equal(jobName("bsr", "snapshot"), "bsr-snapshot");
  });

  it("hands on what its script writes, and is taken away", async () => {
    whenMade(() => cluster.endsJob("bsr-snapshot", 0, "one\ntwo\n"));
    await run();
    assert.deepEqual(said, ["one", "two"]);
    assert.equal(cluster.find("jobs/bsr-snapshot"), undefined);
    assert.equal(cluster.find("pods/bsr-snapshot-pod"), undefined, "its pod is left");
  });

  it("that another run has left is ended first", async () => {
    cluster.keep(jobs, { metadata: { name: "bsr-snapshot", uid: "earlier" } });
    cluster.runsJob("bsr-snapshot");
    whenMade(() => cluster.endsJob("bsr-snapshot", 0, ""));
    await run();
    assert.deepEqual(
      cluster.asked.filter((one) => /^(DELETE|POST)/.test(one)),
      ["DELETE jobs/bsr-snapshot", "POST bsr/jobs", "DELETE jobs/bsr-snapshot"],
    );
  });

  it("that fails has ended when its error is told", async () => {
    whenMade(() => cluster.endsJob("bsr-snapshot", 1, "disk full\n"));
    await assert.rejects(run(), new JobError("disk full"));
    assert.equal(cluster.find("jobs/bsr-snapshot"), undefined);
  });

  it("that was ended goes in silence where it goes at once", async () => {
    cluster.keep(jobs, { metadata: { name: "bsr-snapshot" } });
    await remove();
    assert.deepEqual(said, []);
  });

  it("whose pod does not go is said, and after a while that is an error with pod, node and what to do", async () => {
    cluster.keep(jobs, { metadata: { name: "bsr-snapshot" } });
    cluster.runsJob("bsr-snapshot");
    cluster.held.add("jobs/bsr-snapshot").add("pods/bsr-snapshot-pod");
    await assert.rejects(remove(), (error: JobLeftError) => {
      assert.equal(
        error.message,
        "Job bsr-snapshot: its pod does not end: bsr-snapshot-pod on the node node-1",
      );
      assert.match(error.remedy, /kubectl delete pod bsr-snapshot-pod -n bsr --force --grace-period=0$/);
      return error instanceof JobLeftError;
    });
    assert.deepEqual(said, ["Job bsr-snapshot: ended, waiting for bsr-snapshot-pod on the node node-1"]);
    assert.ok(seconds > 120 && seconds < 180, `${seconds} s`);
  });

  it("without a pod that does not go is named with what may hold it", async () => {
    cluster.keep(jobs, { metadata: { name: "bsr-snapshot" } });
    cluster.held.add("jobs/bsr-snapshot");
    await assert.rejects(remove(), /^Error: Job bsr-snapshot no longer has a pod, and does not go$/);
  });

  it("on a lost node, which is over its time, is not followed for ever", async () => {
    whenMade(() => {
      cluster.runsJob("bsr-snapshot");
      cluster.held.add("jobs/bsr-snapshot").add("pods/bsr-snapshot-pod");
      const job = cluster.find("jobs/bsr-snapshot");
      const condition = { type: "FailureTarget", status: "True", reason: "DeadlineExceeded" };
      if (job !== undefined) job["status"] = { conditions: [condition] };
    });
    await assert.rejects(run(), JobLeftError);
  });

  it("of a run that took the lease is not ended by the run that lost it", async () => {
    whenMade(() => {
      cluster.after = () => undefined;
      cluster.drop("jobs/bsr-snapshot");
      cluster.keep(jobs, { metadata: { name: "bsr-snapshot", uid: "the winner's" } });
      cluster.runsJob("bsr-snapshot");
    });
    await assert.rejects(run(), new JobError("its Job was deleted while it ran"));
    assert.equal(cluster.find("jobs/bsr-snapshot")?.metadata.uid, "the winner's");
  });

  it("that has got the name between a look and its deletion stays", async () => {
    cluster.keep(jobs, { metadata: { name: "bsr-snapshot", uid: "ours" } });
    cluster.after = () => {
      cluster.after = () => undefined;
      cluster.keep(jobs, { metadata: { name: "bsr-snapshot", uid: "the winner's" } });
    };
    await remove();
    assert.equal(cluster.find("jobs/bsr-snapshot")?.metadata.uid, "the winner's");
  });
});
