import { strict as assert } from "node:assert";
import type { V1LabelSelector } from "@kubernetes/client-node";
import { newPods, oldPods, workloadsOf } from "../../components/migrations/cluster/pods/workloads";
import { bufd, named, pod, replicaSet, rolledOut } from "./pods";

const names = (pods: readonly { metadata?: { name?: string } }[]) =>
  pods.map(({ metadata }) => metadata?.name);

describe("the workloads of a manifest", () => {
  it("are its Deployments, StatefulSets and DaemonSets, with their selectors", () => {
    const manifest = `
---
# Source: bsr/templates/config.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: config }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: bufd }
spec: { selector: { matchLabels: { app: bufd } } }
---
# Source: bsr/templates/off.yaml
# Nothing is rendered here.
---
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: cache }
spec: { selector: { matchExpressions: [{ key: app, operator: Exists }] } }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec: { selector: { matchLabels: { app: agent } } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: check }
`;
    // The client's classes are no part of the answer.
    assert.deepEqual(JSON.parse(JSON.stringify(workloadsOf(manifest))), [
      bufd,
      named("cache", { matchExpressions: [{ key: "app", operator: "Exists" }] }, "StatefulSet"),
      named("agent", { matchLabels: { app: "agent" } }, "DaemonSet"),
    ]);
  });

  it("are none in an empty manifest", () => {
    assert.deepEqual(workloadsOf(""), []);
  });
});

describe("the new pods of a workload", () => {
  it("are those of a Deployment's newest ReplicaSet", () => {
    const running = { ...rolledOut(), pods: [pod("old-1", "old"), pod("new-1", "new")] };
    assert.deepEqual(names(newPods(running, bufd)), ["new-1"]);
  });

  it("are not those of another Deployment's ReplicaSet with the same revision number", () => {
    const running = {
      ...rolledOut(),
      replicaSets: [replicaSet("foreign", "2", "uid-of-another"), replicaSet("new", "2")],
      pods: [pod("foreign-1", "foreign"), pod("new-1", "new")],
    };
    assert.deepEqual(names(newPods(running, bufd)), ["new-1"]);
  });

  it("are none while the Deployment is missing", () => {
    assert.deepEqual(newPods({ ...rolledOut(), deployments: [] }, bufd), []);
  });

  const cache = named("cache", { matchLabels: { app: "cache" } }, "StatefulSet");
  const statefulSets = [
    { metadata: { name: "cache", uid: "uid-of-cache" }, status: { replicas: 2, updateRevision: "cache-2" } },
  ];
  const ofCache = (name: string, revision: string) =>
    pod(name, "cache", {
      kind: "StatefulSet",
      labels: { app: "cache", "controller-revision-hash": revision },
    });

  it("are those of a StatefulSet's update revision", () => {
    const running = {
      ...rolledOut(),
      statefulSets,
      pods: [ofCache("cache-0", "cache-1"), ofCache("cache-1", "cache-2")],
    };
    assert.deepEqual(names(newPods(running, cache)), ["cache-1"]);
  });

  it("are no bare pods while the StatefulSet is missing", () => {
    const bare = pod("bare", null, { labels: { app: "cache" } });
    assert.deepEqual(newPods({ ...rolledOut(), pods: [bare] }, cache), []);
  });

  it("are those of a DaemonSet's template, which may be older than its newest change", () => {
    const agent = named("agent", { matchLabels: { app: "agent" } }, "DaemonSet");
    const ofAgent = (name: string, template: string) =>
      pod(name, "agent", {
        kind: "DaemonSet",
        labels: { app: "agent", "pod-template-generation": template },
      });
    const running = {
      ...rolledOut(),
      daemonSets: [
        {
          metadata: {
            name: "agent",
            uid: "uid-of-agent",
            // The update strategy was changed, the template was not.
            generation: 3,
            annotations: { "deprecated.daemonset.template.generation": "2" },
          },
        },
      ],
      pods: [ofAgent("agent-1", "1"), ofAgent("agent-2", "2")],
    };
    assert.deepEqual(names(newPods(running, agent)), ["agent-2"]);
  });
});

