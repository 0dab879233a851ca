import assert from "node:assert/strict";
import type { ChartFiles } from "../../../../sandbox/bsr/chart";
import { exec } from "../../../../sandbox/exec";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { atLine } from "../../../sandbox/end-to-end/at-line";
import { ByHand } from "../../../sandbox/end-to-end/by-hand";
import { helmHistory } from "../../../sandbox/end-to-end/helm";
import { Mirror } from "../../../sandbox/end-to-end/mirror";
import { walkUnderLoad } from "../../../sandbox/end-to-end/under-load";

const autoscaler = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: bufd }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: bufd }
  minReplicas: 3
  maxReplicas: 4
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 80 } } }]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: bufd }
spec:
  maxUnavailable: 0
  selector: { matchLabels: { app.kubernetes.io/name: bufd } }
`;

const statefulSet = `
{{- $labels := dict "root" . "name" "frontend" }}
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: cache }
spec:
  serviceName: cache
  replicas: 2
  selector: { matchLabels: { app: cache } }
  template:
    metadata: { labels: { app: cache } }
    spec:
      containers:
        - name: cache
          {{- include "bsr.image" $labels | nindent 10 }}
          command: [/usr/local/bin/bufd, frontend]
          ports: [{ name: http, containerPort: 8080 }, { name: probes, containerPort: 8081 }]
          {{- include "bsr.probes" . | nindent 10 }}
          volumeMounts: [{ name: config, mountPath: /etc/bufd }]
      volumes: [{ name: config, configMap: { name: bufd-config } }]
`;

/** Helm runs it when all others are ready. */
const hook = `
apiVersion: batch/v1
kind: Job
metadata:
  name: after
  annotations: { helm.sh/hook: "post-install,post-upgrade", helm.sh/hook-delete-policy: before-hook-creation }
spec:
  template:
    metadata: { labels: { app.kubernetes.io/name: bufd } }
    spec:
      restartPolicy: Never
      containers:
        - name: after
          {{- include "bsr.image" (dict "root" . "name" "check") | nindent 10 }}
          command: [/usr/local/bin/bufd, check]
          env:
            - { name: BUFD_CONFIG, value: {{ include "bsr.config" . | quote }} }
            - { name: POSTGRES_PASSWORD, valueFrom: { secretKeyRef: { name: bufd-postgres, key: password } } }
`;

/** One sidecar of either kind, the plain one before bufd, and pods that take a while to go. */
const inBufd = `      initContainers:
        - name: agent
          restartPolicy: Always
          {{- include "bsr.image" $labels | nindent 10 }}
          command: [/usr/local/bin/bufd, buftoolsd]
          volumeMounts: [{ name: config, mountPath: /etc/bufd }]
      containers:
        - name: mesh
          {{- include "bsr.image" $labels | nindent 10 }}
          command: [/usr/local/bin/bufd, buftoolsd]
          volumeMounts: [{ name: config, mountPath: /etc/bufd }]
        - name: bufd
          lifecycle: { preStop: { sleep: { seconds: 20 } } }
