import { strict as assert } from "node:assert";
import type { BsrReleaseArgs } from "../../components/bsr-release";
import { ArgumentError } from "../../components/bsr-release/args";
import { prepare, problemsOf } from "../../components/bsr-release/check-arguments";
import { snapshotMethod } from "../../components/bsr-release/values/snapshot-method";
import { known } from "./outputs";
import type { Registration } from "./registrations";
import { registeredWay, stepOf, usual } from "./way";

const registered = (args: Partial<BsrReleaseArgs>) => registeredWay("1.2.0", { version: "1.5.1", ...args });

const pgDump = {
  kind: "pgDump",
  access: { host: "db", port: 5433, database: "bsr", user: "keeper", passwordSecret: "bufd-postgres" },
  image: "docker.io/library/postgres:18",
  pullSecrets: ["mirror"],
  claim: "bsr-snapshots",
  size: "20Gi",
  storageClass: null,
  keep: 5,
  verify: "readable",
  timeoutSeconds: 3600,
};

const jump = { strategy: "maintenance", allowDowntime: true, snapshot: { pgDump: {} } } as const;

describe("the component that jumps from 1.2.0 to 1.5.1 in maintenance", () => {
  let all: Map<string, Registration>;
  before(async () => {
    all = await registered(jump);
  });

  it("has one step for the snapshot between the deploy with maintenance on and the gate of the last one", () => {
    const steps = [...all.values()].filter(({ type }) => type === "command:local:Command");
    assert.deepEqual(
      steps.map(({ name }) => name),
      [
        "bsr-2-0-preflight",
        "bsr-2-1-deploy-1.2.0",
        "bsr-2-2-snapshot-1.2.0",
        "bsr-2-3-begin-1.5.1",
        "bsr-2-3-verify-1.5.1",
      ],
    );
  });

  it("waits for the snapshot before the Release may begin", () => {
    assert.ok(all.get("bsr-2-2-snapshot-1.2.0")?.dependsOn.includes("bsr-2-1-deploy-1.2.0"));
    assert.ok(all.get("bsr-2-3-begin-1.5.1")?.dependsOn.includes("bsr-2-2-snapshot-1.2.0"));
    assert.ok(all.get("bsr-release")?.dependsOn.includes("bsr-2-3-begin-1.5.1"));
  });

  it("turns maintenance on with the values of the version that runs", () => {
    const step = stepOf(all, "bsr-2-1-deploy-1.2.0");
    assert.ok(step.kind === "deploy");
    assert.equal(step.maintenance, true);
    assert.deepEqual(step.values, { ...usual.values, host: "bsr.example.com", maintenance: true });
  });

  it("tells the snapshot step the quiet database that it must find, and how to reach it", () => {
    assert.deepEqual(stepOf(all, "bsr-2-2-snapshot-1.2.0"), {
      kind: "snapshot",
      version: "1.2.0",
      plannedAtRevision: 1,
      after: "1.2.0",
      maintenance: true,
      schemaVersion: 239,
      method: pgDump,
    });
  });

  it("has the preflight try whether a snapshot can be taken", () => {
    const step = stepOf(all, "bsr-2-0-preflight");
    assert.ok(step.kind === "preflight");
    assert.deepEqual(step.snapshots, pgDump);
  });

  it("ends maintenance with the Release, and expects it off then", () => {
    const values = all.get("bsr-release")?.inputs["values"] as Record<string, unknown>;
    assert.equal(values["maintenance"], false);
    for (const name of ["bsr-2-3-begin-1.5.1", "bsr-2-3-verify-1.5.1"]) {
      const step = stepOf(all, name);
      assert.ok(step.kind === "gate" || step.kind === "verify");
      assert.equal(step.maintenance, false, name);
    }
  });
});

describe("the component that goes hop by hop with snapshots", () => {
  it("takes one while 1.2.0 serves, before the first hop", async () => {
    const step = stepOf(await registered({ snapshot: { pgDump: {} } }), "bsr-2-1-snapshot-1.2.0");
    assert.ok(step.kind === "snapshot");
    assert.deepEqual([step.maintenance, step.after, step.plannedAtRevision], [false, null, 1]);
  });

  it("has none, and no preflight of it, where no method is given", async () => {
    const all = await registered({});
    assert.deepEqual(
      [...all.keys()].filter((name) => name.includes("snapshot")),
      [],
    );
    const step = stepOf(all, "bsr-2-0-preflight");
    assert.ok(step.kind === "preflight");
    assert.equal(step.snapshots, null);
  });
});

describe("the snapshot method", () => {
  const methodOf = (given: Partial<BsrReleaseArgs>) => {
    const { args, layers } = prepare({ ...usual, version: "1.5.1", ...given });
    return known(snapshotMethod(args, layers));
  };

  it("has the chart's defaults where the values tell only the host", async () => {
    const method = await methodOf({
      values: { postgres: { host: "db" } },
      snapshot: { pgDump: { keep: 2, verify: "restored" } },
    });
    const access = { ...pgDump.access, port: 5432, database: "postgres", user: "postgres" };
    assert.deepEqual(method, { ...pgDump, access, pullSecrets: [], keep: 2, verify: "restored" });
  });

  it("is the user's commands, with how often and how long", async () => {
    const command = { take: ["take"], check: ["check", "it"] };
    assert.deepEqual(await methodOf({ snapshot: { command } }), {
      kind: "command",
      restore: null,
      ...command,
      intervalSeconds: 10,
      timeoutSeconds: 3600,
    });
  });

  it("cannot be pgDump where no postgres.host is given", async () => {
    await assert.rejects(
      methodOf({
        values: { postgres: { cloudSqlInstance: "project:region:bsr" } },
        snapshot: { pgDump: {} },
      }),
      (error) =>
        error instanceof ArgumentError &&
        error.problems.join() ===
          "snapshot.pgDump: needs postgres.host; for a Cloud SQL instance give snapshot.command",
    );
  });

  it("cannot be pgDump of a database whose name Postgres would cut, wherever it is given", async () => {
    await assert.rejects(
      methodOf({ values: { postgres: { host: "db", database: "d".repeat(64) } }, snapshot: { pgDump: {} } }),
      (error) =>
        error instanceof ArgumentError &&
        error.problems.join() ===
          "postgres.database: must have at most 63 bytes, as Postgres cuts longer names",
    );
  });

  const command = { take: ["take"], check: ["check"] };
  const refused: [string, object, RegExp][] = [
    ["both ways at once", { pgDump: {}, command }, /^snapshot\S*: pgDump and command exclude each other/],
    ["neither way", {}, /^snapshot: pgDump or command must be given$/],
    [
      "a command without its check",
      { command: { take: ["take"] } },
      /^snapshot\.command\.check: must be given$/,
    ],
    [
      "a command that names no program",
      { command: { ...command, take: [] } },
      /^snapshot\.command\.take: must name a program$/,
    ],
    ["no snapshot kept", { pgDump: { keep: 0 } }, /^snapshot\.pgDump\.keep: must be 1 or more$/],
    [
      "another way to verify",
      { pgDump: { verify: "listed" } },
      /^snapshot\.pgDump\.verify: must be readable or restored$/,
    ],
    [
      "a size that is none",
      { pgDump: { size: "much" } },
      /^snapshot\.pgDump\.size: must be a quantity such as 20Gi$/,
    ],
  ];
  for (const [what, snapshot, problem] of refused) {
    it(`is refused with ${what}`, () => {
      const problems = problemsOf({ ...usual, version: "1.5.1", snapshot });
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.match(problems[0] ?? "", problem);
    });
  }
});
