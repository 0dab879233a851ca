import assert from "node:assert/strict";
import { EXIT_OK, EXIT_REFUSED, EXIT_USAGE } from "../../cli/exit-status";
import { ask, type Question } from "../planner/asking";
import { run, type Ran } from "./run";

function plan(...args: string[]): Promise<Ran> {
  return run(["plan", ...args]);
}

const upgrade = ["--from", "1.4.0", "--to", "1.6.0"];

describe("bsr plan --json", () => {
  const rows: { args: string[]; question: Question }[] = [
    { args: upgrade, question: { from: "1.4.0", to: "1.6.0" } },
    { args: ["--from", "none", "--to", "1.9.1"], question: { from: null, to: "1.9.1" } },
    {
      args: ["--from", "1.9.0", "--to", "1.8.3", "--schema-owner", "1.9.1", "--high-water-mark", "1.9.1"],
      question: { from: "1.9.0", to: "1.8.3", owner: "1.9.1", mark: "1.9.1" },
    },
    {
      args: ["--from", "1.2.0", "--to", "1.12.1", "--strategy", "maintenance", "--allow-downtime"],
      question: { from: "1.2.0", to: "1.12.1", strategy: "maintenance", downtime: true },
    },
    {
      args: ["--from", "1.6.0", "--to", "1.4.1", "--acknowledge-data-loss", "1.6.0->1.4.1"],
      question: { from: "1.6.0", to: "1.4.1", acknowledge: "1.6.0->1.4.1" },
    },
    {
      args: ["--from", "1.6.0", "--to", "1.6.0", "--unsettled", "--no-snapshots"],
      question: { from: "1.6.0", to: "1.6.0", unsettled: true, noSnapshots: true },
    },
    {
      args: ["--from", "1.15.0", "--to", "1.16.0", "--no-license"],
      question: { from: "1.15.0", to: "1.16.0", noLicense: true },
    },
    {
      args: ["--from", "1.9.1", "--to", "1.9.1", "--restore", "1.9.0,286"],
      question: {
        from: "1.9.1",
        to: "1.9.1",
        restore: { version: "1.9.0", schemaVersion: 286, owner: "1.9.1" },
      },
    },
    {
      args: ["--from", "1.9.1", "--to", "1.7.0", "--restore", "v1,266"],
      question: { from: "1.9.1", to: "1.7.0", restore: { version: "v1", schemaVersion: 266 } },
    },
    { args: ["--from", "v1", "--to", ""], question: { from: "v1", to: "" } },
    { args: ["--from=1.4.0", "--to=none"], question: { from: "1.4.0", to: "none" } },
    {
      args: [...upgrade, "--high-water-mark", "", "--schema-owner", "none"],
      question: { from: "1.4.0", to: "1.6.0", mark: "", owner: "none" },
    },
  ];
  for (const { args, question } of rows) {
    it(`answers ${args.join(" ")} as the planner does, with its exit status`, async () => {
      const { status, stdout, stderr } = await plan(...args, "--json");
      const outcome = ask(question);
      assert.deepEqual(JSON.parse(stdout), outcome);
      assert.equal(status, outcome.outcome === "plan" ? EXIT_OK : EXIT_REFUSED);
      assert.equal(stderr, "");
    });
  }

  it("prints one object on one line, with the keys of the contract in its order", async () => {
    const { stdout } = await plan(...upgrade, "--json");
    assert.equal(stdout.indexOf("\n"), stdout.length - 1);
    assert.deepEqual(Object.keys(JSON.parse(stdout) as object), [
      "outcome",
      "direction",
      "from",
      "to",
      "strategy",
      "steps",
      "warnings",
      "highWaterMark",
      "schemaOwner",
      "downtime",
      "mayLoseData",
    ]);
  });

  it("exits with 0 for an empty plan", async () => {
    assert.equal((await plan("--from", "1.6.0", "--to", "1.6.0", "--json")).status, 0);
  });
});

