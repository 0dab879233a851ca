import { strict as assert } from "node:assert";
import { checkLedger } from "../../components/bsr-release/ledger/check";
import { planFromObservation } from "../../components/bsr-release/ledger/plan";
import { unknownMarker, type LedgerRequest } from "../../components/bsr-release/ledger/request";
import { ledgerStateSchema, type StoredState } from "../../components/bsr-release/ledger/state";
import {
  ApiServer,
  base64,
  goodWorld,
  helmSecret,
  payload,
  stored,
  type World,
} from "../bad-input/api-server";
import { answers } from "../bad-input/crashing";
import { requestFor, stateOf } from "./asking";
import { fakeHelm } from "./fake-helm";
import { Instance } from "./instance";

const given = "a-given/secret";
const existing = "an-existing/secret";
const token = "the-token-of-the-kubeconfig";
const quoting = `failed: ${given}, ${existing}, ${token} and postgres://bsr:unknown@db/bsr`;
const masked = "failed: [secret], [secret], [secret] and postgres://bsr:[secret]@db/bsr";

/** Whose chart has a Secret. */
const secretive = answers({
  kind: "Secret",
  metadata: { name: "bufd-postgres" },
  data: { password: base64(existing) },
});

/** A cluster in which Helm's last revision, made by hand, quotes secrets. */
const quotingWorld: World = {
  ...goodWorld,
  secrets: [
    ...goodWorld.secrets,
    helmSecret(
      stored(
        JSON.stringify({
          ...payload("1.12.1", 2),
          info: { status: "deployed", description: `Upgrade ${quoting}` },
        }),
      ),
      2,
    ),
  ],
  raw: { "/secrets/bufd-postgres": secretive },
};

describe("what the ledger's check answers and prints", () => {
  const api = new ApiServer();
  let restoreHelm = () => undefined as void;
  before(() => api.start());
  after(() => api.stop());
  beforeEach(() => {
    restoreHelm = fakeHelm();
  });
  afterEach(() => restoreHelm());

  async function check(
    target: string,
    { olds = {}, observe = {} }: { olds?: unknown; observe?: Partial<LedgerRequest["observe"]> } = {},
  ): Promise<{ inputs: StoredState | undefined; failures: string; printed: string }> {
    const write = process.stdout.write.bind(process.stdout);
    let printed = "";
    process.stdout.write = (text) => {
      printed += String(text);
      return true;
    };
    try {
      const request = requestFor(target, {
        observe: {
          kubeconfig: api.kubeconfig(token),
          masks: [[given], unknownMarker],
          secretKeys: [{ name: "bufd-postgres", keys: ["password"] }],
          ...observe,
        },
      });
      const { inputs, failures = [] } = await checkLedger(olds, request);
      return { inputs, failures: failures.map(({ reason }) => reason).join("\n"), printed };
    } finally {
      process.stdout.write = write;
    }
  }

  /** The state of a stack that has deployed what the good world runs. */
  const olds = () =>
    ledgerStateSchema.encode(
      stateOf(planFromObservation(requestFor("1.12.1"), undefined, new Instance().observed())),
    );

  it("masks what Helm says of a revision, in a refusal", async () => {
    api.world = quotingWorld;
    const { failures } = await check("1.13.0");
    assert.match(failures, /^release-not-owned\n/);
    assert.ok(failures.includes(`Upgrade ${masked}`), failures);
  });

  it("masks it in a warning, in the plan that is printed and in the one that stays in the state", async () => {
    api.world = quotingWorld;
    const { inputs, printed, failures } = await check("1.12.1", { olds: olds() });
    assert.equal(failures, "");
    const warnings = inputs?.plan.warnings.join("\n") ?? "";
    assert.match(warnings, /^changed-by-hand: /m);
    assert.ok(warnings.includes(`Upgrade ${masked}`), warnings);
    assert.ok(printed.includes(`Upgrade ${masked}`), printed);
  });

  it("masks what helm says of a chart", async () => {
    api.world = { ...quotingWorld, secrets: [], record: undefined };
    restoreHelm();
    restoreHelm = fakeHelm(`if [ "$1" = template ]; then echo "Error: ${quoting}" >&2; exit 1; fi`);
    const { failures } = await check("1.12.1");
    assert.match(failures, /^values-refused\n/);
    assert.ok(failures.includes(masked), failures);
  });

  it("masks what the API server says", async () => {
    const message = answers({ kind: "Status", code: 500, message: quoting }, 500);
    api.world = { ...quotingWorld, raw: { ...quotingWorld.raw, "/secrets": message } };
    const { failures } = await check("1.13.0");
    assert.ok(failures.startsWith(`The cluster could not be read: HTTP 500: ${masked}. `), failures);
  });

  it("masks what something else says in its place, of which no secret is cut in two", async () => {
    const page = `${"word ".repeat(38)}${given} ${"x".repeat(100)}`;
    api.world = { ...quotingWorld, raw: { ...quotingWorld.raw, "/secrets": answers(page, 500) } };
    const { failures } = await check("1.13.0");
    assert.match(failures, /^The cluster could not be read: HTTP 500: (word )+…\. /);
  });

  it("masks why a plan is made from the state alone", async () => {
    api.world = quotingWorld;
    const kubeconfig = api.kubeconfig(token).replace(/http:\/\/127\.0\.0\.1:\d+/, "http://127.0.0.1:2");
    const { inputs } = await check("1.12.1", {
      olds: olds(),
      observe: { kubeconfig, preview: true, masks: [["127.0.0.1:2"]] },
    });
    assert.match(inputs?.plan.assumed ?? "", /^the cluster was not looked at: .*ECONNREFUSED \[secret\]/);
  });

  it("masks what nobody but us can fix", async () => {
    api.world = quotingWorld;
    const broken = { ...olds(), plan: { ...olds().plan, steps: [`not a step: ${given}`] } };
    const { failures } = await check("1.13.0", { olds: broken });
    assert.match(failures, /^internal-error\n/);
    assert.doesNotMatch(failures, /a-given/);
  });
});