describe("the old pods", () => {
  it("are none once everything is rolled out", () => {
    assert.deepEqual(oldPods(rolledOut(), [bufd], [bufd]), []);
  });

  it("are told by owner: a pod of an older ReplicaSet with the very same image is old", () => {
    const running = { ...rolledOut(), pods: [pod("old-1", "old"), pod("new-1", "new")] };
    assert.deepEqual(names(oldPods(running, [bufd], [bufd])), ["old-1"]);
  });

  it("count until they are gone, also while they terminate", () => {
    const running = { ...rolledOut(), pods: [pod("old-1", "old", { terminating: true })] };
    assert.deepEqual(names(oldPods(running, [bufd], [bufd])), ["old-1"]);
  });

  it("are no pods of Jobs, whatever labels they have", () => {
    const running = { ...rolledOut(), pods: [pod("check-1", "check", { kind: "Job" })] };
    assert.deepEqual(oldPods(running, [bufd], [bufd]), []);
  });

  it("are those of a workload that the new manifest no longer has", () => {
    const removed = named("sandboxd", { matchLabels: { app: "sandboxd" } });
    const running = {
      ...rolledOut(),
      pods: [...rolledOut().pods, pod("sandboxd-1", "sandboxd", { labels: { app: "sandboxd" } })],
    };
    assert.deepEqual(names(oldPods(running, [bufd, removed], [bufd])), ["sandboxd-1"]);
    assert.deepEqual(oldPods(running, [bufd], [bufd]), [], "and no business of a manifest without it");
  });

  it("are no strangers in the same namespace", () => {
    const running = { ...rolledOut(), pods: [pod("other-1", "other", { labels: { app: "other" } })] };
    assert.deepEqual(oldPods(running, [bufd], [bufd]), []);
  });

  const selectors: {
    selector: V1LabelSelector;
    labels: Record<string, string>;
    matches: boolean;
    because: string;
  }[] = [
    {
      selector: { matchLabels: { a: "1" } },
      labels: { a: "1" },
      matches: true,
      because: "the label is there",
    },
    {
      selector: { matchLabels: { a: "1" } },
      labels: { a: "2" },
      matches: false,
      because: "it has another value",
    },
    {
      selector: { matchLabels: { a: "1", b: "1" } },
      labels: { a: "1" },
      matches: false,
      because: "every label counts",
    },
    {
      selector: { matchExpressions: [{ key: "a", operator: "In", values: ["1", "2"] }] },
      labels: { a: "2" },
      matches: true,
      because: "In: it is one of the values",
    },
    {
      selector: { matchExpressions: [{ key: "a", operator: "In", values: ["1"] }] },
      labels: {},
      matches: false,
      because: "In: an absent label is none of them",
    },
    {
      selector: { matchExpressions: [{ key: "a", operator: "NotIn", values: ["1"] }] },
      labels: { a: "1" },
      matches: false,
      because: "NotIn: it is one of the values",
    },
    {
      selector: { matchExpressions: [{ key: "a", operator: "NotIn", values: ["1"] }] },
      labels: {},
      matches: true,
      because: "NotIn: an absent label is none of them",
    },
    {
      selector: { matchExpressions: [{ key: "a", operator: "Exists" }] },
      labels: { a: "" },
      matches: true,
      because: "Exists: an empty label is there",
    },
    {
      selector: { matchExpressions: [{ key: "a", operator: "Exists" }] },
      labels: {},
      matches: false,
      because: "Exists: it is absent",
    },
    {
      selector: { matchExpressions: [{ key: "a", operator: "DoesNotExist" }] },
      labels: {},
      matches: true,
      because: "DoesNotExist: it is absent",
    },
    {
      selector: { matchExpressions: [{ key: "a", operator: "DoesNotExist" }] },
      labels: { a: "1" },
      matches: false,
      because: "DoesNotExist: it is there",
    },
    {
      selector: { matchLabels: { a: "1" }, matchExpressions: [{ key: "b", operator: "Exists" }] },
      labels: { a: "1" },
      matches: false,
      because: "labels and expressions must both hold",
    },
    { selector: {}, labels: { a: "1" }, matches: false, because: "an empty selector is nobody's" },
  ];
  for (const { selector, labels, matches, because } of selectors) {
    it(`${matches ? "have" : "do not have"} ${JSON.stringify(labels)} for ${JSON.stringify(selector)}: ${because}`, () => {
      const running = { ...rolledOut(), pods: [pod("one", "old", { labels })] };
      assert.equal(oldPods(running, [named("any", selector)], []).length, matches ? 1 : 0);
    });
  }

  it("fails on a selector operator that Kubernetes does not have", () => {
    const selector = { matchExpressions: [{ key: "a", operator: "Like" }] };
    assert.throws(() => oldPods(rolledOut(), [named("any", selector)], []), {
      message: "unknown selector operator Like",
    });
  });
});
