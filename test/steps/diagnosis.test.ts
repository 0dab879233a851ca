import { strict as assert } from "node:assert";
import type { CoreV1Event, V1ContainerStatus, V1Job, V1Pod } from "@kubernetes/client-node";
import { connect } from "../../components/migrations/cluster/connection";
import {
  diagnose,
  eventLines,
  reasonLines,
  reasonsOf,
} from "../../components/migrations/cluster/pods/diagnosis";
import { findingsOf, type Scene } from "../../components/migrations/cluster/pods/findings";
import { ApiServer, goodWorld } from "../bad-input/api-server";
import { answers } from "../bad-input/crashing";
import { bufd, named, pod, replicaSet, rolledOut } from "./pods";

const now = Date.parse("2026-01-01T00:10:00Z");
const image = "mirror.example.com/bufd:1.5.1";
const asItIs = (text: string) => text;

/** A namespace whose Deployment `bufd` is not ready, because of these new pods. */
function scene(pods: readonly V1Pod[], rest: Partial<Scene> = {}): Scene {
  return {
    running: { ...rolledOut(), pods },
    jobs: [],
    events: [],
    workloads: [bufd],
    suspectJobs: [],
    ...rest,
  };
}

function container(rest: Partial<V1ContainerStatus>): V1ContainerStatus {
  return { name: "bufd", image, imageID: "", ready: false, restartCount: 0, ...rest };
}

/** A pod of the newest template that is not ready, with a container in this state. */
function unready(rest: Partial<V1ContainerStatus>, name = "bufd-1", owner = "new"): V1Pod {
  return pod(name, owner, {
    ready: false,
    kind: owner === "check" ? "Job" : "ReplicaSet",
    status: { containerStatuses: [container(rest)], phase: "Running" },
  });
}

const waiting = (reason: string, message = "") => ({ state: { waiting: { reason, message } } });

function event(
  object: string,
  reason: string,
  message: string,
  { kind = "Pod", seconds = 12, count }: { kind?: string; seconds?: number; count?: number } = {},
): CoreV1Event {
  return {
    metadata: {},
    involvedObject: { kind, name: object, uid: `uid-of-${object}` },
    type: "Warning",
    reason,
    message,
    lastTimestamp: new Date(now - seconds * 1000),
    ...(count === undefined ? {} : { count }),
  };
}

const told = (one: Scene) =>
  reasonsOf(findingsOf(one)).map(({ subjects, text }) => `${subjects.join(", ")}: ${text}`);
const warnings = (one: Scene) => eventLines(one, findingsOf(one), now, asItIs);