describe("bsr plan called wrongly", () => {
  const rows: [string, string[]][] = [
    ["no options", []],
    ["no --to", ["--from", "1.4.0"]],
    ["no --from", ["--to", "1.4.0"]],
    ["--to without a value", ["--from", "1.4.0", "--to"]],
    ["an option where a version belongs", ["--from", "1.4.0", "--to", "--json"]],
    ["an unknown option", [...upgrade, "--force"]],
    ["a strategy that does not exist", [...upgrade, "--strategy", "fast"]],
    ...[
      "1.7.0",
      "1.7.0,",
      "1.7.0,0",
      "1.7.0,-1",
      "1.7.0,26.5",
      "1.7.0,x",
      "1.7.0,9007199254740993",
      "--json",
    ].map((text): [string, string[]] => [`--restore ${text}`, [...upgrade, "--restore", text]]),
    ["two forms of output", [...upgrade, "--json", "--markdown"]],
    ["an argument too many", [...upgrade, "1.7.0"]],
  ];
  for (const [name, args] of rows) {
    it(`exits with 2 and writes nothing to standard output: ${name}`, async () => {
      const { status, stdout, stderr } = await plan(...args);
      assert.equal(status, EXIT_USAGE);
      assert.equal(stdout, "");
      assert.match(stderr, /^error: .+\nRun bsr plan --help for the options and examples\.\n$/);
    });
  }

  it("exits with 2 for a command that does not exist, and for none", async () => {
    for (const args of [["plam"], [], ["--from", "1.4.0"]]) {
      const { status, stdout, stderr } = await run(args);
      assert.equal(status, EXIT_USAGE, args.join(" "));
      assert.equal(stdout, "");
      assert.notEqual(stderr, "");
    }
  });
});

