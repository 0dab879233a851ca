import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT_UNREADABLE, EXIT_USAGE } from "../../cli/exit-status";
import { historyOf, type History } from "../../cli/history/history";
import { only } from "../../cli/history/read";
import { mermaidOf } from "../../cli/history/render-mermaid";
import { textOf } from "../../cli/history/render-text";
import type { Known } from "../../cli/instance/read";
import { Unreadable } from "../../cli/unreadable";
import { attemptsKept, emptyRecord } from "../../components/migrations/cluster/record/record";
import { Instance } from "../component/instance";
import { run } from "./run";

const at = new Date("2026-02-01T00:00:00Z");
const asked = { namespace: "bsr", release: "bsr" };

function known(story: Instance, rest: Partial<Known> = {}): Known {
  const { history, record } = story.observed();
  const database = "postgres.example.com:5432/bsr";
  return { database, databases: [], history, record, holding: null, mask: (text) => text, ...rest };
}

const historyAfter = (story: Instance, rest?: Partial<Known>): History =>
  historyOf(asked, known(story, rest), at);

const only1 = (story: Instance) => {
  const [transition, ...more] = historyAfter(story).transitions;
  assert.ok(transition !== undefined && more.length === 0);
  return transition;
};

/** Installed; a walk of two hops of which the second fails, and that goes on; and a minor down. Each thing takes an hour. */
const walk = () =>
  new Instance()
    .plans("1.11.0")
    .deploys("1.11.0")
    .ends()
    .plans("1.13.0")
    .deploys("1.12.1")
    .failsToVerify("1.13.0", 2)
    .failsAt("verify", "1.13.0", "1.13.0 was deployed but not verified: bufd 0/2\nbufd-1: ImagePullBackOff")
    .plans("1.13.0", { lineage: 2 })
    .deploys("1.13.0")
    .ends()
    .plans("1.12.1")
    .deploys("1.12.1")
    .migratesDown("1.13.0", 301, 299)
    .ends();

/** A jump through maintenance, which fails after its snapshot, and is taken up. */
const jump = () =>
  new Instance()
    .plans("1.4.1")
    .deploys("1.4.1")
    .ends()
    .plans("1.7.0")
    .staysInMaintenance("1.4.1")
    .takesSnapshot(2)
    .begins("1.7.0", { transition: 2 })
    .plans("1.7.0", { lineage: 2 })
    .deploys("1.7.0")
    .ends();

