import { strict as assert } from "node:assert";
import type { V1DaemonSet, V1Pod, V1ReplicaSet, V1StatefulSet } from "@kubernetes/client-node";
import { isBackedOff, judgeRollout, RolloutRefused } from "../../components/migrations/cluster/pods/rollout";
import { bufd, deployment, named, pod, replicaSet, rolledOut } from "./pods";

describe("a rollout", () => {
  it("is complete when every workload is, and no old pod is left", () => {
    assert.deepEqual(judgeRollout(rolledOut(), [bufd], [bufd]), {
      complete: true,
      line: "bufd 2/2 ready",
      unfinished: "",
      incomplete: [],
      old: [],
      serving: "still serving: bufd 2 new",
      troubles: [],
    });
  });

  describe("of a Deployment", () => {
    const judged = (changes: Parameters<typeof deployment>[0]) =>
      judgeRollout({ ...rolledOut(), deployments: [deployment(changes)] }, [bufd], [bufd]);

    const unfinished: [string, Parameters<typeof deployment>[0]][] = [
      ["the controller has not seen the newest generation", { status: { observedGeneration: 4 } }],
      ["not every replica is of the newest template", { status: { updatedReplicas: 1 } }],
      ["a replica of an older template is left", { status: { replicas: 3 } }],
      ["a replica is not available", { status: { availableReplicas: 1 } }],
      [
        "it has no status yet",
        { status: { observedGeneration: 5, updatedReplicas: 0, availableReplicas: 0 } },
      ],
    ];
    for (const [because, changes] of unfinished) {
      it(`is not complete while ${because}`, () => {
        const { complete, incomplete, troubles } = judged(changes);
        assert.deepEqual(
          { complete, incomplete, troubles },
          { complete: false, incomplete: [bufd], troubles: [] },
        );
      });
    }

    it("counts the new pods that are ready, not old ones that still are", () => {
      const pods = [
        pod("new-1", "new", { ready: false }),
        pod("old-1", "old"),
        pod("old-2", "old"),
        pod("old-3", "old", { terminating: true }),
      ];
      const { line, serving } = judgeRollout(
        { ...rolledOut(), deployments: [deployment({ status: { updatedReplicas: 1 } })], pods },
        [bufd],
        [bufd],
      );
      assert.equal(line, "bufd 0/2 ready; old pods left: 3");
      assert.equal(serving, "still serving: bufd 2 old");
    });

    it("has no ready pod before the controller has seen its newest template", () => {
      assert.equal(judged({ status: { observedGeneration: 4 } }).line, "bufd 0/2 ready");
    });

    it("is not complete while it is missing", () => {
      assert.deepEqual(
        judgeRollout({ ...rolledOut(), deployments: [] }, [], [bufd]).line,
        "bufd missing; old pods left: 2",
      );
    });

    const availability: [
      string,
      NonNullable<Parameters<typeof deployment>[0]>["spec"],
      number,
      number,
      boolean,
    ][] = [
      ["a quarter may be missing by default", {}, 4, 3, true],
      ["a quarter is rounded down", {}, 3, 2, false],
      ["a number may be missing", { strategy: { rollingUpdate: { maxUnavailable: 2 } } }, 4, 2, true],
      ["not more than the number", { strategy: { rollingUpdate: { maxUnavailable: 2 } } }, 4, 1, false],
      ["a percentage may be missing", { strategy: { rollingUpdate: { maxUnavailable: "50%" } } }, 4, 2, true],
      ["none may be missing", { strategy: { rollingUpdate: { maxUnavailable: 0 } } }, 4, 3, false],
      ["with Recreate none may be missing", { strategy: { type: "Recreate" } }, 4, 3, false],
    ];
    for (const [because, spec, wanted, availableReplicas, complete] of availability) {
      it(`is ${complete ? "" : "not "}complete with ${availableReplicas} of ${wanted} available: ${because}`, () => {
        const status = { replicas: wanted, updatedReplicas: wanted, availableReplicas };
        assert.equal(judged({ spec: { ...spec, replicas: wanted }, status }).complete, complete);
      });
    }

    it("follows the replicas that are asked for live, by an autoscaler too", () => {
      const status = { replicas: 5, updatedReplicas: 5, availableReplicas: 5 };
      assert.equal(judged({ spec: { replicas: 5 }, status }).complete, true);
    });

    it("is refused while it is paused, with the command that ends it", () => {
      assert.throws(
        () => judged({ spec: { paused: true } }),
        (error: Error) =>
          error instanceof RolloutRefused &&
          error.message ===
            "Deployment bufd is paused: kubectl rollout resume deployment/bufd lets it continue",
      );
    });

    const stalled = {
      type: "Progressing",
      status: "False",
      reason: "ProgressDeadlineExceeded",
      message: 'ReplicaSet "new" has timed out progressing.',
      lastUpdateTime: new Date("2026-01-02T03:04:05Z"),
    };

    it("has a trouble when its progress deadline has passed", () => {
      assert.deepEqual(judged({ status: { updatedReplicas: 1, conditions: [stalled] } }).troubles, [
        {
          subject: "bufd",
          workload: "bufd",
          reason: "ProgressDeadlineExceeded",
          message: stalled.message,
          restarts: 0,
          condition: "bufd since 2026-01-02T03:04:05.000Z",
        },
      ]);
    });

    const forbidden = 'pods "bufd-1" is forbidden: exceeded quota: pods=4';
    const uncreated = (pods: V1Pod[]) =>
      judgeRollout(
        {
          ...rolledOut(),
          deployments: [deployment({ status: { updatedReplicas: 0 } })],
          replicaSets: [replicaSet("old", "1"), refused(replicaSet("new", "2"))],
          pods,
        },
        [bufd],
        [bufd],
      ).troubles;
    const refused = (set: V1ReplicaSet): V1ReplicaSet => ({
      ...set,
      status: {
        replicas: 0,
        conditions: [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: forbidden }],
      },
    });

    it("has a trouble when none of its newest pods could be made", () => {
      assert.deepEqual(uncreated([pod("old-1", "old")]), [
        { subject: "bufd", workload: "bufd", reason: "FailedCreate", message: forbidden, restarts: 0 },
      ]);
    });

    it("has none when at least one of them could: the others may follow", () => {
      assert.deepEqual(uncreated([pod("new-1", "new")]), []);
    });

    it("has none from a condition of the rollout before", () => {
      assert.deepEqual(judged({ status: { observedGeneration: 4, conditions: [stalled] } }).troubles, []);
    });
  });

  describe("of a StatefulSet", () => {
    const cache = named("cache", { matchLabels: { app: "cache" } }, "StatefulSet");
    const judged = (status: Partial<V1StatefulSet["status"]>, spec: Partial<V1StatefulSet["spec"]> = {}) =>
      judgeRollout(
        {
          ...rolledOut(),
          statefulSets: [
            {
              metadata: { name: "cache", uid: "uid-of-cache", generation: 2 },
              spec: { replicas: 2, selector: {}, template: {}, serviceName: "cache", ...spec },
              status: {
                replicas: 2,
                observedGeneration: 2,
                currentRevision: "cache-2",
                updateRevision: "cache-2",
                readyReplicas: 2,
                updatedReplicas: 2,
                ...status,
              },
            },
          ],
          pods: [],
        },
        [],
        [cache],
      );

    it("is complete when every replica is ready at the update revision", () => {
      assert.equal(judged({}).complete, true);
    });

    const unfinished: [string, Partial<V1StatefulSet["status"]>][] = [
      ["the controller has not seen the newest generation", { observedGeneration: 1 }],
      ["a replica is of the revision before", { currentRevision: "cache-1", updatedReplicas: 1 }],
      ["a replica is not ready", { readyReplicas: 1 }],
    ];
    for (const [because, status] of unfinished) {
      it(`is not complete while ${because}`, () => {
        assert.equal(judged(status).complete, false);
      });
    }

    const refused: [string, Partial<V1StatefulSet["spec"]>][] = [
      ["OnDelete", { updateStrategy: { type: "OnDelete" } }],
      ["a partition", { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } }],
    ];
    for (const [what, spec] of refused) {
      it(`is refused with ${what}: its pods would stay old for ever`, () => {
        assert.throws(
          () => judged({}, spec),
          (error: Error) =>
            error instanceof RolloutRefused &&
            error.message ===
              "StatefulSet cache does not roll by itself (updateStrategy OnDelete or a partition): its pods would stay old",
        );
      });
    }
  });

  describe("of a DaemonSet", () => {
    const agent = named("agent", { matchLabels: { app: "agent" } }, "DaemonSet");
    const judged = (status: Partial<V1DaemonSet["status"]>, spec: Partial<V1DaemonSet["spec"]> = {}) =>
      judgeRollout(
        {
          ...rolledOut(),
          daemonSets: [
            {
              metadata: { name: "agent", uid: "uid-of-agent", generation: 2 },
              spec: { selector: {}, template: {}, ...spec },
              status: {
                currentNumberScheduled: 3,
                numberMisscheduled: 0,
                numberReady: 3,
                observedGeneration: 2,
                desiredNumberScheduled: 3,
                updatedNumberScheduled: 3,
                ...status,
              },
            },
          ],
          pods: [],
        },
        [],
        [agent],
      );

    it("is complete when every node has a pod of the newest template", () => {
      assert.equal(judged({}).complete, true);
    });

    const unfinished: [string, Partial<V1DaemonSet["status"]>][] = [
      ["the controller has not seen the newest generation", { observedGeneration: 1 }],
      ["a node has an older pod", { updatedNumberScheduled: 2 }],
      ["a pod is not available", { numberUnavailable: 1 }],
    ];
    for (const [because, status] of unfinished) {
      it(`is not complete while ${because}`, () => {
        assert.equal(judged(status).complete, false);
      });
    }

    it("is refused with OnDelete: its pods would stay old for ever", () => {
      assert.throws(
        () => judged({}, { updateStrategy: { type: "OnDelete" } }),
        (error: Error) =>
          error instanceof RolloutRefused &&
          error.message ===
            "DaemonSet agent does not roll by itself (updateStrategy OnDelete): its pods would stay old",
      );
    });
  });

  it("is not complete while an old pod is left, although every workload is", () => {
    const running = {
      ...rolledOut(),
      pods: [...rolledOut().pods, pod("old-1", "old", { terminating: true })],
    };
    const { complete, line, unfinished, troubles } = judgeRollout(running, [bufd], [bufd]);
    assert.deepEqual(
      { complete, line, unfinished, troubles },
      {
        complete: false,
        line: "bufd 2/2 ready; old pods left: 1",
        unfinished: "old pods left: old-1",
        troubles: [],
      },
    );
  });

  it("is not complete while a workload of the manifest before still has pods", () => {
    const removed = named("sandboxd", { matchLabels: { app: "sandboxd" } });
    const left = pod("sandboxd-1", "sandboxd", { labels: { app: "sandboxd" } });
    const running = { ...rolledOut(), pods: [...rolledOut().pods, left] };
    assert.equal(judgeRollout(running, [bufd, removed], [bufd]).complete, false);
  });

  it("tells the state of every workload in one line, and of the unfinished ones when it fails", () => {
    const running = {
      ...rolledOut(),
      deployments: [deployment({ status: { availableReplicas: 1 } })],
      pods: [pod("new-1", "new"), pod("new-2", "new", { ready: false }), pod("old-1", "old")],
    };
    const frontend = named("frontend", { matchLabels: { app: "frontend" } });
    const { line, unfinished, incomplete, serving } = judgeRollout(running, [bufd], [bufd, frontend]);
    assert.deepEqual(
      { line, unfinished, incomplete, serving },
      {
        line: "bufd 1/2 ready; frontend missing; old pods left: 1",
        unfinished: "bufd 1/2 ready; frontend missing; old pods left: 1",
        incomplete: [bufd, frontend],
        serving: "still serving: bufd 1 old and 1 new; not serving: frontend",
      },
    );
  });

  it("says what keeps it: each reason once with its pods, and the scheduler's words", () => {
    const conditions = [
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes are available." },
    ];
    const running = {
      ...rolledOut(),
      pods: ["new-1", "new-2"].map((name) => pod(name, "new", { status: { conditions } })),
    };
    assert.equal(
      judgeRollout(running, [], [bufd]).line,
      "bufd 0/2 ready; new-1, new-2: Unschedulable: 0/1 nodes are available.",
    );
  });
});