describe("why a pod does not get ready", () => {
  const crashed = { terminated: { exitCode: 1, reason: "Error" } };
  const cases: [string, V1Pod, string][] = [
    [
      "an image whose name the kubelet does not repeat",
      unready(waiting("ErrImagePull", "not found")),
      `bufd-1: ErrImagePull: container bufd: image ${image}: not found`,
    ],
    [
      "an image that the kubelet names",
      unready(waiting("ImagePullBackOff", `Back-off pulling image "${image}": unauthorized`)),
      `bufd-1: ImagePullBackOff: container bufd: Back-off pulling image "${image}": unauthorized`,
    ],
    [
      "a name that is none of an image",
      unready(waiting("InvalidImageName", "couldn't parse image name")),
      `bufd-1: InvalidImageName: container bufd: image ${image}: couldn't parse image name`,
    ],
    [
      "a Secret that is missing",
      unready(waiting("CreateContainerConfigError", 'secret "bufd-postgres" not found')),
      'bufd-1: CreateContainerConfigError: container bufd: secret "bufd-postgres" not found',
    ],
    [
      "a crash, without the kubelet's words on its back-off",
      unready({
        ...waiting("CrashLoopBackOff", "back-off 40s restarting failed container=bufd"),
        lastState: crashed,
        restartCount: 3,
      }),
      "bufd-1: CrashLoopBackOff: container bufd ended with exit code 1, started again 3 times",
    ],
    [
      "too little memory",
      unready({
        ...waiting("CrashLoopBackOff"),
        lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
        restartCount: 1,
      }),
      "bufd-1: CrashLoopBackOff: container bufd ended with exit code 137 (OOMKilled), started again 1 time",
    ],
    [
      "a program that is not in the image",
      unready({
        ...waiting("CrashLoopBackOff"),
        lastState: { terminated: { exitCode: 128, reason: "StartError", message: "exec: no such file" } },
        restartCount: 2,
      }),
      "bufd-1: CrashLoopBackOff: container bufd ended with exit code 128 (StartError), started again 2 times: exec: no such file",
    ],
    ["an end just now", unready({ state: crashed }), "bufd-1: Error: container bufd ended with exit code 1"],
    [
      "a container that runs again after a crash",
      unready({ state: { running: {} }, lastState: crashed, restartCount: 1 }),
      "bufd-1: NotReady: container bufd ended with exit code 1, started again 1 time",
    ],
    [
      "a probe that has not passed yet",
      unready({ state: { running: {} } }),
      "bufd-1: NotReady: container bufd: it runs, and its readiness probe has not passed yet",
    ],
    [
      "an eviction",
      pod("bufd-1", "new", {
        ready: false,
        status: { phase: "Failed", reason: "Evicted", message: "The node was low on memory." },
      }),
      "bufd-1: Evicted: The node was low on memory.",
    ],
    [
      "what no container tells",
      pod("bufd-1", "new", { ready: false, status: { phase: "Pending", conditions: [] } }),
      "bufd-1: NotReady: phase Pending on node node-1",
    ],
  ];
  for (const [what, one, line] of cases) {
    it(`is told of ${what}`, () => assert.deepEqual(told(scene([one])), [line]));
  }

  it("is told of a node that has no room, with what the pod requests", () => {
    const message = "0/1 nodes are available: 1 Insufficient cpu.";
    const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
    const pending = pod("bufd-1", "new", { status: { phase: "Pending", conditions } });
    const requests = { cpu: "2", memory: "1Gi" };
    const spec = { containers: [{ name: "bufd", resources: { requests } }, { name: "buftoolsd" }] };
    assert.deepEqual(told(scene([{ ...pending, spec }])), [
      `bufd-1: Pending, Unschedulable: ${message} It requests: bufd cpu 2 and memory 1Gi (charts from 1.23.0 on have requests by default).`,
    ]);
  });

  it("is told of a readiness probe that fails, from its newest event", () => {
    const events = [
      event("bufd-1", "Unhealthy", "Readiness probe failed: connection refused", { seconds: 40 }),
      event("bufd-1", "Unhealthy", "Readiness probe failed: HTTP 503", { seconds: 2 }),
      event("bufd-2", "Unhealthy", "Readiness probe failed: HTTP 500", { seconds: 1 }),
    ];
    const one = scene([unready({ state: { running: {} } })], { events });
    assert.deepEqual(told(one), ["bufd-1: NotReady: container bufd: Readiness probe failed: HTTP 503"]);
    assert.deepEqual(warnings(one), []);
  });

  it("is told of the probe that ended a container, of none that only found it ended", () => {
    const ended = { ...waiting("CrashLoopBackOff"), lastState: { terminated: { exitCode: 137 } } };
    const probes = [
      event("bufd-1", "Unhealthy", "Liveness probe failed: timeout", { seconds: 9 }),
      event("bufd-1", "Unhealthy", "Readiness probe failed: connection refused", { seconds: 1 }),
    ];
    const text = "bufd-1: CrashLoopBackOff: container bufd ended with exit code 137";
    assert.deepEqual(told(scene([unready(ended)], { events: probes })), [
      `${text}; Liveness probe failed: timeout`,
    ]);
    assert.deepEqual(told(scene([unready(ended)], { events: probes.slice(1) })), [text]);
  });

  it("is told of no other container's probe", () => {
    const probe = event("bufd-1", "Unhealthy", "Readiness probe failed: HTTP 503");
    const involvedObject = { ...probe.involvedObject, fieldPath: "spec.containers{buftoolsd}" };
    const one = scene([unready({ state: { running: {} } })], { events: [{ ...probe, involvedObject }] });
    assert.deepEqual(told(one), [
      "bufd-1: NotReady: container bufd: it runs, and its readiness probe has not passed yet",
    ]);
  });

  it("is told of a volume that cannot be mounted, which only an event knows", () => {
    const message = 'MountVolume.SetUp failed for volume "tls" : secret "bufd-tls" not found';
    const one = scene([unready(waiting("ContainerCreating"))], {
      events: [event("bufd-1", "FailedMount", message)],
    });
    assert.deepEqual(told(one), [`bufd-1: ContainerCreating: FailedMount: ${message}`]);
    assert.deepEqual(warnings(one), []);
  });

  it("is told of init containers, and of those alone while the others wait for them", () => {
    const one = pod("bufd-1", "new", {
      ready: false,
      status: {
        initContainerStatuses: [
          container({ name: "migrate", ...waiting("CrashLoopBackOff"), lastState: crashed }),
        ],
        containerStatuses: [container(waiting("PodInitializing"))],
      },
    });
    assert.deepEqual(told(scene([one])), [
      "bufd-1: CrashLoopBackOff: container migrate ended with exit code 1",
    ]);
  });

  it("is told of every container that has a reason, and of none that is ready", () => {
    const one = pod("bufd-1", "new", {
      ready: false,
      status: {
        containerStatuses: [
          container({ ready: true, state: { running: {} }, lastState: crashed }),
          container({ name: "buftoolsd", ...waiting("CreateContainerError", "no space") }),
        ],
      },
    });
    assert.deepEqual(told(scene([one])), ["bufd-1: CreateContainerError: container buftoolsd: no space"]);
  });

  it("is told once for all replicas that have the same", () => {
    const replicas = ["bufd-1", "bufd-2"].map((name) =>
      unready(waiting("ErrImagePull", `${name} gets no image`), name),
    );
    assert.deepEqual(told(scene(replicas)), [
      `bufd-1, bufd-2: ErrImagePull: container bufd: image ${image}: bufd-1 gets no image`,
    ]);
  });

  it("is not told of pods that are ready, of older ones, nor of other workloads", () => {
    const broken = waiting("ErrImagePull");
    assert.deepEqual(told(scene([pod("bufd-1", "new"), unready(broken, "bufd-0", "old")])), []);
    assert.deepEqual(told(scene([unready(broken)], { workloads: [] })), []);
  });
});

