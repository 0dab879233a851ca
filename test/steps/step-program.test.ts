import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { inputSchema, resultStands } from "../../components/migrations/steps/input";
import { ApiServer } from "../bad-input/api-server";
import { crashing } from "../bad-input/crashing";

const setting = {
  kubeconfig: JSON.stringify({
    "current-context": "nowhere",
    contexts: [{ name: "nowhere", context: { cluster: "nowhere", user: "nobody" } }],
    clusters: [{ name: "nowhere", cluster: { server: "https://127.0.0.1:2" } }],
    users: [{ name: "nobody", user: {} }],
  }),
  namespace: "bsr",
  release: "bsr",
  chart: "oci://example.com/bsr",
  database: "db/bsr",
  method: null,
  highWaterMark: null,
  schemaOwner: null,
  stack: "bsr/test",
  transition: 1,
  lineage: 1,
  deploys: 1,
  secrets: ["https://127.0.0.1:2", "127.0.0.1:2"],
  secretKeys: [{ name: "bufd-postgres", keys: ["password"] }],
};

const expectation = {
  version: "1.5.1",
  schemaVersion: 247,
  statusPage: false,
  keepsSchema: false,
  maintenance: false,
  acceptUnhealthy: [],
  timeoutSeconds: 60,
};

const verify = { kind: "verify", ...expectation };
const begin = { ...expectation, plannedAtRevision: null, after: null, digest: null, down: null };
const gate = { kind: "gate", ...begin, takesOver: false };
const deploy = { kind: "deploy", ...begin, values: { host: "bsr.example.com" } };
const migrateDown = {
  kind: "migrateDown",
  ...expectation,
  isHop: false,
  down: {
    binary: "1.6.0",
    schemaVersion: 247,
    ownSchemaVersion: 255,
    values: {},
    digest: null,
    choice: {
      workload: null,
      container: "bufd",
      command: null,
      initContainers: [],
      sidecars: [],
      timeoutSeconds: 60,
    },
  },
};
const wait = {
  kind: "awaitDataMigration",
  plannedAtRevision: 5,
  after: null,
  version: "1.7.0",
  check: null,
  confirmed: false,
  intervalSeconds: 1,
  timeoutSeconds: 1,
};
const preflight = {
  kind: "preflight",
  from: null,
  to: "1.5.1",
  deploys: [{ version: "1.5.1", values: {}, digest: null }],
  secrets: [],
  migratesDown: false,
  snapshots: null,
  restores: false,
};
const snapshot = {
  kind: "snapshot",
  version: "1.5.1",
  plannedAtRevision: 5,
  after: null,
  maintenance: true,
  schemaVersion: null,
  method: {
    kind: "command",
    take: ["take"],
    check: ["check"],
    restore: null,
    intervalSeconds: 1,
    timeoutSeconds: 1,
  },
};

describe("a step's input", () => {
  for (const step of [preflight, deploy, migrateDown, wait, snapshot, gate, verify]) {
    it(`is read as it was written, for ${step.kind}`, () => {
      assert.deepEqual(inputSchema.parse({ setting, step }), { setting, step });
    });
  }

  const broken: [string, object, string][] = [
    ["a step of an unknown kind", { ...gate, kind: "rollback" }, "step.kind"],
    ["a deploy without values", gate, "step.values"],
    ["a gate without a precondition", { ...verify, kind: "gate" }, "step.plannedAtRevision"],
    ["a snapshot without a method", { ...snapshot, method: { kind: "none" } }, "step.method.kind"],
    ["a check without a program", { ...wait, check: [] }, "step.check"],
    ["a verification without a time limit", { ...verify, timeoutSeconds: 0 }, "step.timeoutSeconds"],
  ];
  for (const [what, step, where] of broken) {
    it(`is refused with ${what}`, () => {
      const parsed = inputSchema.safeParse({
        setting,
        step: what === "a deploy without values" ? { ...step, kind: "deploy" } : step,
      });
      assert.ok(
        parsed.error?.issues.some(({ path }) => path.join(".") === where),
        String(parsed.error),
      );
    });
  }
});

describe("the step program", () => {
  function run(stdin: string, text = "deploy 1.5.1", env: NodeJS.ProcessEnv = {}) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", "components/migrations/steps/main.ts", text],
      {
        cwd: join(__dirname, "..", ".."),
        input: stdin,
        encoding: "utf8",
        env: { ...process.env, ...env },
      },
    );
    return { status, stdout, stderr };
  }

  it("fails on an input that it cannot use, names the places, and repeats nothing of it", () => {
    const given = { setting: { ...setting, transition: "one" }, step: { ...verify, version: 5 } };
    assert.deepEqual(run(JSON.stringify(given)), {
      status: 1,
      stdout: "",
      stderr: "the step's input on standard input cannot be used: setting.transition, step.version\n",
    });
  });

  it("answers what it answered before, and does nothing, where its last result stands", () => {
    const before = '{"deployedVersion":"1.5.1"}';
    assert.deepEqual(
      run(JSON.stringify({ setting, step: verify }), resultStands, { PULUMI_COMMAND_STDOUT: before }),
      { status: 0, stdout: before, stderr: "" },
    );
  });

  it("fails on an input that is no JSON", () => {
    assert.deepEqual(run("the secret, by mistake"), {
      status: 1,
      stdout: "",
      stderr: "the step's input on standard input cannot be used: it is not an object\n",
    });
  });

  it("fails where the cluster cannot be reached: what happened, what is left, what to do, secrets masked", () => {
    const { status, stdout, stderr } = run(JSON.stringify({ setting, step: verify }));
    assert.deepEqual({ status, stdout }, { status: 1, stdout: "" });
    assert.equal(
      stderr,
      "not masked, as the Secrets cannot be read: bufd-postgres (fetch failed: connect ECONNREFUSED [secret])\n" +
        "fetch failed: connect ECONNREFUSED [secret]\n" +
        "  left: the step may have been half done; it is safe to run again\n" +
        "  do:   fix the cause, then run pulumi up again\n",
    );
  });
});

describe("a step whose pod crashes", () => {
  const api = new ApiServer();
  before(() => api.start());
  after(() => api.stop());

  const token = "token-of-the-kubeconfig";
  const password = "an-existing/password";

  it("shows nothing of the chart's Secrets or the kubeconfig that the pod has logged", async () => {
    const logged = [
      `dial postgres://bsr:${encodeURIComponent(password)}@db/bsr`,
      `the password is ${password}`,
      `and redis://:unknown@redis, with ${token}`,
    ].join("\n");
    api.world = crashing({ message: `back-off, ${password}`, log: logged, password });
    const kubeconfig = api.kubeconfig(token);
    const database = "postgres.example.com/bsr";
    const step = { ...verify, version: "1.12.1", timeoutSeconds: 1 };
    const program = [
      "-r",
      "ts-node/register/transpile-only",
      "components/migrations/steps/main.ts",
      "verify",
    ];
    const child = spawn(process.execPath, program, { stdio: ["pipe", "ignore", "pipe"] });
    child.stdin.end(
      JSON.stringify({ setting: { ...setting, kubeconfig, database, secrets: [kubeconfig] }, step }),
    );
    const said = await text(child.stderr);
    assert.match(said, /\| dial postgres:\/\/bsr:\[secret\]@db\/bsr\n/);
    assert.match(said, /\| the password is \[secret\]\n/);
    assert.match(said, /\| and redis:\/\/:\[secret\]@redis, with \[secret\]\n/);
    assert.ok(!said.includes(password), said);
  });
});
