import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { Snapshot } from "../../components/migrations/cluster/record/record";
import type { Context } from "../../components/migrations/steps/context";
import { Masks } from "../../components/migrations/masks";
import { Progress } from "../../components/migrations/steps/progress";
import { Command } from "../../components/migrations/steps/snapshots/command";
import type { CommandInput } from "../../components/migrations/steps/snapshots/input";
import {
  SnapshotError,
  UnknownRestore,
  type Asked,
  type Restored,
  type Taken,
  type Trace,
} from "../../components/migrations/steps/snapshots/method";
import { Wait } from "../../components/migrations/steps/wait";

const node = (script: string): string[] => [process.execPath, "-e", script];
const answers = (answer: object) => node(`console.log(${JSON.stringify(JSON.stringify(answer))})`);
const succeeds = node("");

const snapshot: Snapshot = {
  id: "20260101t000000z-1.4.0",
  method: "command",
  version: "1.4.0",
  schemaVersion: 246,
  highWaterMark: "1.4.0",
  schemaOwner: "1.4.0",
  lineage: 1,
  deploys: 1,
  transition: 1,
  revision: 1,
  maintenance: false,
  at: "2026-01-01T00:00:00Z",
  bytes: null,
  sha256: null,
  place: "backup 7",
  verified: "available",
  beforeFailure: false,
};

interface Ran {
  readonly take: () => Promise<Taken>;
  readonly restore: () => Promise<Restored>;
  /** What was put on record of the restore. */
  readonly noted: readonly Trace[];
  readonly said: () => string[];
}

/** The method with commands of a test; `secondsPerLine` pass with every line of progress, and no others. */
function method(
  input: Partial<CommandInput>,
  {
    asked = {},
    secondsPerLine = 0,
  }: { readonly asked?: Partial<Asked>; readonly secondsPerLine?: number } = {},
): Ran {
  const { timeoutSeconds = 60 } = input;
  const noted: Trace[] = [];
  let seconds = 0;
  let said = "";
  const progress = new Progress(new Masks(), (text) => {
    said += text;
    seconds += secondsPerLine;
  });
  const { signal } = new AbortController();
  const setting = { database: "db/bsr", namespace: "bsr-prod", release: "registry" };
  const context = { progress, signal, setting } as unknown as Context;
  const wait = new Wait(context, "1.4.0", timeoutSeconds, () => seconds * 1000);
  const command = new Command({
    kind: "command",
    take: answers({ place: "backup 7" }),
    check: succeeds,
    restore: null,
    intervalSeconds: 0.01,
    ...input,
    timeoutSeconds,
  });
  return {
    take: () =>
      command.take(context, wait, { id: "20260101t000000z-1.4.0", version: "1.4.0", quiet: false, ...asked }),
    restore: () =>
      command.restore(context, wait, { ...snapshot, ...asked }, (trace) =>
        Promise.resolve(void noted.push(trace)),
      ),
    noted,
    said: () => said.split("\n").filter((line) => line !== ""),
  };
}

async function refusalOf({ take }: Pick<Ran, "take">): Promise<string> {
  try {
    await take();
  } catch (error) {
    assert.ok(error instanceof SnapshotError, String(error));
    return error.message;
  }
  throw new Error("Expected no snapshot, and one was taken");
}

