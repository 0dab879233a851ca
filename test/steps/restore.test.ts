import { strict as assert } from "node:assert";
import { restore } from "../../components/migrations/steps/restore/restore";
import { failureOf, Restoration } from "./restoring";

const archiveIsBroken = [1, "pg_restore failed"] as const;

describe("the step that restores a snapshot", () => {
  let instance: Restoration;
  const now = Date.now;
  /** Whether each request finds the clock a minute later. */
  let timeFlies: boolean;

  beforeEach(async () => {
    instance = new Restoration();
    await instance.start();
    timeFlies = false;
    let minutes = 0;
    Date.now = () => now() + minutes * 60_000;
    const { after } = instance.cluster;
    instance.cluster.after = (asked) => {
      if (timeFlies) minutes += 1;
      after(asked);
    };
  });

  afterEach(async () => {
    Date.now = now;
    await instance.stop();
  });

  const replicas = () => instance.deployment.spec?.replicas;
  const noted = () => instance.deployment.metadata.annotations?.["pulumi-bsr/replicas"];

  it("stops every pod, restores, and puts it on record", async () => {
    let during: unknown;
    instance.comesTo = (work) => {
      if (work === "restore") during = [replicas(), noted(), instance.record.restoring];
      return [0, 'result: {"kept":"database bsr_before_restore_1","schemaVersion":239}'];
    };
    const { context, said } = instance.context();
    await restore(context, instance.step());
    const [stopped, before, restoring] = during as [number, string, { kept: string; revision: number }];
    assert.deepEqual([stopped, before], [0, "2"]);
    assert.match(
      restoring.kept,
      /^bsr_before_restore_\d{10}$/,
      "what will be kept is on record before it is",
    );
    assert.equal(restoring.revision, 2);
    const { restores, schemaOwner, highWaterMark, verified } = instance.record;
    assert.deepEqual([schemaOwner, highWaterMark, verified], ["1.2.0", "1.2.0", null]);
    assert.deepEqual(
      restores.map(({ snapshot, kept, revision }) => [snapshot, kept, revision]),
      [["one", "database bsr_before_restore_1", 2]],
    );
    assert.match(said.at(-1) ?? "", /^restored one of 1\.2\.0, schema version 239/);
  });

  it("changes nothing of a workload but its number of pods and the note of it", async () => {
    await restore(instance.context().context, instance.step());
    assert.equal((instance.deployment.spec as unknown as { newerField: string }).newerField, "kept");
    assert.deepEqual(
      instance.cluster.asked.filter((one) => /^PUT .*(deployments|statefulsets)/.test(one)),
      [],
    );
  });

  it("stops a StatefulSet that has no annotations, and starts it again where it fails", async () => {
    instance.keeps("statefulsets", {
      metadata: { name: "queue", namespace: "bsr" },
      spec: { replicas: 3 } as never,
    });
    const queue = () =>
      instance.cluster.find("statefulsets/queue") as never as { spec: { replicas: number } };
    let during = 0;
    instance.comesTo = (work) => {
      if (work === "restore") during = queue().spec.replicas;
      return work === "restore" ? archiveIsBroken : [0, 'result: {"switchedOver":false}'];
    };
    await failureOf(restore(instance.context().context, instance.step()));
    assert.deepEqual([during, queue().spec.replicas], [0, 3]);
  });

  it("is refused before any pod is stopped where a DaemonSet has pods", async () => {
    instance.keeps("daemonsets", { metadata: { name: "agent", namespace: "bsr" } });
    const { what, left, remedy } = await failureOf(restore(instance.context().context, instance.step()));
    assert.match(what, /the DaemonSet agent cannot be stopped/);
    assert.match(left, /^nothing was stopped or changed/);
    assert.match(remedy, /kubectl delete daemonset agent -n bsr/);
    assert.deepEqual([replicas(), instance.jobs], [2, []]);
  });

  it("starts the pods again where it fails, and knows that it has not switched over", async () => {
    instance.comesTo = (work) =>
      work === "restore" ? archiveIsBroken : [0, 'result: {"switchedOver":false}'];
    const { what, left } = await failureOf(restore(instance.context().context, instance.step()));
    assert.match(what, /^the snapshot was not restored: Job bsr-snapshot: pg_restore failed$/);
    assert.match(left, /^the present database is as it was, and its pods are started again/);
    assert.deepEqual([replicas(), noted(), instance.record.restoring], [2, undefined, null]);
    assert.deepEqual(instance.jobs, ["check", "restore", "ask"]);
  });

  it("is done where its Job fails after it has switched over, or its last line is lost", async () => {
    let asked = "";
    instance.comesTo = (work, { KEPT = "" }) => {
      if (work !== "ask") return [0, "no result"];
      asked = KEPT;
      return [0, 'result: {"switchedOver":true}'];
    };
    await restore(instance.context().context, instance.step());
    assert.deepEqual([replicas(), instance.record.restores[0]?.kept], [0, `database ${asked}`]);
  });

  it("leaves the pods stopped where nobody can tell whether it has switched over", async () => {
    instance.comesTo = (work) => (work === "check" ? [0, ""] : [1, "server is gone"]);
    const { what, left } = await failureOf(restore(instance.context().context, instance.step()));
    assert.match(what, /^nobody knows whether the restore of one has switched over: .*server is gone/);
    assert.match(left, /^every pod stays stopped/);
    assert.deepEqual([replicas(), instance.record.restoring?.snapshot], [0, "one"]);
  });

  it("leaves the pods stopped where its Job cannot be ended, as it may switch over still", async () => {
    instance.comesTo = (work) => {
      if (work !== "restore") return [0, ""];
      instance.cluster.held.add("jobs/bsr-snapshot").add("pods/bsr-snapshot-pod");
      timeFlies = true;
      return archiveIsBroken;
    };
    const { what, left, remedy } = await failureOf(restore(instance.context().context, instance.step()));
    assert.match(what, /its pod does not end: bsr-snapshot-pod on the node node-1$/);
    assert.match(left, /every pod stays stopped$/);
    assert.match(
      remedy,
      /kubectl delete pod bsr-snapshot-pod -n bsr --force --grace-period=0; then run pulumi up again$/,
    );
    assert.deepEqual([replicas(), instance.record.restoring?.snapshot], [0, "one"]);
  });

  it("starts no pod where another run has taken the lease, though it has not heard of that", async () => {
    instance.comesTo = (work) => {
      if (work === "restore") instance.isLeasedBy("stack bsr/other, run 7 on elsewhere");
      return work === "restore" ? archiveIsBroken : [0, ""];
    };
    const { what, left } = await failureOf(restore(instance.context().context, instance.step()));
    assert.match(what, /pg_restore failed$/);
    assert.match(left, /^this run does not have the lease of the instance any more/);
    assert.deepEqual([replicas(), instance.record.restoring?.snapshot], [0, "one"]);
  });

  it("tells why it failed also where the pods cannot be started again", async () => {
    instance.comesTo = (work) => {
      if (work === "restore")
        instance.cluster.refuses = ({ method }) => (method === "PATCH" ? 403 : undefined);
      return work === "restore" ? archiveIsBroken : [0, 'result: {"switchedOver":false}'];
    };
    const { what, left } = await failureOf(restore(instance.context().context, instance.step()));
    assert.match(what, /pg_restore failed$/);
    assert.match(left, /its pods could not be started again: HTTP 403/);
    assert.equal(instance.record.restoring?.snapshot, "one", "the next run starts them");
  });

  it("gives up on a pod that does not end, with its node and what to do, and starts the others again", async () => {
    instance.cluster.held.add("pods/bufd-1");
    timeFlies = true;
    const { what, left } = await failureOf(restore(instance.context().context, instance.step()));
    assert.match(what, /pods do not end: bufd-1 on the node node-7, bufd-2 on the node node-7/);
    assert.match(what, /kubectl delete pod bufd-1 bufd-2 -n bsr --force --grace-period=0$/);
    assert.match(left, /its pods are started again/);
    assert.deepEqual([replicas(), instance.jobs], [2, ["check"]]);
  });
});