describe("the history of an instance", () => {
  it("has one transition for each plan, with its way, its end and who went on with it", () => {
    assert.deepEqual(
      historyAfter(walk()).transitions.map(({ number, from, to, state, lineage, takenUpBy }) => [
        ...[number, from, to, state, lineage, takenUpBy],
      ]),
      [
        [1, null, "1.11.0", "done", 1, null],
        [2, "1.11.0", "1.13.0", "failed", 2, 3],
        [3, "1.12.1", "1.13.0", "done", 2, null],
        [4, "1.13.0", "1.12.1", "done", 4, null],
      ],
    );
  });

  it("ends a deploy that failed where its step did, with the reason", () => {
    const failed = historyAfter(walk()).transitions[1]?.events.at(-1);
    assert.deepEqual(failed, {
      kind: "deploy",
      at: "2026-01-01T08:00:00.000Z",
      ended: "2026-01-01T09:00:00.000Z",
      version: "1.13.0",
      revision: 3,
      maintenance: false,
      result: "failed",
      why: "1.13.0 was deployed but not verified: bufd 0/2\nbufd-1: ImagePullBackOff",
      helm: "superseded",
      schemaVersion: null,
    });
  });

  it("has Helm's reason where Helm itself gave up, as the Release's own deploy tells the record nothing", () => {
    const story = new Instance().plans("1.4.0").failsInHelm("1.4.0");
    const { events, state } = only1(story);
    const [deploy] = events;
    assert.ok(deploy?.kind === "deploy");
    assert.deepEqual([state, deploy.result, deploy.why], ["failed", "failed", "transition 1: deploy 1.4.0"]);
  });

  it("gives a failure to the deploy of its own transition", () => {
    const story = new Instance().plans("1.5.1").begins("1.5.1").plans("1.5.1").begins("1.5.1");
    const results = historyAfter(story.failsAt("deploy", "1.5.1", "no such chart")).transitions.map(
      ({ events }) => events.map((event) => (event.kind === "deploy" ? event.result : event.kind)),
    );
    assert.deepEqual(results, [["open"], ["failed"]]);
  });

  it("goes on with nothing that was done, also where the target stays the same", () => {
    const story = new Instance().plans("1.4.0").deploys("1.4.0").ends();
    story.plans("1.4.0", { lineage: 1 }).deploys("1.4.0").ends();
    assert.deepEqual(
      historyAfter(story).transitions.map(({ takesUp, takenUpBy }) => [takesUp, takenUpBy]),
      [
        [null, null],
        [null, null],
      ],
    );
  });

  it("leaves open what neither ended nor failed, as after a kill", () => {
    const { state, events } = only1(new Instance().plans("1.4.0").begins("1.4.0"));
    const [deploy] = events;
    assert.ok(deploy?.kind === "deploy");
    assert.deepEqual([state, deploy.result, deploy.ended, deploy.helm], ["unfinished", "open", null, null]);
  });

  it("is not done before its last verification: a database may still have to be migrated down", () => {
    const story = new Instance().plans("1.4.0").deploys("1.4.0");
    assert.equal(only1(story).state, "unfinished");
    assert.equal(only1(story.ends()).state, "done");
  });

  it("is under way while a run holds the lease, and only the newest is", () => {
    const holder = { holder: "stack bsr/test, run 17 on operator", since: at, seconds: 15 };
    const story = new Instance().plans("1.4.0").begins("1.4.0").plans("1.4.0").begins("1.4.0");
    const states = (runsOut: number) =>
      historyAfter(story, { holding: { ...holder, runsOut: new Date(runsOut) } }).transitions.map(
        ({ state }) => state,
      );
    assert.deepEqual(states(at.getTime() + 1), ["unfinished", "under-way"]);
    assert.deepEqual(states(at.getTime()), ["unfinished", "unfinished"]);
  });

  it("tells the step that failed before anything was deployed", () => {
    const story = new Instance().deploys("1.4.0").plans("1.5.1");
    const { events, state } = historyAfter(story.begins("1.5.1").failsAt("snapshot", "1.4.0", "disk full"))
      .transitions[1] ?? { events: [], state: "" };
    assert.equal(state, "failed");
    const failure = events.at(-1);
    assert.deepEqual(failure?.kind === "failure" ? [failure.step, failure.why] : failure, [
      "snapshot",
      "disk full",
    ]);
  });

  it("has the time in which users may have been refused, also over two transitions", () => {
    const { transitions } = historyAfter(jump());
    assert.deepEqual(
      transitions.map(({ downtime }) => downtime),
      [[], [{ from: "2026-01-01T06:00:00.000Z", to: "2026-01-01T12:00:00.000Z" }], []],
    );
    const twice = new Instance().deploys("1.4.1").staysInMaintenance("1.4.1").staysInMaintenance("1.4.1");
    assert.deepEqual(
      historyAfter(twice).transitions.map(({ downtime }) => downtime.map(({ from }) => from)),
      [[], ["2026-01-01T03:00:00.000Z"], []],
    );
    const left = historyAfter(new Instance().plans("1.4.1").staysInMaintenance("1.4.1"));
    assert.deepEqual(
      left.transitions.map(({ downtime, state }) => [downtime, state]),
      [[[{ from: "2026-01-01T02:00:00.000Z", to: null }], "unfinished"]],
    );
  });

  it("has a restore, from where the pods were stopped", () => {
    const story = new Instance().deploys("1.7.0").restores("20260101t000000z-1.6.0").deploys("1.6.0", 2);
    const { events, downtime } = historyAfter(story).transitions[1] ?? { events: [], downtime: [] };
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ["restore", "deploy"],
    );
    assert.equal(downtime.length, 1);
  });

  it("puts the wait for a data migration into the transition that waited", () => {
    const story = new Instance()
      .plans("1.8.3", { lineage: 1 })
      .deploys("1.7.0")
      .completesDataMigration("1.7.0", 1)
      .deploys("1.8.3", 1)
      .ends();
    const waited = only1(story).events[1];
    assert.deepEqual(waited, {
      kind: "data-migration",
      at: "2026-01-01T04:00:00.000Z",
      version: "1.7.0",
      since: "2026-01-01T03:00:00.000Z",
    });
  });

  it("tells apart what was done by hand, and what only changed values", () => {
    const story = new Instance()
      .plans("1.4.0")
      .deploys("1.4.0")
      .ends()
      .changesValues({ verified: true })
      .isUpgradedByHand("1.5.1")
      .isRolledBackByHand(1);
    const { others, transitions, live } = historyAfter(story);
    assert.deepEqual(
      others.map((event) => ("revision" in event ? [event.kind, event.version, event.revision] : event)),
      [
        ["values", "1.4.0", 2],
        ["by-hand", "1.5.1", 3],
        ["by-hand", "1.4.0", 4],
      ],
    );
    assert.deepEqual([transitions.length, live], [1, { version: "1.4.0", revision: 4, verified: false }]);
  });

  it("puts what was done by hand in the middle of a transition there", () => {
    const story = new Instance().plans("1.5.1").deploys("1.4.0").isUpgradedByHand("1.4.1");
    const { others, transitions } = historyAfter(story.failsAt("deploy", "1.5.1", "was changed while"));
    assert.deepEqual(
      [others, transitions[0]?.events.map(({ kind }) => kind)],
      [[], ["deploy", "by-hand", "failure"]],
    );
  });

  it("knows what runs for another's although an older life of the release had the same revision", () => {
    const story = new Instance().deploys("1.4.0").isUninstalled().isUpgradedByHand("1.4.0");
    const { others, transitions } = historyAfter(story);
    assert.deepEqual([others.map(({ kind }) => kind), transitions.length], [["by-hand"], 1]);
  });
});