describe("a snapshot by the user's commands", () => {
  let folder: string;
  const file = (name: string) => join(folder, name);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "snapshot-command-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** A check that has exit status 0 at the given run, and says at the others which it was. */
  function readyAt(name: string, run: number): string[] {
    return node(
      `const fs = require("fs"); const file = ${JSON.stringify(file(name))};
       fs.appendFileSync(file, "."); const runs = fs.readFileSync(file, "utf8").length;
       console.log("run " + runs); process.exit(runs >= ${run} ? 0 : 3);`,
    );
  }

  const runsOf = (name: string) => readFileSync(file(name), "utf8").length;

  /** Writes its environment to a file. */
  const keeps = (name: string) =>
    `require("fs").writeFileSync(${JSON.stringify(file(name))}, JSON.stringify(process.env));`;

  const told = (name: string) => {
    const env = JSON.parse(readFileSync(file(name), "utf8")) as Record<string, string>;
    return Object.fromEntries(
      Object.entries(env).filter(([key]) => key.startsWith("BSR_") && !key.startsWith("BSR_SANDBOX_")),
    );
  };

  it("is where the last line of standard output says, whatever standard error says after it", async () => {
    const take = node(
      `console.log("creating"); console.log(JSON.stringify({ place: "backup 7" })); console.error("done.");`,
    );
    assert.deepEqual(await method({ take }).take(), {
      place: "backup 7",
      bytes: null,
      sha256: null,
      schemaVersion: null,
      verified: "available",
    });
  });

  it("has size and schema version where the command tells them", async () => {
    const take = answers({ place: "backup 7", bytes: 1024, schemaVersion: 246, more: "of the cloud's" });
    const { bytes, schemaVersion } = await method({ take }).take();
    assert.deepEqual([bytes, schemaVersion], [1024, 246]);
  });

  for (const quiet of [true, false]) {
    it(`is told id, version and instance, and maintenance as ${quiet}; the check its place too`, async () => {
      const take = node(`${keeps(`take-${quiet}`)} console.log(JSON.stringify({ place: "backup 7" }));`);
      const check = node(keeps(`check-${quiet}`));
      await method({ take, check }, { asked: { quiet } }).take();
      const common = {
        BSR_SNAPSHOT_ID: "20260101t000000z-1.4.0",
        BSR_VERSION: "1.4.0",
        BSR_MAINTENANCE: String(quiet),
        BSR_DATABASE: "db/bsr",
        BSR_NAMESPACE: "bsr-prod",
        BSR_RELEASE: "registry",
      };
      assert.deepEqual(told(`take-${quiet}`), common);
      assert.deepEqual(told(`check-${quiet}`), { ...common, BSR_SNAPSHOT_PLACE: "backup 7" });
    });
  }

  const useless: [string, string, string][] = [
    ["says nothing", "", "it is empty"],
    ["ends with other words", `console.log('{"place":"backup 7"}'); console.log("done.")`, "done."],
    ["tells no place", `console.log('{"bytes":7}')`, '{"bytes":7}'],
    ["tells an empty place", `console.log('{"place":""}')`, '{"place":""}'],
    ["tells it on standard error", `console.error('{"place":"backup 7"}')`, "it is empty"],
  ];
  for (const [what, script, shown] of useless) {
    it(`is refused with the line where the command ${what}`, async () => {
      assert.equal(
        await refusalOf(method({ take: node(script) })),
        `the last line that the command take wrote to standard output is not a JSON object with a "place": ${shown}`,
      );
    });
  }

  it("is refused with exit status and last line where the command fails, whatever place it told", async () => {
    const take = node(
      `console.log('{"place":"backup 7"}'); console.error("quota exceeded"); process.exitCode = 4;`,
    );
    assert.match(
      await refusalOf(method({ take, check: node(keeps("never")) })),
      /^the command take ended with status 4: /,
    );
    assert.throws(() => told("never"), { code: "ENOENT" }, "a snapshot that was not taken is not checked");
  });

  it("is refused with what the command said last where it fails", async () => {
    const take = node(`console.error("quota exceeded"); process.exitCode = 4;`);
    assert.equal(await refusalOf(method({ take })), "the command take ended with status 4: quota exceeded");
  });

  for (const which of ["take", "check"] as const) {
    it(`is refused with the program's name where that of ${which} is missing`, async () => {
      assert.equal(
        // A short time: the timer of a program that was never started runs on.
        await refusalOf(method({ [which]: ["no-such-program", "--flag"], timeoutSeconds: 1 })),
        "no-such-program could not be run: spawn no-such-program ENOENT",
      );
    });
  }

  it("is checked again until the check has exit status 0, and what it says is passed on", async () => {
    const ran = method({ check: readyAt("third", 3) });
    assert.equal((await ran.take()).place, "backup 7");
    assert.equal(runsOf("third"), 3);
    assert.deepEqual(ran.said(), [
      "1.4.0: snapshot not available yet: run 1",
      "1.4.0: snapshot not available yet: run 2",
    ]);
  });

  it("is refused when the time is over and the check never had exit status 0", async () => {
    assert.equal(
      await refusalOf(method({ check: readyAt("never-ready", Infinity) }, { secondsPerLine: 40 })),
      "it was not available within 60 s (the command check ended with status 3: run 2)",
    );
    assert.equal(runsOf("never-ready"), 2);
  });

  describe("that is restored", () => {
    const refused = (restore: string[] | null) => refusalOf({ take: method({ restore }).restore as never });

    it("answers where what was there is kept", async () => {
      const restore = answers({ kept: "bsr-before", schemaVersion: 246 });
      assert.deepEqual(await method({ restore }).restore(), { kept: "bsr-before", schemaVersion: 246 });
    });

    it("is told the place and the schema version", async () => {
      const restore = node(
        `console.log(JSON.stringify({ kept: process.env.BSR_SNAPSHOT_PLACE, schemaVersion: Number(process.env.BSR_SCHEMA_VERSION) }))`,
      );
      assert.deepEqual(await method({ restore }).restore(), { kept: "backup 7", schemaVersion: 246 });
    });

    const unknown = (restore: string[], timeoutSeconds = 60) =>
      assert.rejects(method({ restore, timeoutSeconds }).restore(), UnknownRestore);

    it("is accepted only with the schema version on record", async () => {
      const restore = answers({ kept: "bsr-before", schemaVersion: 247 });
      await assert.rejects(
        method({ restore }).restore(),
        new UnknownRestore("the restored database has schema version 247, wanted 246 as recorded"),
      );
    });

    it("fails with another exit status, and without a command", async () => {
      assert.match(await refused(node("process.exit(4)")), /ended with status 4/);
      assert.equal(await refused(null), "snapshot.command has no restore");
    });

    it("may have switched over where it succeeds without an answer, or does not end by itself", async () => {
      await unknown(succeeds);
      await unknown(node("setInterval(() => {}, 1000)"), 1);
    });

    it("is put on record before it begins, and then with its process", async () => {
      const restore = node("console.log(JSON.stringify({ kept: String(process.pid), schemaVersion: 246 }))");
      const ran = method({ restore });
      const { kept } = await ran.restore();
      const host = hostname();
      assert.deepEqual(ran.noted, [{ command: { host } }, { command: { host, pid: Number(kept) } }]);
    });
  });
});
