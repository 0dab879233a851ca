import { strict as assert } from "node:assert";
import { checkLedger } from "../../components/bsr-release/ledger/check";
import {
  planFromObservation,
  planFromState,
  type CheckResult,
} from "../../components/bsr-release/ledger/plan";
import { unknownMarker, type LedgerRequest } from "../../components/bsr-release/ledger/request";
import {
  ledgerStateSchema,
  type LedgerState,
  type StoredState,
} from "../../components/bsr-release/ledger/state";
import { fakeHelm } from "./fake-helm";
import { emptyPlaces, failuresOf, kubeconfigOfNowhere, requestFor, shortSteps, stateOf } from "./asking";
import { Instance } from "./instance";

/** The state of a stack that was bumped from 1.4.0 to a version. */
function bumpedTo(version: string): LedgerState {
  const first = planFromObservation(requestFor("1.4.0"), undefined, new Instance().observed());
  const running = new Instance().deploys("1.4.0").observed();
  return stateOf(planFromObservation(requestFor(version), stateOf(first), running));
}

describe("a plan from the state alone", () => {
  it("is the last plan while the target stays, so that no step shows as deleted", () => {
    const previous = bumpedTo("1.6.0");
    assert.deepEqual(stateOf(planFromState(requestFor("1.6.0"), previous, "no route")), {
      ...previous,
      plan: { ...previous.plan, assumed: "the cluster was not looked at: no route" },
    });
  });

  it("starts a new target where the last plan ends, in a transition of its own", () => {
    const previous = bumpedTo("1.6.0");
    const state = stateOf(planFromState(requestFor("1.8.3"), previous, "no route"));
    assert.deepEqual(shortSteps(state), ["deploy 1.7.0", "await 1.7.0", "deploy 1.8.3"]);
    assert.equal(state.plan.assumed, "the cluster was not looked at: no route");
    assert.equal(state.plan.transition, previous.plan.transition + 1);
    assert.equal(state.plan.lineage, state.plan.transition);
    assert.equal(state.cluster, previous.cluster);
    assert.deepEqual(emptyPlaces(state), []);
  });

  it("installs where the stack has none yet", () => {
    const state = stateOf(planFromState(requestFor("1.5.1"), undefined, "no route"));
    assert.deepEqual(shortSteps(state), ["deploy 1.5.1"]);
    assert.equal(state.plan.direction, "install");
    assert.deepEqual([state.plan.transition, state.plan.lineage], [1, 1]);
    assert.deepEqual(emptyPlaces(state), []);
    assert.deepEqual(
      ledgerStateSchema.decode(JSON.parse(JSON.stringify(ledgerStateSchema.encode(state))) as StoredState),
      state,
    );
  });

  const refusals: [string, LedgerRequest, string][] = [
    ["what the planner refuses", requestFor("1.99.0"), "unknown-release"],
    ["an instance that would move", requestFor("1.6.0", { namespace: "other" }), "moved"],
    [
      "a plan that was not approved",
      requestFor("1.7.0", { policy: { approvedPlan: "0000000000000000" } }),
      "plan-not-approved",
    ],
  ];
  for (const [what, request, code] of refusals) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(
        failuresOf(planFromState(request, bumpedTo("1.6.0"), "no route")).map((text) => text.split("\n")[0]),
        [code],
      );
    });
  }

  it("does not ask for a license while the values are not known yet", () => {
    const unknown = requestFor("1.16.1", { policy: { given: unknownMarker } });
    assert.deepEqual(shortSteps(stateOf(planFromState(unknown, undefined, "no route"))), ["deploy 1.16.1"]);
    const known = requestFor("1.16.1");
    assert.match(failuresOf(planFromState(known, undefined, "no route")).join(), /^license-required/);
  });

  it("does not take a database that is not known yet for another one", () => {
    const unknown = requestFor("1.7.0", { database: unknownMarker });
    assert.deepEqual(shortSteps(stateOf(planFromState(unknown, bumpedTo("1.6.0"), "no route"))), [
      "deploy 1.7.0",
    ]);
  });
});

describe("the ledger's check", () => {
  let restore: () => void;
  before(() => (restore = fakeHelm()));
  after(() => restore());

  const kubeconfig = kubeconfigOfNowhere;
  const unreachable = (preview: boolean) => ({ observe: { kubeconfig, preview } });
  const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  const check = async (olds: object, news: unknown): Promise<CheckResult> => {
    const { inputs, failures = [] } = await checkLedger(olds, news);
    return inputs === undefined ? { failures } : { inputs: ledgerStateSchema.decode(inputs) };
  };

  it("assumes in a preview that cannot reach the cluster, and says why", async () => {
    const state = stateOf(await check({}, wire(requestFor("1.5.1", unreachable(true)))));
    assert.deepEqual(shortSteps(state), ["deploy 1.5.1"]);
    assert.match(state.plan.assumed ?? "", /^the cluster was not looked at: .*ECONNREFUSED/);
  });

  it("fails in an up that cannot reach the cluster", async () => {
    const [text, ...others] = failuresOf(await check({}, wire(requestFor("1.5.1", unreachable(false)))));
    assert.deepEqual(others, []);
    assert.match(text ?? "", /^The cluster could not be read: .*ECONNREFUSED/);
    assert.match(
      text ?? "",
      /Nothing was changed\. Fix the access \(kubeconfig, context, network, permissions\), then run pulumi up again\.$/,
    );
  });

  const unknowns: [string, Parameters<typeof requestFor>[1]][] = [
    ["kubeconfig", { observe: { kubeconfig: unknownMarker, preview: true } }],
    ["database", { observe: { kubeconfig, preview: true }, database: unknownMarker }],
  ];
  for (const [what, given] of unknowns) {
    it(`assumes while the ${what} is not known yet`, async () => {
      const state = stateOf(await check({}, wire(requestFor("1.5.1", given))));
      assert.equal(
        state.plan.assumed,
        "the cluster was not looked at: its kubeconfig or its database is not known before pulumi up",
      );
    });
  }

  it("reads the earlier inputs as the engine hands them over, with the code that made them", async () => {
    const previous = bumpedTo("1.6.0");
    const olds = {
      ...(wire(ledgerStateSchema.encode(previous)) as object),
      __provider: "exports.handler = …",
    };
    const state = stateOf(await check(olds, wire(requestFor("1.6.0", unreachable(true)))));
    assert.equal(state.plan.transition, previous.plan.transition);
    assert.ok(!("__provider" in state), "the code is the engine's, not the ledger's");
  });
});