describe("a revision of Helm that an older life of the release had too", () => {
  it("belongs to the transition that its description names", () => {
    const story = new Instance().deploys("1.4.0").isUninstalled();
    const { history, record } = new Instance().deploys("1.3.1").deploys("1.4.0").observed();
    const told = history.slice(-1).map((revision) => ({ ...revision, revision: 1 }));
    assert.match(told[0]?.description ?? "", /^transition 2: /);
    const { transitions } = historyAfter(story, { history: told, record: story.observed().record });
    const helm = transitions.map(({ events }) => events.map((event) => "helm" in event && event.helm));
    assert.deepEqual([record?.transition, helm], [2, [[null], ["deployed"]]]);
  });
});

describe("the history that an older package has left", () => {
  it("takes a transition for done whose last deploy serves", () => {
    const { state, from, to } = only1(new Instance().deploys("1.4.0"));
    assert.deepEqual([state, from, to], ["done", undefined, null]);
    assert.equal(only1(new Instance().failsToVerify("1.4.0")).state, "unfinished");
    assert.equal(only1(new Instance().staysInMaintenance("1.4.0")).state, "unfinished");
  });

  it("is what Helm tells where the record was lost, and then nothing counts as verified", () => {
    const { transitions, recorded, live } = historyAfter(new Instance().deploys("1.4.0").losesRecord());
    assert.deepEqual([recorded, live?.verified], [false, false]);
    const [deploy] = transitions[0]?.events ?? [];
    assert.ok(deploy?.kind === "deploy");
    assert.deepEqual([deploy.version, deploy.result, deploy.helm], ["1.4.0", "open", "deployed"]);
  });

  it("passes over events of a newer package, and over what cannot be read", () => {
    const { record, history } = walk().observed();
    assert.ok(record !== null);
    const odd = [{ kind: "danced", transition: 2, at: "2026-01-01T00:00:00Z" }, { kind: "done" }, 7, null];
    const expected = historyAfter(walk());
    const found = historyAfter(walk(), {
      history,
      record: { ...record, events: [...odd, ...record.events] },
    });
    assert.deepEqual(found, expected);
  });

  it("says where older transitions are forgotten", () => {
    const { record } = walk().observed();
    const attempt = record?.attempts[0];
    assert.ok(attempt !== undefined);
    const full = { ...emptyRecord, attempts: new Array(attemptsKept).fill(attempt) };
    assert.ok(historyAfter(walk(), { record: full }).forgotten);
    assert.ok(!historyAfter(walk()).forgotten);
  });
});