describe("bsr plan for a person", () => {
  it("numbers the steps with their schema versions, and says what is to know", async () => {
    const { status, stdout } = await plan("--from", "1.6.0", "--to", "1.8.3", "--no-snapshots");
    assert.equal(status, EXIT_OK);
    assert.equal(
      stdout,
      `Upgrade from 1.6.0 to 1.8.3, with no downtime.

Steps:
  1. deploy 1.7.0                                           schema version 266
  2. wait until the data migration of 1.7.0 has completed   schema version 266
  3. deploy 1.8.3                                           schema version 281

Costs:
  downtime       none
  loss of data   none
  duration       unknown for 2 deploys: only a stack's earlier ones show how long each takes (bsr review, pulumi preview)

Afterwards:
  1.8.3 is the deployed version, 1.8.3 the schema owner, 1.8.3 the high-water mark.

Warnings:
  no-snapshot: No snapshot of the database is taken at 1.6.0 before the first deploy, because no snapshot method is given. Set snapshot to a snapshot method, or take one yourself.

Good to know:
  1.7.0: After start-up it migrates data in the background; no later minor may be deployed before that has completed.

Plan 7572125b68f1a230:
  pulumi config set approvedPlan 7572125b68f1a230   binds pulumi up to it
`,
    );
  });

  it("says that there is nothing to do", async () => {
    assert.equal(
      (await plan("--from", "1.9.0", "--to", "1.9.0", "--schema-owner", "1.9.1")).stdout,
      `Nothing to do: 1.9.0 is deployed, and the position is settled.

Afterwards:
  1.9.0 is the deployed version, 1.9.1 the schema owner, 1.9.1 the high-water mark.
`,
    );
  });

  it("gives every reason of a refusal, and the option that goes with it", async () => {
    const { status, stdout } = await plan("--from", "1.17.0", "--to", "1.15.2", "--no-license");
    assert.equal(status, EXIT_REFUSED);
    assert.equal(
      stdout,
      `Refused, for 2 reasons.

below-high-water-mark
  found:  The way to 1.15.2 migrates the database down to the minor 1.15, and the high-water mark, the highest version ever attempted on it, is 1.17.0.
  wanted: A database is migrated down at most one minor below its high-water mark: to 1.16 here.
  remedy: Restore a snapshot that was taken at 1.15.2. If there is none and you accept the loss of data, set acknowledgeDataLoss to "1.17.0->1.15.2".
  here:   --acknowledge-data-loss

license-required
  found:  The path deploys 1.16.1 without license.key.
  wanted: From 1.16.0 on, the BSR does not start without a license. (releases >=1.16.0; https://buf.build/docs/bsr/admin/on-prem/release-notes/)
  remedy: Set license, for every release >=1.16.0 on the path.
  here:   leave out --no-license
`,
    );
  });

  const headlines: [string[], string][] = [
    [["--from", "none", "--to", "1.9.1"], "Install 1.9.1, with no downtime."],
    [["--from", "1.9.1", "--to", "1.9.1", "--unsettled"], "Deploy 1.9.1 again, with no downtime."],
    [
      ["--from", "1.9.1", "--to", "1.8.3"],
      "Downgrade from 1.9.1 to 1.8.3, with no downtime; data may be lost.",
    ],
    [
      ["--from", "1.8.3", "--to", "1.8.3", "--schema-owner", "1.9.1"],
      "Take the database back to 1.8.3, with no downtime; data may be lost.",
    ],
    [
      ["--from", "1.9.1", "--to", "1.7.0", "--restore", "1.7.0,266"],
      "Restore a snapshot and deploy 1.7.0, with downtime; data may be lost.",
    ],
    [
      ["--from", "1.8.0", "--to", "1.12.1", "--strategy", "maintenance", "--allow-downtime"],
      "Upgrade from 1.8.0 to 1.12.1, with downtime.",
    ],
  ];
  for (const [args, headline] of headlines) {
    it(`begins with "${headline}"`, async () => {
      assert.equal((await plan(...args)).stdout.split("\n")[0], headline);
    });
  }

  it("teaches with --help: every option, examples, exit status", async () => {
    const { status, stdout, stderr } = await plan("--help");
    assert.equal(status, EXIT_OK);
    assert.equal(stderr, "");
    for (const text of [
      "--from <version|none>",
      "--to <version>",
      "--high-water-mark <version>",
      "--schema-owner <version>",
      "--strategy <strategy>",
      "--allow-downtime",
      "--acknowledge-data-loss <mark->to>",
      "--restore <version,schema version>",
      "--unsettled",
      "--no-license",
      "--no-snapshots",
      "--json",
      "--markdown",
      "Examples:",
      "Exit status:",
    ]) {
      assert.ok(stdout.includes(text), text);
    }
  });

  it("has only examples that work", async () => {
    const examples = (await plan("--help")).stdout
      .split("\n")
      .flatMap((line) => /^ +\$ npx --no bsr (.+)$/.exec(line)?.[1] ?? [])
      .map((line) => line.match(/"[^"]*"|\S+/g) ?? []);
    assert.equal(examples.length, 8);
    for (const args of examples) {
      const { status, stderr } = await run(args.map((arg) => arg.replaceAll('"', "")));
      assert.equal(status, EXIT_OK, args.join(" "));
      assert.equal(stderr, "");
    }
  });
});

describe("bsr plan --markdown", () => {
  it("gives a pull request a table, and the same text each time", async () => {
    const args = [
      "--from",
      "1.9.0",
      "--to",
      "1.8.3",
      "--schema-owner",
      "1.9.1",
      "--strategy",
      "maintenance",
      "--markdown",
    ];
    const { status, stdout } = await plan(...args);
    assert.equal(status, EXIT_OK);
    assert.equal(
      stdout,
      `### Downgrade from 1.9.0 to 1.8.3, with no downtime; data may be lost.

| costs |  |
| --- | --- |
| downtime | none |
| loss of data | what is stored in the tables and columns that migrations 282 to 286 of 1.9.1 brought; an upgrade brings them back empty |
| duration | unknown for 1 deploy: only a stack's earlier ones show how long each takes (bsr review, pulumi preview) |

| step | action | version after it | schema version after it |
| --- | --- | --- | --- |
| 1 | take a snapshot of the database | 1.9.0 | 286 |
| 2 | deploy 1.8.3 | 1.8.3 | 286 |
| 3 | migrate the database down to 281 with the binary of 1.9.1 | 1.8.3 | 281 |

\`\`\`mermaid
flowchart TD
  from(["1.9.0"])
  s1[("step 1: take a snapshot of the database<br/>schema version 286")]
  s2["step 2: deploy 1.8.3<br/>schema version 286"]
  s3[["step 3: migrate the database down to 281 with the binary of 1.9.1<br/>schema version 281"]]
  to(["1.8.3"])
  from --> s1 --> s2 --> s3 --> to
\`\`\`

Afterwards, 1.8.3 is the deployed version, 1.8.3 the schema owner, 1.9.1 the high-water mark.

**Warnings**

- \`maintenance-not-used\`: The strategy is maintenance, and no step of this plan uses it: it serves only a way up over three or more minors between required stops. The plan has no downtime.

**Release notes**

- 1.8.3: [release notes](https://buf.build/docs/bsr/admin/on-prem/release-notes/)

**Plan** \`0862617fbf655f33\`

To bind \`pulumi up\` to this plan, so that it refuses any other:

\`\`\`sh
pulumi config set approvedPlan 0862617fbf655f33
\`\`\`
`,
    );
    assert.equal((await plan(...args)).stdout, stdout);
  });

  it("shows refusals as a table, in which nothing breaks out of its cell", async () => {
    const { status, stdout } = await plan("--from", "1.4.0", "--to", "1.5 | <2\n", "--markdown");
    assert.equal(status, EXIT_REFUSED);
    const rows = stdout.trimEnd().split("\n");
    assert.equal(rows.length, 5);
    assert.equal(rows[0], "### Refused");
    assert.equal(rows[2], "| code | found | wanted | remedy |");
    assert.ok(
      rows[4]?.startsWith(
        '| `invalid-version` | The target is "1.5 \\| \\<2\\\\n", which is not an exact version. |',
      ),
    );
  });
});
