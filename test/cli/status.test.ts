import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT_UNREADABLE, EXIT_USAGE } from "../../cli/exit-status";
import { revisionsOf, type Observed, type PodPage } from "../../cli/status/observe";
import { textOf } from "../../cli/status/render-text";
import { statusOf, type Status } from "../../cli/status/status";
import { workloadStates } from "../../cli/status/workloads";
import { emptyRecord } from "../../components/migrations/cluster/record/record";
import type { Running } from "../../components/migrations/cluster/pods/workloads";
import { Instance } from "../component/instance";
import { deployment, pod, replicaSet, rolledOut } from "../steps/pods";
import { run } from "./run";

/** Half an hour after the second thing that happened in a story: each takes an hour. */
const at = new Date("2026-01-01T02:30:00Z");

/** The manifest of a revision whose bufd has the image of a version. */
const manifest = (version: string, name = "bufd") => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template: { spec: { containers: [{ name: bufd, image: "mirror.example.com/bufd:${version}" }] } }
`;

const images = (version: string) => ({
  spec: { containers: [{ name: "bufd", image: `mirror.example.com/bufd:${version}` }] },
});

const ready = { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } };
const unready = { status: { phase: "Running", conditions: [{ type: "Ready", status: "False" }] } };

/** Two ready pods of a version. */
function serving(version: string): Running {
  return {
    ...rolledOut(),
    replicaSets: [set("new", "2", version)],
    pods: [pod("new-1", "new", ready), pod("new-2", "new", ready)],
  };
}

function set(name: string, revision: string, version: string) {
  return { ...replicaSet(name, revision), spec: { selector: {}, template: images(version) } };
}

interface Shown extends Partial<Pick<Observed, "at" | "databases" | "holding" | "pages">> {
  readonly running?: Running;
}

function observed(story: Instance, { running, ...shown }: Shown = {}): Observed {
  const { history: told, record } = story.observed();
  const history = told.map((revision) => ({ ...revision, manifest: manifest(revision.version) }));
  const { live, before } = revisionsOf(history, record);
  const seen = running ?? serving(live?.version ?? "");
  return {
    at,
    instance: { namespace: "bsr", release: "bsr" },
    database: record === null ? null : "postgres.example.com:5432/bsr",
    databases: [],
    history,
    live,
    record,
    holding: null,
    before,
    edited: story.observed().edited,
    running: seen,
    workloads: live === undefined ? [] : workloadStates(seen, live, before),
    pages: [],
    mask: (text) => text,
    ...shown,
  };
}

const status = (story: Instance, shown?: Shown) => statusOf(observed(story, shown));
const codes = ({ attention }: Status) => attention.map(({ code }) => code);

function page(podName: string, current: number, target: number, unhealthy: string[] = []): PodPage {
  const items = ["migrations", "postgres"].map((name) => ({
    name,
    status: unhealthy.includes(name) ? "unhealthy" : "healthy",
    message: `of ${name}`,
  }));
  return { pod: podName, page: { items, migrations: { current, target }, version: null } };
}

const holder = {
  holder: "stack organization/bsr/prod, run 17 on operator",
  since: new Date("2026-01-01T02:00:00Z"),
  seconds: 15,
};

describe("the status of an instance", () => {
  it("is healthy where what runs is what was verified", () => {
    const found = status(new Instance().deploys("1.4.0"));
    assert.equal(found.state, "healthy");
    assert.deepEqual(found.attention, []);
    assert.deepEqual(found.deployed, { version: "1.4.0", revision: 1, at: "2026-01-01T02:00:00.000Z" });
    assert.deepEqual(
      [found.settled, found.maintenance, found.drift, found.attempted],
      [true, false, false, null],
    );
    assert.deepEqual([found.schemaOwner, found.highWaterMark], ["1.4.0", "1.4.0"]);
  });

  const attention: [string, Instance, string[]][] = [
    ["nothing was ever deployed", new Instance(), ["not-deployed"]],
    ["the release was uninstalled", new Instance().deploys("1.4.0").isUninstalled(), ["not-deployed"]],
    ["a deploy was not verified", new Instance().deploys("1.4.0").failsToVerify("1.5.1"), ["not-verified"]],
    ["a deploy failed in Helm", new Instance().deploys("1.4.0").failsInHelm("1.5.1"), ["not-verified"]],
    [
      "values changed unverified",
      new Instance().deploys("1.4.0").changesValues({ verified: false }),
      ["not-verified"],
    ],
    ["an uninstall broke off", new Instance().deploys("1.4.0").isBeingUninstalled(), ["uninstalling"]],
    ["somebody upgraded by hand", new Instance().deploys("1.4.0").isUpgradedByHand("1.6.0"), ["drift"]],
    ["the record was lost", new Instance().deploys("1.4.0").losesRecord(), ["drift"]],
    [
      "maintenance was left on",
      new Instance().deploys("1.4.0").staysInMaintenance("1.4.0"),
      ["maintenance-on"],
    ],
  ];
  for (const [situation, story, expected] of attention) {
    it(`needs attention where ${situation}`, () => {
      const found = status(story);
      assert.equal(found.state, "needs-attention");
      assert.deepEqual(codes(found), expected);
      for (const { remedy } of found.attention) assert.notEqual(remedy, "");
    });
  }

  it("tells an attempt apart from what was deployed", () => {
    const found = status(new Instance().deploys("1.4.0").failsToVerify("1.5.1"));
    assert.equal(found.deployed?.version, "1.4.0");
    assert.deepEqual(found.attempted, {
      version: "1.5.1",
      revision: 2,
      at: "2026-01-01T03:00:00.000Z",
      stack: "bsr/test",
    });
    assert.deepEqual([found.live?.version, found.live?.verified, found.settled], ["1.5.1", false, false]);
    assert.deepEqual([found.schemaOwner, found.highWaterMark], ["1.5.1", "1.5.1"]);
  });

  it("is healthy where an attempt never reached Helm, and shows the attempt", () => {
    const found = status(new Instance().deploys("1.4.0").begins("1.5.1"));
    assert.deepEqual([found.state, found.attempted?.version], ["healthy", "1.5.1"]);
  });

  it("lists the snapshots on record, oldest first", () => {
    const story = new Instance()
      .deploys("1.4.0")
      .takesSnapshot(2)
      .staysInMaintenance("1.4.0")
      .takesSnapshot(3);
    const found = status(story);
    const taken = {
      version: "1.4.0",
      schemaVersion: null,
      bytes: null,
      place: "elsewhere",
      method: "pgDump",
    };
    const times = ["2026-01-01T03:00:00.000Z", "2026-01-01T06:00:00.000Z"];
    assert.deepEqual(found.snapshots, [
      { id: `${times[0]}-1.4.0`, ...taken, at: times[0], maintenance: false },
      { id: `${times[1]}-1.4.0`, ...taken, at: times[1], maintenance: true },
    ]);
    assert.deepEqual(status(new Instance()).snapshots, []);
  });

  it("names the records that are left where several databases could be meant", () => {
    const found = status(new Instance(), { databases: ["a:5432/bsr", "b:5432/bsr"] });
    assert.match(
      found.attention[0]?.found ?? "",
      /the records of 2 databases are left: a:5432\/bsr, b:5432\/bsr$/,
    );
  });

  it("is in transition while a run holds the lease, whatever else is to be seen", () => {
    const holding = { ...holder, runsOut: new Date(at.getTime() + 1) };
    const found = status(new Instance().deploys("1.4.0").failsInHelm("1.5.1"), { holding });
    assert.deepEqual([found.state, found.attention], ["in-transition", []]);
    assert.match(
      found.transition ?? "",
      /^stack organization\/bsr\/prod, run 17 on operator works on it since/,
    );
    assert.equal(found.lease?.state, "held");
  });

  it("is not in transition any more when the lease has run out", () => {
    const holding = { ...holder, runsOut: at };
    const found = status(new Instance().deploys("1.4.0").failsInHelm("1.5.1"), { holding });
    assert.deepEqual(
      [found.state, found.lease?.state, codes(found)],
      ["needs-attention", "run-out", ["not-verified"]],
    );
  });

  it("is in transition while Helm makes an own deploy without the lease, for as long as that may take", () => {
    const story = new Instance().deploys("1.4.0").diesInHelm("1.5.1");
    const began = Date.parse("2026-01-01T03:00:00Z");
    const soon = status(story, { at: new Date(began + 1800_000) });
    assert.deepEqual([soon.state, codes(soon)], ["in-transition", []]);
    const late = status(story, { at: new Date(began + 1801_000) });
    assert.deepEqual([late.state, codes(late)], ["needs-attention", ["helm-locked"]]);
    assert.match(
      late.attention[0]?.remedy ?? "",
      /^run pulumi up: it waits until the run that began it is proven dead/,
    );
  });
});

describe("the pods of an instance", () => {
  const upgrading = () => new Instance().deploys("1.4.0").failsToVerify("1.5.1");

  /** One pod of each of two versions; the newer one is not ready. */
  const mixed = (trouble: object = unready): Running => ({
    ...rolledOut(),
    deployments: [deployment({ status: { updatedReplicas: 1, availableReplicas: 1 } })],
    replicaSets: [set("old", "1", "1.4.0"), set("new", "2", "1.5.1")],
    pods: [pod("old-1", "old", ready), pod("new-1", "new", trouble)],
  });

  it("have the version of the revision whose template they are of", () => {
    const { workloads } = status(upgrading(), { running: mixed() });
    assert.deepEqual(workloads, [
      {
        kind: "Deployment",
        name: "bufd",
        wanted: 2,
        stopped: null,
        pods: [
          { name: "new-1", version: "1.5.1", template: "current", ready: false },
          { name: "old-1", version: "1.4.0", template: "older", ready: true },
        ],
      },
    ]);
  });

  it("have no version where no revision has their template", () => {
    const running = { ...mixed(), replicaSets: [replicaSet("old", "1"), set("new", "2", "by-hand")] };
    const { workloads } = status(upgrading(), { running });
    assert.deepEqual(
      workloads[0]?.pods.map(({ version, template }) => [version, template]),
      [
        [null, "current"],
        [null, "older"],
      ],
    );
  });

  it("of a workload that the live revision lacks are told as left", () => {
    const story = observed(upgrading());
    const before = story.before.map((one) => ({ ...one, manifest: manifest("1.4.0", "gone") }));
    const left = pod("gone-1", null, { ...ready, labels: { app: "gone" } });
    const running = { ...story.running, pods: [...story.running.pods, left] };
    const { live } = story;
    assert.ok(live !== undefined);
    const gone = workloadStates(running, live, before).find(({ name }) => name === "gone");
    assert.deepEqual([gone?.wanted, gone?.pods.map(({ name }) => name)], [0, ["gone-1"]]);
  });

  it("are in transition while they are being replaced", () => {
    const found = status(upgrading(), { running: mixed() });
    assert.deepEqual([found.state, found.rollout?.state], ["in-transition", "running"]);
    assert.match(found.transition ?? "", /^pods are being replaced: bufd 0\/2 ready; old pods left: 1$/);
  });

  it("are in no transition that somebody else began by hand", () => {
    const found = status(new Instance().deploys("1.4.0").isUpgradedByHand("1.5.1"), { running: mixed() });
    assert.deepEqual(
      [found.rollout?.state, found.state, codes(found)],
      ["running", "needs-attention", ["drift"]],
    );
  });

  it("have no version where two revisions of different versions have their template", () => {
    const story = observed(upgrading());
    assert.ok(story.live !== undefined);
    const alike = story.before.map((one) => ({ ...one, manifest: manifest("1.5.1") }));
    const [bufd] = workloadStates(story.running, story.live, alike);
    assert.deepEqual(
      bufd?.pods.map(({ version }) => version),
      [null, null],
    );
  });

  it("that are being ended are not ready", () => {
    const running = { ...serving("1.4.0"), pods: [pod("new-1", "new", { ...ready, terminating: true })] };
    const { workloads } = status(new Instance().deploys("1.4.0"), { running });
    assert.deepEqual(
      workloads[0]?.pods.map((one) => one.ready),
      [false],
    );
  });

  it("need attention when one of them cannot start", () => {
    const stuck = {
      status: {
        containerStatuses: [
          {
            name: "bufd",
            restartCount: 0,
            state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } },
          },
        ],
      },
    };
    const found = status(upgrading(), { running: mixed(stuck) });
    assert.deepEqual([found.state, codes(found)], ["needs-attention", ["not-verified", "not-ready"]]);
    assert.match(found.attention[1]?.found ?? "", /new-1: ImagePullBackOff: container bufd: no such image/);
  });

  it("need attention when they fall ill after they were verified", () => {
    const running = {
      ...serving("1.4.0"),
      deployments: [deployment({ status: { availableReplicas: 1 } })],
    };
    const found = status(new Instance().deploys("1.4.0"), { running });
    assert.deepEqual(
      [found.state, found.rollout?.state, codes(found)],
      ["needs-attention", "not-ready", ["not-ready"]],
    );
  });
});

describe("an instance whose pods a restore has stopped", () => {
  const note = { "pulumi-bsr/replicas": "2" };
  const stopped: Running = {
    ...serving("1.4.0"),
    deployments: [
      {
        ...deployment({
          spec: { replicas: 0 },
          status: { replicas: 0, updatedReplicas: 0, availableReplicas: 0 },
        }),
        metadata: {
          ...deployment().metadata,
          annotations: { "deployment.kubernetes.io/revision": "2", ...note },
        },
      },
    ],
    pods: [],
  };
  const cutOff = () => new Instance().deploys("1.4.0").takesSnapshot(1).isCutOffRestoring("one");
  const first = (story: Instance, running: Running) => status(story, { running }).attention[0];

  it("needs attention first of all for that, with since when nobody is served", () => {
    const found = status(cutOff(), { running: stopped });
    assert.deepEqual([found.state, codes(found)], ["needs-attention", ["restore-cut-off"]]);
    assert.deepEqual(found.restoring, { snapshot: "one", since: "2026-01-01T04:00:00.000Z", done: false });
    assert.deepEqual(found.attention[0], {
      code: "restore-cut-off",
      found:
        "a restore of one, begun at 2026-01-01T04:00:00Z, was cut off: the pods of bufd are stopped, so nobody is served",
      remedy: "run pulumi up: it finds out what came of the restore, and goes on",
    });
    const text = textOf(found);
    assert.match(text, /^Release bsr in namespace bsr: needs attention$/m);
    assert.match(text, /^ {2}restore +of one, begun 2026-01-01T04:00:00Z, not ended$/m);
    assert.match(text, /^ {2}bufd \(wants 0, stopped by a restore, 2 before\) {3}no pod$/m);
  });

  it("needs it while the last pods go, and where none was stopped yet", () => {
    const going = { ...stopped, pods: [pod("new-1", "new", { ...ready, terminating: true })] };
    assert.equal(first(cutOff(), going)?.code, "restore-cut-off");
    assert.match(
      first(cutOff(), serving("1.4.0"))?.found ?? "",
      /begun at \S+, was cut off, and may have switched over$/,
    );
  });

  it("is in transition while a run is at it", () => {
    const holding = { ...holder, runsOut: new Date(at.getTime() + 1) };
    assert.equal(status(cutOff(), { running: stopped, holding }).state, "in-transition");
  });

  it("needs it where the restore is done and no deploy was verified, until Helm has started the pods", () => {
    const done = cutOff().restores("one", { transition: 1 });
    assert.match(
      first(done, stopped)?.found ?? "",
      /^one is restored, and no deploy was verified since: the pods of bufd/,
    );
    const deployed = status(done.failsToVerify("1.4.0"), { running: serving("1.4.0") });
    assert.deepEqual(codes(deployed), ["not-verified"]);
  });

  it("needs it where no record tells of the restore, with how to start them", () => {
    const { found, remedy } = first(new Instance().deploys("1.4.0"), stopped) ?? { found: "", remedy: "" };
    assert.match(found, /^a restore that no record knows of has stopped pods/);
    assert.match(remedy, /kubectl scale deployment bufd -n bsr --replicas=2$/);
  });

  it("is healthy with a workload that somebody else wants no pod of", () => {
    const idle = {
      ...stopped,
      deployments: [deployment({ spec: { replicas: 0 }, status: stopped.deployments[0]?.status ?? {} })],
    };
    assert.equal(status(new Instance().deploys("1.4.0"), { running: idle }).state, "healthy");
  });
});

describe("the status page of an instance", () => {
  const story = () => new Instance().deploys("1.12.1");

  it("tells the schema version", () => {
    const found = status(story(), { pages: [page("new-1", 299, 299), page("new-2", 299, 299)] });
    assert.equal(found.state, "healthy");
    assert.deepEqual(found.schemaVersion, { source: "status-page", current: 299, target: 299 });
    assert.deepEqual(found.statusPage, { pods: ["new-1", "new-2"], unreadable: [], unhealthy: [] });
  });

  it("needs attention where an item is not healthy, with its message", () => {
    const found = status(story(), { pages: [page("new-1", 299, 299, ["postgres"])] });
    assert.deepEqual([found.state, codes(found)], ["needs-attention", ["unhealthy"]]);
    assert.equal(found.attention[0]?.found, "postgres is unhealthy on new-1 (of postgres)");
  });

  it("needs attention where a ready pod's cannot be read, and not where the pod is not ready", () => {
    const pages = [{ pod: "new-1", page: null }];
    assert.deepEqual(codes(status(story(), { pages })), ["unhealthy"]);
    const running = {
      ...serving("1.12.1"),
      pods: [pod("new-1", "new", unready), pod("new-2", "new", ready)],
    };
    assert.deepEqual(status(story(), { pages, running }).statusPage?.unreadable, []);
  });

  it("of an older pod is not judged", () => {
    const old = { ...serving("1.12.1"), replicaSets: [set("old", "1", "1.11.0"), set("new", "2", "1.12.1")] };
    const running = { ...old, pods: [...old.pods, pod("old-1", "old", ready)] };
    const found = status(story(), { pages: [page("old-1", 299, 298, ["migrations"])], running });
    assert.deepEqual([found.statusPage?.pods, found.statusPage?.unhealthy], [["old-1"], []]);
  });

  it("is not blamed for migrations where the database is of a newer release", () => {
    const newer = new Instance().deploys("1.12.1").deploys("1.12.0");
    const found = status(newer, { pages: [page("new-1", 300, 299, ["migrations"])] });
    assert.deepEqual([found.schemaOwner, found.state], ["1.12.1", "healthy"]);
    assert.deepEqual(
      status(story(), { pages: [page("new-1", 298, 299, ["migrations"])] }).state,
      "needs-attention",
    );
  });
});

describe("the schema version where no status page tells it", () => {
  it("is assumed to be that of the schema owner", () => {
    const found = status(new Instance().deploys("1.9.1").deploys("1.9.0"));
    assert.deepEqual(found.schemaVersion, { source: "assumed", current: 286 });
  });

  it("is what the owner's status page told when it ran, where the table does not have the owner", () => {
    const found = status(new Instance().learns("1.99.0", 400).deploys("1.99.0"));
    assert.deepEqual(found.schemaVersion, { source: "assumed", current: 400 });
  });

  it("is unknown where nobody knows it", () => {
    assert.equal(status(new Instance().deploys("1.0.0")).schemaVersion, null);
    assert.equal(statusOf({ ...observed(new Instance()), record: emptyRecord }).schemaVersion, null);
  });
});

describe("bsr status for a person", () => {
  it("says where the instance stands", () => {
    const shown = { pages: [page("new-1", 299, 299), page("new-2", 299, 299)] };
    assert.equal(
      textOf(status(new Instance().deploys("1.12.1"), shown)),
      `Release bsr in namespace bsr: healthy

  deployed          1.12.1, verified at revision 1, 2026-01-01T02:00:00Z
  live              1.12.1 at revision 1, deployed, verified
  schema owner      1.12.1
  schema version    299
  high-water mark   1.12.1
  settled           yes
  maintenance       off
  lease             free
  record            of database postgres.example.com:5432/bsr

