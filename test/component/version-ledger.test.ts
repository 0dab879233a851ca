import { strict as assert } from "node:assert";
import { unknownMarker } from "../../components/bsr-release/ledger/request";
import type { LedgerState } from "../../components/bsr-release/ledger/state";
import { VersionLedger, type LedgerArgs } from "../../components/bsr-release/ledger/version-ledger";
import { kubeconfigOfNowhere, requestFor } from "./asking";
import { fakeHelm } from "./fake-helm";
import { Instance } from "./instance";
import { known } from "./outputs";
import { ProviderProcess, type Properties } from "./provider-process";
import { withWorld } from "./registrations";

/** The inputs that a program sends to the engine, with the provider's text. */
async function inputsFor(target: string): Promise<Properties> {
  const { registrations } = await withWorld({ observed: new Instance().observed() });
  const request = requestFor(target, { observe: { kubeconfig: kubeconfigOfNowhere, preview: true } });
  const ledger = new VersionLedger(
    "ledger",
    { ...request, observe: { ...request.observe, layers: [] } } as LedgerArgs,
    {},
  );
  await known(ledger.urn);
  const registered = registrations.find(({ name }) => name === "ledger");
  assert.ok(registered !== undefined);
  return { ...registered.inputs };
}

describe("the ledger's stored text", () => {
  let inputs: Properties;
  let text: string;
  before(async () => {
    inputs = await inputsFor("1.5.1");
    assert.equal(typeof inputs["__provider"], "string");
    text = inputs["__provider"] as string;
  });

  it("captures no module: a moved or newer library must not break what is stored", () => {
    const required = [...text.matchAll(/require\(([^)]*)\)/g)].map(([, what]) => what);
    assert.deepEqual(required, ["loader", "path", '"node:util"']);
  });

  it("holds no path of a machine and no name of a library", () => {
    assert.doesNotMatch(text, /node_modules|components|zod|semver/);
    assert.ok(!text.includes(process.cwd()));
  });

  it("is short, for it is in every state and every diff of one", () => {
    assert.ok(text.length < 3000, `${text.length} characters`);
  });

  it("is the same for every target, so that a bump does not change it", async () => {
    assert.equal((await inputsFor("1.9.1"))["__provider"], text);
  });
});

describe("the ledger in the provider process", () => {
  let provider: ProviderProcess;
  let inputs: Properties;
  let restore: () => void;
  before(async () => {
    restore = fakeHelm();
    inputs = await inputsFor("1.5.1");
    provider = await ProviderProcess.start();
  });
  after(async () => {
    await provider.stop();
    restore();
  });

  const stateIn = ({ __provider: _code, ...state }: Properties) => state as unknown as LedgerState;

  it("answers a plan as inputs in a preview, also where the cluster cannot be reached", async () => {
    const { inputs: checked, failures } = await provider.check({}, inputs);
    assert.deepEqual(failures, []);
    const { plan, target } = stateIn(checked);
    assert.equal(target, "1.5.1");
    assert.deepEqual(plan.steps, ["deploy 1.5.1"]);
    assert.match(plan.assumed ?? "", /ECONNREFUSED/);
  });

  it("drops from its inputs how to observe, the policy and where the implementation lies", async () => {
    const { inputs: checked } = await provider.check({}, inputs);
    assert.deepEqual(Object.keys(checked).sort(), [
      "__provider",
      "database",
      "namespace",
      "plan",
      "position",
      "releaseName",
      "strategy",
      "target",
    ]);
    assert.equal(checked["__provider"], inputs["__provider"]);
    assert.doesNotMatch(JSON.stringify(stateIn(checked)), /current-context|ledger\/check/);
  });

  it("gets the earlier inputs, and plans on from them", async () => {
    const { inputs: first } = await provider.check({}, inputs);
    const { inputs: second } = await provider.check(first, { ...inputs, target: "1.6.0" });
    const { plan } = stateIn(second);
    assert.deepEqual([plan.from, plan.to, plan.transition, plan.direction], ["1.5.1", "1.6.0", 2, "upgrade"]);
  });

  it("refuses by a failure of the check, which a preview prints", async () => {
    const { failures } = await provider.check({}, { ...inputs, target: "1.99.0" });
    assert.equal(failures.length, 1);
    assert.equal(failures[0]?.property, "target");
    assert.match(failures[0].reason, /^unknown-release\n {2}found: .*1\.99\.0/);
  });

  it("takes values that are not known yet", async () => {
    const request = requestFor("1.16.1", {
      database: unknownMarker,
      policy: { given: unknownMarker },
      observe: { kubeconfig: unknownMarker, preview: true },
    });
    const { inputs: checked, failures } = await provider.check({}, { ...inputs, ...request });
    assert.deepEqual(failures, []);
    assert.equal(checked["database"], unknownMarker, "the engine makes an unknown value of it again");
    assert.equal(stateIn(checked).plan.to, "1.16.1");
  });

  it("sees no change where only the stored code differs", async () => {
    const { inputs: checked } = await provider.check({}, inputs);
    assert.equal(await provider.diff({ ...checked, __provider: "older code" }, checked), "none");
  });

  it("leaves any other change to the engine, for a readable diff", async () => {
    const { inputs: checked } = await provider.check({}, inputs);
    const { inputs: other } = await provider.check(checked, { ...inputs, target: "1.6.0" });
    assert.equal(await provider.diff(checked, other), "unknown");
  });

  it("keeps what was checked as its outputs, when it is made and when it changes", async () => {
    const { inputs: checked } = await provider.check({}, inputs);
    const { id, outputs } = await provider.create(checked);
    assert.equal(id, "ledger");
    assert.deepEqual(outputs, checked);
    const { inputs: other } = await provider.check(checked, { ...inputs, target: "1.6.0" });
    assert.deepEqual(await provider.update(outputs, other), other);
  });

  it("goes without a word, from its outputs alone", async () => {
    const { inputs: checked } = await provider.check({}, inputs);
    await provider.delete(checked);
  });
});
