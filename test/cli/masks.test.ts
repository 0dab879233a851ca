import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withEvent } from "../../components/migrations/cluster/record/events";
import {
  ApiServer,
  goodPage,
  goodRecord,
  goodWorld,
  helmSecret,
  payload,
  stored,
} from "../bad-input/api-server";
import { answers, crashing } from "../bad-input/crashing";
import { run } from "./run";

const password = "an-existing/password";
const token = "the-token-of-the-kubeconfig";
const value = "a token/of Helm's values";
const quoting = `it says ${password}, ${token}, ${value} of database-credentials and postgres://bsr:unknown@db/bsr`;
const masked =
  "it says [secret], [secret], [secret] of database-credentials and postgres://bsr:[secret]@db/bsr";

/** By hand, and Helm quotes something in it. */
const secondRevision = helmSecret(
  stored(
    JSON.stringify({
      ...payload("1.12.1", 2),
      info: { status: "failed", description: `Upgrade failed: ${quoting}` },
      config: {
        ...(payload("1.12.1", 2)["config"] as object),
        extra: [{ apiToken: value, passwordSecret: "database-credentials" }],
      },
    }),
  ),
  2,
  "failed",
);
const record = withEvent(goodRecord, {
  kind: "failed",
  transition: 1,
  at: "2026-01-01T00:00:00.000Z",
  step: "snapshot",
  version: "1.12.1",
  why: quoting,
});
describe("what the commands show of an instance", () => {
  const api = new ApiServer();
  let folder: string;
  let file: string;
  before(async () => {
    await api.start();
    folder = mkdtempSync(join(tmpdir(), "bsr-test-"));
    file = join(folder, "kubeconfig");
    writeFileSync(file, api.kubeconfig(token));
  });
  after(async () => {
    await api.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    const results = [...goodPage.results, { name: "redis", status: "unhealthy", message: quoting }];
    api.world = {
      ...crashing({
        message: quoting,
        log: quoting,
        password,
        page: { overall_status: "unhealthy", results },
      }),
      secrets: [...goodWorld.secrets, secondRevision],
      record: JSON.stringify(record),
    };
  });

  /** How often the masked text stands in what a command printed, of which nothing else may be left. */
  function quotes(printed: string): number {
    for (const secret of [password, token, value, "unknown@"]) assert.ok(!printed.includes(secret), printed);
    return printed.split(masked).length - 1;
  }

  for (const args of [[], ["--json"]]) {
    it(`is masked by bsr status ${args.join("")}: Helm's words, a pod's, and those of a status page`, async () => {
      const { stdout, stderr } = await run(["status", "--kubeconfig", file, ...args]);
      assert.equal(stderr, "");
      // Each stands in its own place, and in what needs attention.
      assert.ok(quotes(stdout) >= 4, stdout);
    });

    it(`is masked by bsr history ${args.join("")}: Helm's words and those of a failed step`, async () => {
      const { stdout, stderr } = await run(["history", "--kubeconfig", file, ...args]);
      assert.equal(stderr, "");
      assert.equal(quotes(stdout), 2, stdout);
    });
  }

  for (const command of [["status"], ["history"], ["unlock", "--revision", "2"]]) {
    it(`is masked where bsr ${command[0]} cannot read it`, async () => {
      api.world = {
        ...api.world,
        raw: {
          "/secrets": answers(
            { kind: "Status", code: 500, message: "asked http://me:unknown@proxy in vain" },
            500,
          ),
        },
      };
      const { status, stderr } = await run([...command, "--kubeconfig", file]);
      assert.equal(status, 1);
      assert.match(stderr, /asked http:\/\/me:\[secret\]@proxy in vain/);
    });
  }
});