Pods:
  bufd (wants 2)   1.12.1: 2 of 2 ready

Status page:
  every item healthy on new-1, new-2
`,
    );
  });

  it("shows of a snapshot what it takes to choose one", () => {
    const one = {
      id: "20260101t023000z-1.4.0",
      version: "1.4.0",
      schemaVersion: 246,
      at: "2026-01-01T02:30:00.123Z",
      bytes: 7_340_032,
      place: "volume claim bsr-snapshots, file bsr-20260101t023000z-1.4.0.dump",
      method: "pgDump",
      maintenance: false,
    } as const;
    const other = { ...one, schemaVersion: null, bytes: null, place: "backup 7", method: "command" } as const;
    const snapshots = [one, { ...other, maintenance: true }];
    const text = textOf({ ...status(new Instance().deploys("1.4.0")), snapshots });
    assert.match(
      text,
      new RegExp(
        `\n\nSnapshots:
  20260101t023000z-1.4.0   1.4.0, schema version 246, 2026-01-01T02:30:00Z, 7.0 MB, maintenance off, pgDump: ${one.place}
  20260101t023000z-1.4.0   1.4.0, schema version unknown, 2026-01-01T02:30:00Z, size unknown, maintenance on, command: backup 7
\nPods:\n`,
      ),
    );
  });

  it("ends with what to do where something needs attention", () => {
    const holding = { ...holder, runsOut: at };
    assert.equal(
      textOf(status(new Instance().deploys("1.4.0").failsToVerify("1.5.1"), { holding })),
      `Release bsr in namespace bsr: needs attention

  deployed          1.4.0, verified at revision 1, 2026-01-01T02:00:00Z
  live              1.5.1 at revision 2, deployed, not verified
  attempted         1.5.1 for revision 2, begun by bsr/test, 2026-01-01T03:00:00Z
  schema owner      1.5.1
  schema version    247 (assumed: that of the schema owner; no status page shows it before 1.11.0)
  high-water mark   1.5.1
  settled           no
  maintenance       off
  lease             free: stack organization/bsr/prod, run 17 on operator took it 2026-01-01T02:00:00Z and let it run out 2026-01-01T02:30:00Z
  record            of database postgres.example.com:5432/bsr