describe("why pods could not even be made", () => {
  const forbidden = 'pods "bufd-1" is forbidden: exceeded quota: pods';

  it("is told by the newest ReplicaSet, and its event says it no second time", () => {
    const condition = { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: forbidden };
    const newest = { ...replicaSet("new", "2"), status: { replicas: 0, conditions: [condition] } };
    const one = scene([], {
      running: { ...rolledOut(), pods: [], replicaSets: [replicaSet("old", "1"), newest] },
      events: [event("new", "FailedCreate", `Error creating: ${forbidden}`, { kind: "ReplicaSet" })],
    });
    assert.deepEqual(told(one), [`bufd: FailedCreate: ${forbidden}`]);
    assert.deepEqual(warnings(one), []);
  });

  it("is told of a StatefulSet by its event, while a pod is missing", () => {
    const cache = named("cache", { matchLabels: { app: "cache" } }, "StatefulSet");
    const set = {
      metadata: { name: "cache", uid: "uid-of-cache" },
      spec: { replicas: 1, selector: {}, template: {}, serviceName: "cache" },
    };
    const one = scene([], {
      running: { ...rolledOut(), pods: [], statefulSets: [set] },
      workloads: [cache],
      events: [event("cache", "FailedCreate", "serviceaccount not found", { kind: "StatefulSet" })],
    });
    assert.deepEqual(told(one), ["cache: FailedCreate: serviceaccount not found"]);
  });
});

describe("why a hook failed", () => {
  const job: V1Job = {
    metadata: { name: "check", uid: "uid-of-check" },
    status: {
      conditions: [
        { type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "it reached its limit" },
      ],
    },
  };
  const ofJob = (pods: readonly V1Pod[], rest: Partial<Scene> = {}) =>
    scene(pods, { workloads: [], suspectJobs: ["check"], jobs: [job], ...rest });

  it("is told by its Job where its pods are gone", () => {
    assert.deepEqual(told(ofJob([])), ["Job check: BackoffLimitExceeded: it reached its limit"]);
  });

  it("is told by the Job's pods", () => {
    const failed = unready({ state: { terminated: { exitCode: 2, reason: "Error" } } }, "check-1", "check");
    assert.deepEqual(told(ofJob([failed])), ["check-1: Error: container bufd ended with exit code 2"]);
  });

  it("is told by the Job's event where it could make no pod", () => {
    const events = [event("check", "FailedCreate", "exceeded quota", { kind: "Job" })];
    assert.deepEqual(told(ofJob([], { jobs: [{ metadata: job.metadata ?? {} }], events })), [
      "Job check: FailedCreate: exceeded quota",
    ]);
  });

  it("is told by what is left of events where the Job is gone", () => {
    const one = ofJob([], { jobs: [], events: [event("check-1", "BackOff", "Back-off restarting")] });
    assert.deepEqual(told(one), ["Job check: is gone, and its pods with it"]);
    assert.deepEqual(warnings(one), [
      "other warnings:",
      "  12 s ago, Pod check-1: BackOff: Back-off restarting",
    ]);
  });
});

