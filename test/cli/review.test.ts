import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { planFromObservation } from "../../components/bsr-release/ledger/plan";
import type { LedgerState } from "../../components/bsr-release/ledger/state";
import { EXIT_OK, EXIT_REFUSED, EXIT_UNREADABLE } from "../../cli/exit-status";
import { requestFor, stateOf } from "../component/asking";
import { Instance } from "../component/instance";
import { bumped } from "./bumped";
import { run } from "./run";
import { configOf, exportOf, hidden, StackOnDisk, type StoredComponent } from "./stack-on-disk";

const at = (clock: string) => `2026-01-01T${clock}Z`;
const basic = { version: "1.8.3", host: "bsr.example.com", releases: "[]" };

/** The stack prod, bumped from 1.4.0 to 1.6.0 and verified: two deploys, of 20 s each. */
const verified: StoredComponent = {
  ledger: bumped("1.4.0", "1.6.0"),
  rows: {
    "0-preflight": at("03:00:00"),
    "1-deploy-1.5.1": at("03:00:20"),
    "2-begin-1.6.0": at("03:00:22"),
    "2-verify-1.6.0": at("03:00:45"),
  },
  deployedAt: at("03:00:25"),
};

describe("bsr review", () => {
  let disk: StackOnDisk;
  beforeEach(() => {
    disk = new StackOnDisk();
  });
  afterEach(() => {
    disk.close();
  });

  const review = (...args: string[]) => run(["review", "--cwd", disk.folder, ...args]);
  async function told(...args: string[]) {
    const { status, stdout, stderr } = await review("--json", ...args);
    assert.equal(stderr, "");
    return { status, answer: JSON.parse(stdout) as Record<string, unknown> };
  }

  it("gives a pull request all that it asks, and the same text each time", async () => {
    disk.holds(exportOf([verified]), configOf(basic));
    const { status, stdout, stderr } = await review("--markdown");
    assert.deepEqual([status, stderr], [EXIT_OK, ""]);
    assert.equal(
      stdout,
      `### prod: Upgrade from 1.6.0 to 1.8.3, with no downtime.

> **Assumed: the cluster was not looked at.** The instance stands where the last plan of the stack ends: at 1.6.0, verified at 2026-01-01T03:00:45Z. Only pulumi preview plans from what runs.

| costs |  |
| --- | --- |
| downtime | none |
| loss of data | none |
| duration | about 40 s for 2 deploys, as 2 earlier ones took about 20 s each |

| step | action | version after it | schema version after it |
| --- | --- | --- | --- |
| 1 | deploy 1.7.0 | 1.7.0 | 266 |
| 2 | wait until the data migration of 1.7.0 has completed | 1.7.0 | 266 |
| 3 | deploy 1.8.3 | 1.8.3 | 281 |

\`\`\`mermaid
flowchart TD
  from(["1.6.0"])
  s1["step 1: deploy 1.7.0<br/>schema version 266"]
  s2{{"step 2: wait until the data migration of 1.7.0 has completed<br/>schema version 266"}}
  s3["step 3: deploy 1.8.3<br/>schema version 281"]
  to(["1.8.3"])
  from --> s1 --> s2 --> s3 --> to
\`\`\`

Afterwards, 1.8.3 is the deployed version, 1.8.3 the schema owner, 1.8.3 the high-water mark.

**Warnings**

- \`no-snapshot\`: No snapshot of the database is taken at 1.6.0 before the first deploy, because no snapshot method is given. Set snapshot to a snapshot method, or take one yourself.

**Release notes**

- 1.7.0, 1.8.0, 1.8.1, 1.8.2, 1.8.3: [release notes](https://buf.build/docs/bsr/admin/on-prem/release-notes/)
- 1.7.0: After start-up it migrates data in the background; no later minor may be deployed before that has completed.

**Plan** \`7572125b68f1a230\`

To bind \`pulumi up\` to this plan, so that it refuses any other:

\`\`\`sh
pulumi config set approvedPlan 7572125b68f1a230 --stack prod
\`\`\`
`,
    );
    assert.equal((await review("--markdown")).stdout, stdout);
  });

  it("asks pulumi for the stack, and for no secret", async () => {
    disk.holds(exportOf([verified]), configOf(basic));
    await review("--stack", "prod");
    assert.deepEqual(disk.calls(), [
      "stack export --stack prod --non-interactive --color never",
      "config --json --stack prod --non-interactive --color never",
    ]);
  });

  it("tells a person at a terminal that the last run did not finish, and starts from what is known", async () => {
    const { "0-preflight": preflight, "1-deploy-1.5.1": hop } = verified.rows;
    const rows = { "0-preflight": preflight ?? "", "1-deploy-1.5.1": hop ?? "" };
    disk.holds(exportOf([{ ...verified, rows }]), configOf({ ...basic, version: "1.6.0" }));
    const { status, stdout } = await review();
    assert.equal(status, EXIT_OK);
    assert.equal(
      stdout,
      `prod: Upgrade from 1.5.1 to 1.6.0, with no downtime.

Assumed, and weakly: the cluster was not looked at:
  The last run of the stack has not finished: the verification of 1.6.0 is not in the state, which has 1 of 2 steps. So 1.5.1 is the last version known as verified, and 1.6.0 as begun.
  bsr status shows where the instance stands, and pulumi preview plans from there.

Steps:
  1. deploy 1.6.0   schema version 255

Costs:
  downtime       none
  loss of data   none
  duration       about 20 s for 1 deploy, as an earlier one took about 20 s

Afterwards:
  1.6.0 is the deployed version, 1.6.0 the schema owner, 1.6.0 the high-water mark.

Warnings:
  no-snapshot: No snapshot of the database is taken at 1.5.1 before the first deploy, because no snapshot method is given. Set snapshot to a snapshot method, or take one yourself.

Plan 43af5092bca244b4:
  The last run did not finish, so this plan is a guess: pulumi preview shows the plan to approve, and its hash.
`,
    );
    const { answer } = await told();
    assert.deepEqual(
      [answer["weak"], answer["position"]],
      [
        true,
        {
          deployedVersion: "1.5.1",
          schemaOwner: "1.6.0",
          highWaterMark: "1.6.0",
          settled: false,
        },
      ],
    );
  });

  describe("has the hash that the ledger computes where the assumption holds", () => {
    const instance = () => new Instance().deploys("1.4.0").deploys("1.5.1").reaches("1.6.0");
    const rows: [string, StoredComponent, Instance][] = [
      ["after a verified plan", verified, instance()],
      [
        "after a hop that failed",
        { ...verified, rows: { "0-preflight": at("03:00:00") } },
        new Instance().deploys("1.4.0").failsToVerify("1.5.1"),
      ],
      [
        "after a last deploy that failed",
        {
          ...verified,
          rows: {
            "0-preflight": at("03:00:00"),
            "1-deploy-1.5.1": at("03:00:20"),
            "2-begin-1.6.0": at("03:00:22"),
          },
        },
        new Instance().deploys("1.4.0").deploys("1.5.1").failsToVerify("1.6.0"),
      ],
      ["after a run that did nothing", { ...verified, rows: {} }, new Instance().deploys("1.4.0")],
    ];
    for (const [when, stored, running] of rows) {
      for (const target of ["1.4.0", "1.5.1", "1.6.0", "1.6.1", "1.8.3"]) {
        it(`${when}, to ${target}`, async () => {
          disk.holds(exportOf([stored]), configOf({ ...basic, version: target }));
          const { answer } = await told();
          const { inputs } = planFromObservation(requestFor(target), stored.ledger, running.observed());
          if (inputs === undefined) assert.equal(answer["outcome"], "refused");
          // The last plan stands, as its end is reached.
          else if (inputs.plan === stored.ledger.plan) assert.deepEqual(answer["steps"], []);
          else assert.equal(answer["hash"], inputs.plan.hash);
        });
      }
    }
  });

  it("counts a stack without an instance as an install, as approvedPlan binds it", async () => {
    disk.holds(exportOf([]), configOf({ ...basic, version: "1.5.1" }));
    const { answer } = await told("--stack", "new");
    assert.deepEqual(
      [answer["direction"], answer["hash"], answer["stack"], answer["component"]],
      ["install", "e278eb6e951cd277", "new", null],
    );
    const { stdout } = await review();
    assert.match(stdout, /^Install 1\.5\.1, with no downtime\.\n/);
    assert.ok(
      stdout.includes(
        "  duration       unknown for 1 deploy: the stack's state has no earlier one to estimate from\n",
      ),
    );
    assert.match(stdout, /\n {2}pulumi config set approvedPlan e278eb6e951cd277 {3}binds pulumi up to it\n$/);
  });

  it("says that there is nothing to do, and has nothing to bind", async () => {
    disk.holds(exportOf([verified]), configOf({ ...basic, version: "1.6.0" }));
    const { stdout } = await review("--markdown");
    assert.match(stdout, /^### prod: Nothing to do: 1\.6\.0 is deployed, and the position is settled\.\n/);
    assert.doesNotMatch(stdout, /mermaid|costs|approvedPlan/);
  });

  it("plans with the strategy, the permission and the snapshot method of the configuration", async () => {
    const config = {
      ...basic,
      version: "1.12.1",
      strategy: "maintenance",
      allowDowntime: "true",
      snapshot: '{"pgDump":{}}',
      dataMigrations: '{"completed":["1.7.0"]}',
    };
    disk.holds(exportOf([{ ...verified, ledger: bumped("1.4.0", "1.6.0") }]), configOf(config));
    const { answer } = await told();
    assert.deepEqual(
      [answer["outcome"], answer["strategy"], answer["downtime"]],
      ["plan", "maintenance", true],
    );
    const { stdout } = await review("--markdown");
    assert.match(
      stdout,
      /\| downtime \| from step \d \(1\.7\.0 with maintenance on\) until step \d \(1\.12\.1\) is verified \|/,
    );
    assert.match(stdout, /\n {2}classDef closed .+\n {2}class s\d,s\d,s\d closed\n/);
  });

  it("refuses as pulumi up would, with exit status 3", async () => {
    disk.holds(exportOf([verified]), configOf({ ...basic, version: "1.4.0", namespace: "other" }));
    const { status, answer } = await told();
    const refusals = answer["refusals"] as { code: string }[];
    assert.deepEqual(
      [status, refusals.map(({ code }) => code)],
      [EXIT_REFUSED, ["moved", "below-high-water-mark"]],
    );
    const { stdout } = await review("--markdown");
    assert.match(
      stdout,
      /^### prod: Refused\n\n> \*\*Assumed: .+\n\n\| code \| found \| wanted \| remedy \|\n/,
    );
  });

  describe("and a license", () => {
    const asked = async (config: Record<string, string | typeof hidden>) => {
      disk.holds(exportOf([]), configOf({ ...basic, version: "1.16.1", ...config }));
      return (await told()).answer;
    };
    it("wants it where a release needs it", async () => {
      assert.equal((await asked({}))["outcome"], "refused");
    });
    it("knows that there is a secret one, without reading it", async () => {
      assert.equal((await asked({ license: hidden }))["outcome"], "plan");
    });
    it("takes it for granted where all values are secret, and says so", async () => {
      const { outcome, assumed } = (await asked({ values: hidden })) as {
        outcome: string;
        assumed: string[];
      };
      assert.equal(outcome, "plan");
      assert.equal(
        assumed[1],
        "bsr:values is secret and not read: what releases require of it counts as given.",
      );
    });
    it("reads blocks with a secret part as not told, and a values file beside the project", async () => {
      writeFileSync(join(disk.folder, "values.yaml"), "license:\n  key: in-a-file\n");
      const answer = await asked({ valuesFile: "values.yaml", postgres: hidden, kubeconfig: hidden });
      assert.equal(answer["outcome"], "plan");
    });
  });

  it("says of an approval whether pulumi up takes this plan with it", async () => {
    const approved = async (approvedPlan: string) => {
      disk.holds(exportOf([verified]), configOf({ ...basic, approvedPlan }));
      return { ...(await told()).answer, text: (await review("--markdown")).stdout };
    };
    const good = await approved("7572125b68f1a230");
    assert.deepEqual(good["approved" as never], { hash: "7572125b68f1a230", holds: true });
    const bad = await approved("0123456789abcdef");
    assert.deepEqual(bad["approved" as never], { hash: "0123456789abcdef", holds: false });
    assert.match(
      bad.text,
      /approvedPlan in the configuration is 0123456789abcdef, the hash of another plan: pulumi up refuses this one\./,
    );
  });

  it("says where the first run ends, and binds to the whole way", async () => {
    disk.holds(exportOf([verified]), configOf({ ...basic, version: "1.9.1", deploysPerRun: "1" }));
    const { answer } = await told();
    assert.deepEqual(answer["firstRun"], { deploys: 1, to: "1.7.0" });
    const { stdout } = await review();
    assert.match(
      stdout,
      /the first pulumi up ends after 1 deploy, at 1\.7\.0 \(deploysPerRun\); the next one goes on/,
    );
  });

  it("takes what is left after a run that a limit has ended", async () => {
    const ledger = bumped("1.4.0", "1.6.0", { policy: { deploysPerRun: 1 } });
    const rows = {
      "0-preflight": at("03:00:00"),
      "1-begin-1.5.1": at("03:00:02"),
      "1-verify-1.5.1": at("03:00:20"),
    };
    disk.holds(exportOf([{ ledger, rows }]), configOf({ ...basic, version: "1.6.0", deploysPerRun: "1" }));
    const { answer } = await told();
    assert.deepEqual([answer["from"], answer["to"], answer["weak"]], ["1.5.1", "1.6.0", false]);
  });

  describe("after a run that did not finish", () => {
    it("binds to what was approved, as its rest counts as approved", async () => {
      const approvedPlan = bumped("1.4.0", "1.6.0").plan.hash;
      const ledger = bumped("1.4.0", "1.6.0", { policy: { approvedPlan } });
      const rows = { "0-preflight": at("03:00:00"), "1-deploy-1.5.1": at("03:00:20") };
      disk.holds(exportOf([{ ledger, rows }]), configOf({ ...basic, version: "1.6.0" }));
      const { answer } = await told();
      assert.notEqual(answer["hash"], approvedPlan);
      assert.equal(answer["binding"], approvedPlan);
    });

    it("binds to no hash that is only guessed, as it would hold up every run that finds otherwise", async () => {
      const rows = { "0-preflight": at("03:00:00"), "1-deploy-1.5.1": at("03:00:20") };
      const bindingOf = async (ledger: LedgerState, config: Record<string, string>) => {
        disk.holds(exportOf([{ ledger, rows }]), configOf({ ...basic, ...config }));
        const { answer } = await told();
        assert.deepEqual([answer["outcome"], answer["weak"]], ["plan", true]);
        assert.match(String(answer["hash"]), /^[0-9a-f]{16}$/);
        return answer["binding"];
      };
      const unapproved = bumped("1.4.0", "1.6.0");
      const approved = bumped("1.4.0", "1.6.0", { policy: { approvedPlan: unapproved.plan.hash } });
      assert.equal(await bindingOf(unapproved, { version: "1.6.0" }), null);
      assert.equal(await bindingOf(approved, { version: "1.5.1" }), null);
      assert.equal(await bindingOf(approved, { version: "1.8.3" }), null);
      // Nor to what was approved where this is not its rest: the method of its snapshots is gone.
      const approvedPlan = bumped("1.4.0", "1.6.0", { policy: { snapshots: true } }).plan.hash;
      const withSnapshots = bumped("1.4.0", "1.6.0", { policy: { snapshots: true, approvedPlan } });
      const snapshot = '{"pgDump":{}}';
      assert.equal(await bindingOf(withSnapshots, { version: "1.6.0", snapshot }), approvedPlan);
      assert.equal(await bindingOf(withSnapshots, { version: "1.6.0" }), null);
    });

    it("does not wait again where a wait has ended", async () => {
      const ledger = bumped("1.6.0", "1.9.1");
      const waited = {
        "0-preflight": at("03:00:00"),
        "1-deploy-1.7.0": at("03:00:20"),
        "2-await-1.7.0": at("03:01:00"),
      };
      const steps = async (stored: StoredComponent, target: string) => {
        disk.holds(exportOf([stored]), configOf({ ...basic, version: target }));
        return ((await told()).answer["steps"] as { kind: string; version: string }[]).map(
          ({ kind, version }) => `${kind} ${version}`,
        );
      };
      const rest = ["deploy 1.8.3", "deploy 1.9.1"];
      assert.deepEqual(await steps({ ledger, rows: waited }, "1.9.1"), rest);
      assert.deepEqual(await steps({ ledger, rows: waited }, "1.8.3"), [
        "deploy 1.7.0",
        "awaitDataMigration 1.7.0",
        "deploy 1.8.3",
      ]);

      // The next run went on behind the wait, and failed as well.
      const story = new Instance().deploys("1.6.0").deploys("1.7.0");
      story.completesDataMigration("1.7.0", ledger.plan.lineage).failsToVerify("1.8.3");
      const again = stateOf(planFromObservation(requestFor("1.9.1"), ledger, story.observed()));
      assert.deepEqual(
        await steps({ ledger: again, rows: { "0-preflight": at("04:00:00") } }, "1.9.1"),
        rest,
      );
    });
  });

  describe("of a version that is promoted from another stack", () => {
    const promotion = { from: "staging", soak: "72h" };
    const staging = (outputs: object) => {
      const exported = exportOf([], "staging") as { deployment: object };
      const urn = "urn:pulumi:staging::bsr::pulumi:pulumi:Stack::bsr-staging";
      return { ...exported, deployment: { resources: [{ urn, type: "pulumi:pulumi:Stack", outputs }] } };
    };
    const reviewed = async (
      source: unknown,
      given: object = {},
      stored: readonly StoredComponent[] = [verified],
    ) => {
      disk.holds(
        exportOf(stored),
        configOf({ ...basic, promotion: JSON.stringify({ ...promotion, ...given }) }),
      );
      disk.hasStack("staging", source);
      return told();
    };
    const ran = (deployedVersion: string) => staging({ deployedVersion, verifiedAt: at("03:00:00.000") });

    for (const [what, source, text] of [
      [
        "from when on it may come, and not whether that time has come",
        ran("1.8.3"),
        `staging verified 1.8.3 at ${at("03:00:00.000")}; pulumi up takes it from 2026-01-04T03:00:00.000Z on (72h later)`,
      ],
      [
        "what else runs there",
        ran("1.8.2"),
        `staging runs 1.8.2, verified at ${at("03:00:00.000")}; pulumi up refuses 1.8.3 until it is verified there`,
      ],
      [
        "that it has no outputs yet",
        staging({}),
        "staging could not be read (it has no output deployedVersion, and it has no output verifiedAt); pulumi up asks it again",
      ],
      [
        "that it cannot be read",
        undefined,
        "staging could not be read (pulumi stack export failed: no stack named staging found); pulumi up asks it again",
      ],
    ] as const) {
      it(`says ${what}`, async () => {
        const { status, answer } = await reviewed(source);
        assert.deepEqual([status, answer["promotion"]], [EXIT_OK, text]);
        assert.match((await review("--markdown")).stdout, /\n\| promotion \| staging .+\|\n/);
      });
    }

    it("warns loudly of an override", async () => {
      const { answer } = await reviewed(ran("1.8.2"), { override: "1.8.3" });
      assert.match(
        String(answer["promotion"]),
        /^promotion\.override deploys 1\.8\.3, whatever staging has verified$/,
      );
      const warnings = answer["warnings"] as { code: string }[];
      assert.ok(warnings.some(({ code }) => code === "promotion-overridden"));
    });

    it("says nothing on the way back, and of what was begun", async () => {
      const back = {
        ...verified,
        ledger: bumped("1.8.3", "1.9.1"),
        rows: { "1-verify-1.9.1": at("03:00:45") },
      };
      assert.equal((await reviewed(ran("1.8.2"), {}, [back])).answer["promotion"], null);
      const begun = {
        ...verified,
        ledger: bumped("1.6.0", "1.8.3"),
        rows: { "0-preflight": at("03:00:00") },
      };
      assert.equal((await reviewed(ran("1.8.2"), {}, [begun])).answer["promotion"], null);
    });
  });

  describe("for a program whose configuration is its own", () => {
    const own = configOf({ keyfile: hidden, "aws:region": "eu-central-1" });

    it("wants --to", async () => {
      disk.holds(exportOf([verified]), own);
      const { status, stderr } = await review();
      assert.equal(status, EXIT_UNREADABLE);
      assert.match(
        stderr,
        /found: {2}bsr:keyfile: there is no such key[^]+remedy: .+ name the version with --to\n$/,
      );
    });

    it("plans to --to with what the last plan tells, and says so", async () => {
      disk.holds(exportOf([verified]), own);
      const { status, answer } = await told("--to", "1.8.3");
      assert.deepEqual([status, answer["to"], answer["outcome"]], [EXIT_OK, "1.8.3", "plan"]);
      assert.match(
        (answer["assumed"] as string[])[1] ?? "",
        /they count as in the last plan: the strategy sequential, no snapshot method, a license/,
      );
    });

    it("reads another project's keys by its name", async () => {
      disk.close();
      disk = new StackOnDisk("name: platform\nruntime: nodejs\n");
      disk.holds(
        exportOf([verified]),
        configOf({ "platform:version": "1.8.3", "platform:host": "b.example.com" }),
      );
      assert.equal((await told()).answer["to"], "1.8.3");
    });
  });

  it("takes --to before the version of the configuration", async () => {
    disk.holds(exportOf([verified]), configOf(basic));
    assert.equal((await told("--to", "1.7.0")).answer["to"], "1.7.0");
  });

  it("wants one of several components to be named", async () => {
    const other: StoredComponent = { ...verified, name: "bsr-2", rows: {} };
    disk.holds(exportOf([verified, other]), configOf(basic));
    const { status, stderr } = await review();
    assert.equal(status, EXIT_UNREADABLE);
    assert.match(stderr, /found: {2}the components bsr, bsr-2\n/);
    assert.equal((await told("--component", "bsr")).answer["weak"], false);
    assert.equal((await told("--component", "bsr-2")).answer["weak"], true);
    const wrong = await review("--component", "bsr-3");
    assert.match(wrong.stderr, /the components bsr, bsr-2, and bsr-3 is asked for/);
  });

  for (const [key, text] of [
    ["restore", "20260101t023000z-1.4.0"],
    ["restoredTo", "1.4.0,246"],
    ["adopt", "3"],
  ] as const) {
    describe(`leaves ${key} to pulumi preview, as the cluster's record decides it`, () => {
      const config = configOf({ ...basic, [key]: text });
      const left = `The configuration has ${key} (${text}), and what it does is decided by the cluster's record.`;

      it("and says so, with nothing to bind", async () => {
        disk.holds(exportOf([verified]), config);
        const { status, stdout } = await review();
        assert.equal(status, EXIT_OK);
        assert.match(stdout, /^prod: Only pulumi preview can show this plan\.\n/);
        assert.ok(stdout.includes(`  found:  ${left}\n`), stdout);
        assert.match(
          (await review("--markdown")).stdout,
          /^### prod: Only pulumi preview can show this plan\.\n\n/,
        );
        const { answer } = await told();
        assert.deepEqual(
          [answer["outcome"], answer["found"], answer["hash"], answer["binding"]],
          ["leftToPreview", left, null, null],
        );
      });

      it("until it is done", async () => {
        const done = { ...verified.ledger, [key]: key === "adopt" ? Number(text) : text };
        disk.holds(exportOf([{ ...verified, ledger: done }]), config);
        assert.equal((await told()).answer["outcome"], "plan");
        const last = key === "adopt" ? { takesOver: true as const } : { restore: text };
        const ledger = { ...done, plan: { ...done.plan, ...last } };
        disk.holds(exportOf([{ ...verified, ledger, rows: {} }]), config);
        assert.equal((await told()).answer["outcome"], "leftToPreview");
      });
    });
  }

  it("lets nothing that somebody wrote break out of its place", async () => {
    const note = "a | b\n# heading `code` <img src=x> [link](javascript:0) **bold** ``` end";
    const releases = JSON.stringify([
      { version: "1.8.9", databaseVersion: 282, notes: [note], source: "javascript:alert(1)" },
    ]);
    disk.holds(exportOf([verified], "a`b"), configOf({ ...basic, version: "1.8.9", releases }));
    const { stdout } = await review("--markdown");
    const lines = stdout.split("\n");
    assert.ok(
      lines.includes(
        "- 1.8.9: a \\| b # heading \\`code\\` \\<img src=x\\> \\[link\\](javascript:0) \\*\\*bold\\*\\* \\`\\`\\` end",
      ),
      stdout,
    );
    assert.ok(lines.includes("- 1.8.9: release notes (javascript:alert(1))"));
    assert.match(lines[0] ?? "", /^### a\\`b: Upgrade/);
    assert.match(stdout, /\npulumi config set approvedPlan [0-9a-f]{16}\n/);
  });
});