Pods:
  bufd (wants 2)   1.5.1: 2 of 2 ready

Needs attention:
  not-verified: 1.5.1 at revision 2, begun by bsr/test at 2026-01-01T03:00:00Z, was not verified; Helm says deployed: transition 2: deploy 1.5.1

Next: fix the cause, then run pulumi up: it goes on there
`,
    );
  });
});

describe("the page on the command line", () => {
  const root = join(__dirname, "..", "..");
  const text = readFileSync(join(root, "docs", "cli.md"), "utf8");

  it("has every key of the JSON", () => {
    const keys = Object.keys(status(new Instance().deploys("1.4.0")));
    assert.deepEqual(
      keys.filter((key) => !text.includes(`\`${key}\``)),
      [],
    );
  });

  it("has in --help every key of the JSON, and every key of what is deployed", async () => {
    const seen = observed(new Instance().deploys("1.4.0"));
    const verified = seen.record?.verified;
    assert.ok(seen.record != null && verified != null);
    const record = { ...seen.record, verified: { ...verified, images: { "Deployment/bufd/bufd": "bufd" } } };
    const found = statusOf({ ...seen, record });
    const help = (await run(["status", "--help"])).stdout;
    const deployed = /"deployed":\{(.+?)\}\|null/s.exec(help)?.[1] ?? "";
    assert.deepEqual(
      [
        ...Object.keys(found).filter((key) => !help.includes(`"${key}":`)),
        ...Object.keys(found.deployed ?? {}).filter((key) => !deployed.includes(`"${key}":`)),
      ],
      [],
    );
  });

  it("has every code of what needs attention, and no other", () => {
    const source = readFileSync(join(root, "cli", "status", "attention.ts"), "utf8");
    const used = [...source.matchAll(/code: "([a-z-]+)"/g)].map((match) => match[1]);
    const listed = [...text.matchAll(/^\| `([a-z]+(?:-[a-z]+)*)` \| .+ \| .+ \|$/gm)].map(
      (match) => match[1],
    );
    assert.deepEqual(listed.sort(), [...new Set(used)].sort());
  });
});

describe("bsr status that cannot be read", () => {
  it("exits with 1, names what to check, and quotes no kubeconfig", async () => {
    const { status, stdout, stderr } = await run(["status", "--kubeconfig", "/nonexistent/kubeconfig"]);
    assert.deepEqual([status, stdout], [EXIT_UNREADABLE, ""]);
    assert.equal(
      stderr,
      `error: the status of release bsr could not be read
  found:  the kubeconfig names a file that does not exist
  wanted: a kubeconfig that leads to the cluster
  remedy: check --kubeconfig, --context and KUBECONFIG
`,
    );
  });

  it("exits with 2 when it is called wrongly", async () => {
    const { status, stdout, stderr } = await run(["status", "--from", "1.4.0"]);
    assert.deepEqual([status, stdout], [EXIT_USAGE, ""]);
    assert.match(stderr, /^error: .+\nRun bsr status --help for the options and examples\.\n$/);
  });
});
