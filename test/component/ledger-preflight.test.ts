import { strict as assert } from "node:assert";
import { factsOf, planFromObservation } from "../../components/bsr-release/ledger/plan";
import { afterPreflight } from "../../components/bsr-release/ledger/preflight";
import { unknownMarker, type LedgerRequest } from "../../components/bsr-release/ledger/request";
import type { LedgerState } from "../../components/bsr-release/ledger/state";
import { failuresOf, requestFor, stateOf } from "./asking";
import { fakeHelm } from "./fake-helm";
import { Instance } from "./instance";

type Layers = LedgerRequest["observe"]["layers"];

const values = (free: Record<string, unknown>): Layers => [
  { origin: "arguments", versions: "*", values: { host: "bsr.example.com" } },
  { origin: "values", versions: "*", values: free },
];

/** The ledger's answer for a stack that runs 1.4.0, with what the preflight finds; no cluster is asked. */
async function answer(
  target: string,
  {
    observe = {},
    policy = {},
    running = new Instance().deploys("1.4.0"),
  }: {
    observe?: Partial<LedgerRequest["observe"]>;
    policy?: Partial<LedgerRequest["policy"]>;
    running?: Instance;
  } = {},
) {
  const previous: LedgerState = stateOf(
    planFromObservation(requestFor("1.4.0"), undefined, new Instance().observed()),
  );
  const request = requestFor(target, { observe, policy });
  const observed = running.observed();
  const result = planFromObservation(request, previous, observed);
  return afterPreflight(result, request, previous, factsOf(request, {}), { cluster: null, observed });
}

const codesOf = (result: Awaited<ReturnType<typeof answer>>) =>
  failuresOf(result).map((text) => text.split("\n")[0]);

const refusing = (command: string, version: string, says: string) =>
  `if [ "$1" = ${command} ]; then case "$*" in *${version}*) echo "Error: ${says}" >&2; exit 1;; esac; fi`;