`;

/** A chart with all that a cluster may have around a Deployment. */
function furnished(files: ChartFiles): void {
  files.set("templates/autoscaler.yaml", autoscaler);
  files.set("templates/cache.yaml", statefulSet);
  files.set("templates/after.yaml", hook);
  replace(files, "templates/bufd.yaml", "      containers:\n        - name: bufd\n", inBufd);
  const grace = (seconds: number) => `terminationGracePeriodSeconds: ${seconds}`;
  replace(files, "templates/bufd.yaml", grace(15), grace(60));
}

/** The same, with one of its Deployments under another name. */
function renamed(files: ChartFiles): void {
  furnished(files);
  replace(
    files,
    "templates/others.yaml",
    "metadata:\n  name: {{ $name }}\n",
    'metadata:\n  name: {{ $name | replace "frontend" "web" }}\n',
  );
}

function replace(files: ChartFiles, path: string, before: string, after: string): void {
  const text = files.get(path) ?? "";
  assert.ok(text.includes(before), `${path} lacks ${before}`);
  files.set(path, text.replace(before, after));
}

/**
 * An autoscaler, a disruption budget, a StatefulSet, sidecars, hooks, slow pods, a Deployment that gets another name,
 * and a node that goes away. Each test goes on where the one before stopped.
 */
describe("a cluster with more in it than the chart's Deployments", function () {
  this.timeout("10m");
  let instance: Instance;
  let stack: Stack;
  let byHand: ByHand;

  before(async () => {
    instance = await createInstance("cluster");
    byHand = new ByHand(instance);
    const mirror = new Mirror(instance);
    for (const version of ["1.1.0", "1.2.0"]) await mirror.publish(version, { editChart: furnished });
    for (const version of ["1.3.1", "1.4.1", "1.5.1", "1.6.0", "1.7.0"])
      await mirror.publish(version, { editChart: renamed });
    stack = await Stack.create("cluster", instance, { version: "1.1.0", chart: mirror.chart });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
  });

  after(async () => {
    await uncordon();
    await stack.remove();
    await instance.close();
  });

  const everyNode = "--selector=kubernetes.io/os=linux";
  const cordon = () => byHand.kubectl("cordon", everyNode);
  const uncordon = () => byHand.kubectl("uncordon", everyNode);
  const names = async (kind: string) => (await byHand.kubectl("get", kind, "-o", "name")).trim().split("\n");

  /**
   * The versions of all pods of the instance's workloads that run. One that the node had no room for, as a pod that was
   * deleted by force still ran there, stays as a failed one.
   */
  async function versionsOfPods(): Promise<string[]> {
    const each = "{range .items[*]}{.spec.containers[-1:].image}{'\\n'}{end}";
    const running = [
      "-l",
      "!batch.kubernetes.io/job-name",
      "--field-selector=status.phase=Running",
      "-o",
      `jsonpath=${each}`,
    ];
    const images = (await byHand.kubectl("get", "pods", ...running)).trim().split("\n");
    return [...new Set(images.map((image) => image.split(":").at(-1) ?? ""))];
  }

  it("is walked with no failed request, and each step waits for the last slow pod and for each StatefulSet", async () => {
    stack.configure({ version: "1.3.1" });
    const text = await walkUnderLoad(instance, stack);
    assert.match(text, /cache \d\/2/);
    assert.match(text, /old pods left: \d/);
    assert.deepEqual(await versionsOfPods(), ["1.3.1"]);
    assert.equal((await helmHistory(instance)).at(-1), "1.3.1 deployed");
  });

  it("has the renamed Deployment under its new name only", async () => {
    const deployments = await names("deployments");
    assert.ok(deployments.includes("deployment.apps/web"));
    assert.ok(!deployments.includes("deployment.apps/frontend"));
  });

  it("is at rest, whatever number of pods the autoscaler has chosen", async () => {
    await byHand.kubectl(
      "wait",
      "deployment/bufd",
      "--for=jsonpath={.status.readyReplicas}=3",
      "--timeout=120s",
    );
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
    const refreshed = await stack.preview({ args: ["--refresh", "--expect-no-changes"] });
    assert.ok(refreshed.ok, refreshed.text);
  });

  it("goes down a minor: the owner's Job runs bufd alone, and its sidecars do not keep it", async () => {
    stack.configure({ version: "1.2.0" });
    await walkUnderLoad(instance, stack);
    assert.deepEqual(await versionsOfPods(), ["1.2.0"]);
    const { deployedVersion, schemaOwner } = await stack.outputs();
    assert.deepEqual([deployedVersion, schemaOwner], ["1.2.0", "1.2.0"]);
  });

  it("waits while a node goes away in a hop, says so, and goes on when there is one again", async () => {
    stack.configure({ version: "1.4.1" });
    const gone = atLine(/1\.3\.1: pods: /, async () => {
      await cordon();
      await byHand.kubectl("delete", "pods", "--all", "--grace-period=0", "--force", "--wait=false");
    });
    const back = atLine(/bufd-\S+.*: Unschedulable: 0\/1 nodes are available/, uncordon);
    const up = await stack.up({
      onLine: (line) => {
        gone.onLine(line);
        back.onLine(line);
      },
    });
    assert.ok(up.ok, up.text);
    await gone.end();
    await back.end();
    assert.deepEqual(await versionsOfPods(), ["1.4.1"]);
  });

  it("says what keeps a hook of the chart, while Helm says nothing", async () => {
    await cordon();
    const back = atLine(/helm upgrade to .*; bsr-check-\S+: Pending, Unschedulable: 0\/1 nodes/, uncordon);
    // The last deploy is the Release's own, of which only Pulumi could tell: so one to deploy before it.
    stack.configure({ version: "1.6.0" });
    const up = await stack.up({ onLine: back.onLine });
    assert.ok(up.ok, up.text);
    await back.end();
  });

  // The kubelet of a cluster of one's own is elsewhere.
  const here = process.env["SANDBOX_KUBECONFIG"] === undefined ? it : it.skip;
  here("says which old pods do not end on a lost node, and goes on when it is back", async () => {
    // A node whose kubelet has stopped is one that the cluster has lost.
    const kubelet = (signal: "STOP" | "CONT") => exec("pkill", [`-${signal}`, "-x", "kubelet"]);
    const ready = /bufd (\d)\/\1, web 1\/1, oci-registry 1\/1, cache 2\/2 ready; old pods left: \d/;
    const lost = atLine(ready, () => kubelet("STOP"));
    stack.configure({ version: "1.7.0" });
    try {
      const up = await stack.up({ onLine: lost.onLine });
      await lost.end();
      assert.ok(!up.ok, up.text);
      assert.match(
        up.text,
        /1\.7\.0 was deployed but not verified: old pods do not end: \S+ on the node \S+/,
      );
      assert.match(
        up.text,
        /make sure that the node is off .*, then kubectl delete pod \S+.* -n \S+ --force/,
      );
    } finally {
      await kubelet("CONT");
    }
    await byHand.kubectl("wait", "nodes", "--all", "--for=condition=Ready", "--timeout=2m");
    const again = await stack.up();
    assert.ok(again.ok, again.text);
    assert.deepEqual(await versionsOfPods(), ["1.7.0"]);
  });
});