describe("the warnings after the reasons", () => {
  const crashing = unready({ ...waiting("CrashLoopBackOff"), lastState: { terminated: { exitCode: 1 } } });

  it("are those that no reason has said, each once with count and age, the newest first", () => {
    const events = [
      event("bufd-1", "BackOff", "Back-off restarting failed container bufd", { count: 9 }),
      event("bufd-1", "DNSConfigForming", "Nameserver limits were exceeded", { seconds: 50, count: 3 }),
      event("bufd-1", "DNSConfigForming", "Nameserver limits were exceeded", { seconds: 20 }),
      event("bufd", "Strange", "something else", { kind: "Deployment", seconds: 5 }),
      event("other", "Strange", "of another pod"),
    ];
    assert.deepEqual(warnings(scene([crashing], { events })), [
      "other warnings:",
      "  5 s ago, Deployment bufd: Strange: something else",
      "  20 s ago, 4 times, Pod bufd-1: DNSConfigForming: Nameserver limits were exceeded",
    ]);
  });

  it("are told once for replicas, whose names and UIDs stand in them", () => {
    const replicas = ["a", "b"].map((name) => {
      const one = unready(waiting("ContainerCreating"), `bufd-${name}`);
      return { ...one, metadata: { ...one.metadata, uid: `4179${name}` } };
    });
    const events = replicas.map(({ metadata: { name = "", uid } }) => {
      const one = event(name, "Strange", `pod "${name}(${uid})"`);
      return { ...one, involvedObject: { ...one.involvedObject, uid } };
    });
    assert.deepEqual(warnings(scene(replicas, { events })), [
      "other warnings:",
      '  12 s ago, 2 times, Pod bufd-a, bufd-b: Strange: pod "bufd-a(4179a)"',
    ]);
  });

  it("are five at most", () => {
    const events = [1, 2, 3, 4, 5, 6].map((seconds) =>
      event("bufd-1", "Strange", `number ${seconds}`, { seconds }),
    );
    const lines = warnings(scene([crashing], { events }));
    assert.equal(lines.length, 6);
    assert.equal(lines.at(-1), "  5 s ago, Pod bufd-1: Strange: number 5");
  });
});

describe("a diagnosis of a cluster", () => {
  const api = new ApiServer();
  before(() => api.start());
  after(() => api.stop());

  it("tells the events of the scheduler, whose times the client leaves as the text that they are", async () => {
    const { lastTimestamp: _classic, ...failed } = event("bufd-1-a", "FailedScheduling", "0/1 nodes");
    const seconds = (ago: number) => new Date(Date.now() - ago * 1000).toISOString().replace("Z", "000Z");
    const events = [
      { ...failed, eventTime: seconds(90) },
      { ...failed, message: "0/2 nodes", series: { count: 3, lastObservedTime: seconds(60) } },
    ];
    const owner = { kind: "ReplicaSet", name: "bufd-1", uid: "set", controller: true };
    const pods = [
      {
        metadata: {
          name: "bufd-1-a",
          uid: "uid-of-bufd-1-a",
          labels: { app: "bufd" },
          ownerReferences: [owner],
        },
        status: { phase: "Running", containerStatuses: [container(waiting("ImagePullBackOff", "no"))] },
      },
    ];
    api.world = {
      ...goodWorld,
      raw: {
        "/events": answers({ kind: "List", items: events }),
        "/pods": answers({ kind: "List", items: pods }),
      },
    };
    const cluster = connect({ kubeconfig: api.kubeconfig("token") });
    const [reason, head, ...told] = await diagnose(cluster, "bsr", { workloads: [bufd] }, asItIs);
    assert.match(reason ?? "", /^bufd-1-a: ImagePullBackOff: /);
    assert.equal(head, "other warnings:");
    assert.deepEqual(
      told.map((line) => line.replace(/\d+ s ago/, (age) => `about ${age.slice(0, 1)}0 s ago`)),
      [
        "  about 60 s ago, 3 times, Pod bufd-1-a: FailedScheduling: 0/2 nodes",
        "  about 90 s ago, Pod bufd-1-a: FailedScheduling: 0/1 nodes",
      ],
    );
  });
});

describe("the lines of a reason", () => {
  const reason = { subjects: ["bufd-1"], text: "CrashLoopBackOff: container bufd" };
  const lines = (before: string, current: string) => reasonLines(reason, { before, now: current }, asItIs);

  it("end with the log, told once while the container waits to be started again", () => {
    assert.deepEqual(lines("panic: no database\n", "panic: no database\n"), [
      "bufd-1: CrashLoopBackOff: container bufd",
      "  | panic: no database",
    ]);
  });

  it("end with the log before the restart and the one since", () => {
    assert.deepEqual(lines("panic: no database\n", "starting\n").slice(1), [
      "  | panic: no database",
      "  after it was started again:",
      "  | starting",
    ]);
  });

  it("have the last five lines, without empty ones", () => {
    assert.deepEqual(
      lines("", "1\n2\n3\n\n4\n5\n6\n\n").slice(1),
      ["2", "3", "4", "5", "6"].map((n) => `  | ${n}`),
    );
  });

  it("have every secret masked before a line is cut or joined", () => {
    const secret = `${"x".repeat(495)}-key`;
    const mask = (text: string) => text.replaceAll(secret, "[secret]").replaceAll("two\nlines", "[secret]");
    assert.deepEqual(
      reasonLines(
        { subjects: ["bufd-1"], text: "says two\nlines" },
        { before: "", now: `12345 ${secret}` },
        mask,
      ),
      ["bufd-1: says [secret]", "  | 12345 [secret]"],
    );
  });
});