describe("the preflight of a preview", () => {
  let restore = () => undefined as void;
  const helm = (script = "") => (restore = fakeHelm(script));
  afterEach(() => restore());

  it("lets a plan pass whose charts can all be pulled and rendered", async () => {
    helm();
    assert.deepEqual(stateOf(await answer("1.6.0")).plan.to, "1.6.0");
  });

  it("names every chart that the mirror lacks, in one problem", async () => {
    helm(
      `${refusing("pull", "1.5.1", "bsr:1.5.1: not found")}\n${refusing("pull", "1.6.0", "bsr:1.6.0: not found")}`,
    );
    const [text, ...others] = failuresOf(await answer("1.6.0"));
    assert.deepEqual(others, []);
    assert.match(
      text ?? "",
      /^chart-missing\n {2}found: {2}oci:\/\/127\.0\.0\.1:2\/charts\/bsr has no chart 1\.5\.1, 1\.6\.0\.\n/,
    );
  });

  const troubles: [string, string][] = [
    ["unexpected status from HEAD request: 401 Unauthorized", "registry-login"],
    ["response status code 403: denied: Permission denied for bsr", "registry-login"],
    ["dial tcp: lookup registry.example.com: no such host", "registry-unreachable"],
    ["dial tcp 127.0.0.1:2: connect: connection refused", "registry-unreachable"],
    ["manifest unknown", "chart-missing"],
    ["file does not appear to be a gzipped archive", "chart-unusable"],
  ];
  for (const [says, code] of troubles) {
    it(`calls it ${code} when helm says: ${says}`, async () => {
      helm(refusing("pull", "", says));
      assert.deepEqual(codesOf(await answer("1.5.1")), [code]);
    });
  }

  it("refuses values that a chart of the way does not take, with what helm says and without its hints", async () => {
    helm(
      refusing(
        "template",
        "",
        "execution error at (bsr/x.yaml:1:2): host is required\\n\\nUse --debug flag to render",
      ),
    );
    const [text] = failuresOf(await answer("1.5.1"));
    assert.match(
      text ?? "",
      /^values-refused\n {2}found: {2}The chart of 1\.5\.1 does not take the values it would get: execution error at \(bsr\/x\.yaml:1:2\): host is required\n/,
    );
  });

  it("tells what the planner refuses and what the target lacks at once", async () => {
    helm(refusing("pull", "", "not found"));
    assert.deepEqual(codesOf(await answer("1.16.1")), ["license-required", "chart-missing"]);
  });

  it("refuses a chart with another digest than the one that is pinned", async () => {
    helm();
    const release = {
      version: "1.5.1",
      released: null,
      databaseVersion: null,
      minimumCliVersion: null,
      notes: [],
      source: null,
    };
    const chartDigest = `sha256:${"a".repeat(64)}`;
    const result = await answer("1.5.1", { policy: { releases: [{ ...release, chartDigest }] } });
    assert.deepEqual(codesOf(result), ["chart-digest"]);
  });

  it("tells the digest of each chart, where several are not what is pinned", async () => {
    const digestOf = (version: string) => `sha256:${version.replaceAll(".", "").padEnd(64, "0")}`;
    helm(
      'if [ "$1" = pull ]; then digest=$(echo "$4" | tr -d . ); touch "$6/bsr.tgz"; ' +
        'printf "Digest: sha256:%s%061d\\n" "$digest" 0 >&2; exit 0; fi',
    );
    const facts = { released: null, databaseVersion: null, minimumCliVersion: null, notes: [], source: null };
    const chartDigest = `sha256:${"a".repeat(64)}`;
    const releases = ["1.5.1", "1.6.0"].map((version) => ({ version, ...facts, chartDigest }));
    const told = failuresOf(await answer("1.6.0", { policy: { releases } }));
    assert.deepEqual(
      told.map((text) => text.split("\n")[1]?.trim()),
      ["1.5.1", "1.6.0"].map(
        (version) => `found:  oci://127.0.0.1:2/charts/bsr ${version} has the digest ${digestOf(version)}.`,
      ),
    );
  });

  it("tells what is wrong with each chart, where several are unusable in ways of their own", async () => {
    helm(`${refusing("pull", "1.5.1", "no gzip")}\n${refusing("pull", "1.6.0", "no Chart.yaml")}`);
    const told = failuresOf(await answer("1.6.0"));
    assert.deepEqual(
      told.map((text) => text.split("\n")[1]?.trim()),
      [
        "found:  oci://127.0.0.1:2/charts/bsr 1.5.1 cannot be used: no gzip",
        "found:  oci://127.0.0.1:2/charts/bsr 1.6.0 cannot be used: no Chart.yaml",
      ],
    );
  });

  it("tells that helm is too old", async () => {
    helm('[ "$1" = version ] && echo v3.9.0 && exit 0');
    assert.deepEqual(codesOf(await answer("1.5.1")), ["helm-version"]);
  });

  it("does not render while values are not known yet, and still wants the chart", async () => {
    helm(refusing("template", "", "host is required"));
    const observe = { layers: values({ later: unknownMarker }) };
    assert.equal(stateOf(await answer("1.5.1", { observe })).plan.to, "1.5.1");
  });

  describe("of values", () => {
    const knowing = "if [ \"$1\" = show ]; then echo 'bufd: {deployment: {replicas: 2}}'; exit 0; fi";

    it("warns of a key that no chart of the way knows, and of none that is documented", async () => {
      helm(knowing);
      const layers = values({
        bufd: { deploymnt: {}, ingress: { enabled: true } },
        postgres: { host: "db" },
      });
      const { warnings } = stateOf(await answer("1.6.0", { observe: { layers } })).plan;
      assert.deepEqual(
        warnings.filter((text) => text.startsWith("value-unknown")),
        [
          "value-unknown: bufd.deploymnt is not among the chart's default values; did you mean deployment? (the chart of 1.5.1, 1.6.0)",
        ],
      );
    });

    it("warns too where only values change, and keeps the plan", async () => {
      helm(knowing);
      const observe = { layers: values({ colour: "blue" }) };
      const { plan } = stateOf(await answer("1.4.0", { observe }));
      assert.equal(plan.transition, 1);
      assert.match(plan.warnings.join(), /value-unknown: colour is not among/);
    });
  });

  it("asks nothing where there is nothing to deploy", async () => {
    helm("echo helm was run >&2; exit 1");
    assert.equal(stateOf(await answer("1.4.0")).plan.to, "1.4.0");
  });
});