describe("the schema versions of a history", () => {
  const numbers = (story: Instance) =>
    historyAfter(story).transitions.flatMap(({ events }) =>
      events.flatMap((event) =>
        event.kind === "deploy" ? [event.schemaVersion && Object.values(event.schemaVersion).join(" ")] : [],
      ),
    );

  it("are the status page's from 1.11.0 on, assumed before it, and untold where nobody knows them", () => {
    const story = new Instance().deploys("1.0.0").deploys("1.5.1").deploys("1.11.0");
    assert.deepEqual(numbers(story), [null, "247 assumed", "298 status-page"]);
  });

  it("are told of no deploy that fails, and of none below the owner where nothing read them", () => {
    const story = new Instance().deploys("1.9.1").failsToVerify("1.10.1").plans("1.9.0").deploys("1.9.0");
    assert.deepEqual(numbers(story), ["286 assumed", null, null]);
  });

  it("are the lower release's once the database was migrated down", () => {
    assert.deepEqual(numbers(walk()), ["298 status-page", "299 status-page", null, "301 status-page", null]);
    assert.deepEqual(numbers(walk().plans("1.12.0").deploys("1.12.1")).at(-1), "299 status-page");
  });
});

describe("bsr history for a person", () => {
  it("says what happened, what failed and where the instance stands", () => {
    assert.equal(
      textOf(historyAfter(walk().isUpgradedByHand("1.12.0"))),
      `Release bsr in namespace bsr: 4 transitions, database postgres.example.com:5432/bsr

Transition 1: installation of 1.11.0, done in 3 h 0 min
  stack bsr/test
  2026-01-01T02:00:00Z   ok        deploy 1.11.0, revision 1, verified after 1 h 0 min, schema version 298

Transition 2: 1.11.0 to 1.13.0, FAILED after 4 h 0 min; taken up by transition 3
  stack bsr/test
  2026-01-01T06:00:00Z   ok        deploy 1.12.1, revision 2, verified after 1 h 0 min, schema version 299
  2026-01-01T08:00:00Z   FAILED    deploy 1.13.0, revision 3, after 1 h 0 min
                                   1.13.0 was deployed but not verified: bufd 0/2
                                   bufd-1: ImagePullBackOff

Transition 3: 1.12.1 to 1.13.0, done in 3 h 0 min
  stack bsr/test; goes on where transition 2 stopped
  2026-01-01T11:00:00Z   ok        deploy 1.13.0, revision 4, verified after 1 h 0 min, schema version 301

Transition 4: 1.13.0 to 1.12.1, done in 5 h 0 min
  stack bsr/test
  2026-01-01T15:00:00Z   ok        deploy 1.12.1, revision 5, verified after 1 h 0 min
  2026-01-01T17:00:00Z   ok        migrate the database down to 299, from 301, with the binary of 1.13.0, 1 h 0 min, schema owner 1.12.1

In no transition
  2026-01-01T19:00:00Z   by hand   1.12.0 at revision 6, Helm says deployed: Upgrade complete

Now: 1.12.0 at revision 6, not verified; npx --no bsr status --namespace bsr --release bsr says what to do
`,
    );
  });

  it("says how long users were refused, and what is only assumed", () => {
    assert.equal(
      textOf(historyAfter(jump())),
      `Release bsr in namespace bsr: 3 transitions, database postgres.example.com:5432/bsr

Transition 1: installation of 1.4.1, done in 3 h 0 min
  stack bsr/test
  2026-01-01T02:00:00Z   ok        deploy 1.4.1, revision 1, verified after 1 h 0 min, schema version 246 (assumed)

Transition 2: 1.4.1 to 1.7.0, not finished; taken up by transition 3
  stack bsr/test; users refused for at most 6 h 0 min, from 2026-01-01T06:00:00Z to 2026-01-01T12:00:00Z
  2026-01-01T06:00:00Z   ok        deploy 1.4.1 with maintenance on, revision 2, verified after 1 h 0 min, schema version 246 (assumed)
  2026-01-01T08:00:00Z   ok        snapshot at 1.4.1, id 2026-01-01T08:00:00.000Z-1.4.1
  2026-01-01T09:00:00Z   open      deploy 1.7.0, revision 3, begun, never verified

Transition 3: 1.4.1 to 1.7.0, done in 3 h 0 min
  stack bsr/test; goes on where transition 2 stopped
  2026-01-01T11:00:00Z   ok        deploy 1.7.0, revision 3, verified after 1 h 0 min, schema version 266 (assumed)

(assumed): what the release brings; no status page shows it before 1.11.0.

Now: 1.7.0 at revision 3, verified
`,
    );
  });
});