describe("the troubles of a rollout", () => {
  const waiting = (reason: string, message = "", restartCount = 0) => ({
    containerStatuses: [
      {
        name: "bufd",
        image: "",
        imageID: "",
        ready: false,
        restartCount,
        state: { waiting: { reason, message } },
      },
    ],
  });
  const troublesWith = (status: V1Pod["status"], owner = "new") =>
    judgeRollout({ ...rolledOut(), pods: [pod("one", owner, { status })] }, [bufd], [bufd]).troubles;

  for (const reason of [
    "ImagePullBackOff",
    "ErrImagePull",
    "ErrImageNeverPull",
    "InvalidImageName",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "CrashLoopBackOff",
  ]) {
    it(`name the pod, the container and ${reason}`, () => {
      assert.deepEqual(troublesWith(waiting(reason, "it says why", 4)), [
        { subject: "one", workload: "bufd", reason, message: "container bufd: it says why", restarts: 4 },
      ]);
    });
  }

  for (const reason of ["ContainerCreating", "PodInitializing"]) {
    it(`are none while a container waits with ${reason}, which passes`, () => {
      assert.deepEqual(troublesWith(waiting(reason)), []);
    });
  }

  it("are told of init containers too", () => {
    const { containerStatuses } = waiting("CrashLoopBackOff", "back-off", 2);
    assert.equal(troublesWith({ initContainerStatuses: containerStatuses })[0]?.restarts, 2);
  });

  it("name a pod that fits on no node", () => {
    const conditions = [
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes are available" },
    ];
    assert.deepEqual(troublesWith({ conditions }), [
      {
        subject: "one",
        workload: "bufd",
        reason: "Unschedulable",
        message: "0/1 nodes are available",
        restarts: 0,
      },
    ]);
  });

  it("are none of old pods that crash: they are about to go", () => {
    assert.deepEqual(troublesWith(waiting("CrashLoopBackOff"), "old"), []);
  });

  for (const [reason, backedOff] of [
    ["CrashLoopBackOff", true],
    ["ImagePullBackOff", true],
    ["ErrImagePull", false],
    ["CreateContainerConfigError", false],
  ] as const) {
    it(`${backedOff ? "keep" : "do not keep"} the kubelet waiting with ${reason}`, () => {
      assert.equal(isBackedOff(pod("one", "new", { status: waiting(reason) })), backedOff);
    });
  }
});