describe("bsr history as a picture", () => {
  it("draws the newest transition, or the one that is asked for", () => {
    assert.equal(
      mermaidOf(historyAfter(walk())),
      `gantt
  title release bsr in namespace bsr - transition 4 - 1.13.0 to 1.12.1 - times in UTC
  dateFormat YYYY-MM-DDTHH:mm:ss.SSS
  axisFormat %H:%M
  section Deploys
    deploy 1.12.1 - 1 h 0 min :done, 2026-01-01T15:00:00.000, 2026-01-01T16:00:00.000
  section Database
    migrate the database down to 299 - 1 h 0 min :done, 2026-01-01T17:00:00.000, 2026-01-01T18:00:00.000
`,
    );
    assert.equal(
      mermaidOf(only(historyAfter(walk()), 2)),
      `gantt
  title release bsr in namespace bsr - transition 2 - 1.11.0 to 1.13.0 - failed - times in UTC
  dateFormat YYYY-MM-DDTHH:mm:ss.SSS
  axisFormat %H:%M
  section Deploys
    deploy 1.12.1 - 1 h 0 min :done, 2026-01-01T06:00:00.000, 2026-01-01T07:00:00.000
    deploy 1.13.0 - failed - 1 h 0 min :crit, 2026-01-01T08:00:00.000, 2026-01-01T09:00:00.000
`,
    );
  });

  it("has a lane for what users met", () => {
    assert.equal(
      mermaidOf(only(historyAfter(jump()), 2)),
      `gantt
  title release bsr in namespace bsr - transition 2 - 1.4.1 to 1.7.0 - unfinished - times in UTC
  dateFormat YYYY-MM-DDTHH:mm:ss.SSS
  axisFormat %H:%M
  section Deploys
    deploy 1.4.1 with maintenance on - 1 h 0 min :done, 2026-01-01T06:00:00.000, 2026-01-01T07:00:00.000
    deploy 1.7.0 - not verified :active, milestone, 2026-01-01T09:00:00.000, 0d
  section Database
    snapshot at 1.4.1 :done, milestone, 2026-01-01T08:00:00.000, 0d
  section Users
    refused for at most 6 h 0 min :crit, active, 2026-01-01T06:00:00.000, 2026-01-01T12:00:00.000
`,
    );
  });

  it("takes no sign of Mermaid from what others have named", () => {
    const story = new Instance().deploys("1.7.0").restores("a:b;c#d\n%%e").deploys("1.6.0", 2);
    assert.match(mermaidOf(historyAfter(story)), /\n {4}restore the snapshot a b c d e :done, milestone, /);
  });
});

describe("the page on the command line", () => {
  const text = readFileSync(join(__dirname, "..", "..", "docs", "cli.md"), "utf8");

  it("has every key and every event of the JSON of bsr history", () => {
    const { transitions, others: _others, ...rest } = historyAfter(walk());
    const keys = [rest, ...transitions, ...transitions.flatMap(({ events }) => events)].flatMap(Object.keys);
    const source = readFileSync(join(__dirname, "..", "..", "cli", "history", "events.ts"), "utf8");
    const kinds = [...source.matchAll(/readonly kind: "([a-z-]+)"/g)].map((match) => match[1] ?? "");
    assert.ok(kinds.length >= 8);
    const missing = [...new Set([...keys, ...kinds])].filter((word) => !text.includes(`\`${word}\``));
    assert.deepEqual(missing, []);
  });
});

describe("bsr history that cannot be read", () => {
  it("exits with 1, names what to check, and quotes no kubeconfig", async () => {
    const { status, stdout, stderr } = await run(["history", "--kubeconfig", "/nonexistent/kubeconfig"]);
    assert.deepEqual([status, stdout], [EXIT_UNREADABLE, ""]);
    assert.match(
      stderr,
      /^error: the history of release bsr could not be read\n {2}found: {2}the kubeconfig/,
    );
  });

  it("names the transitions that there are where one is asked for that is not", () => {
    assert.throws(
      () => only(historyAfter(walk()), 9),
      (error) => error instanceof Unreadable && error.found === "the transitions 1, 2, 3, 4",
    );
  });

  for (const wrong of [["--transition", "0"], ["--transition", "two"], ["--json", "--mermaid"], ["--last"]]) {
    it(`exits with 2 when it is called with ${wrong.join(" ")}`, async () => {
      const { status, stdout, stderr } = await run(["history", ...wrong]);
      assert.deepEqual([status, stdout], [EXIT_USAGE, ""]);
      assert.match(stderr, /\nRun bsr history --help for the options and examples\.\n$/);
    });
  }
});
