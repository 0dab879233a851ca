import assert from "node:assert/strict";
import { endsBy, isPending, pendingDeploy } from "../../components/migrations/cluster/helm/pending";
import { checkPrecondition } from "../../components/migrations/steps/attempt";
import { Instance } from "../component/instance";
import { settingOf } from "./setting";

const setting = settingOf({ transition: 3, lineage: 3 });

/** What a step says that finds an instance so. */
function refusal(story: Instance): string {
  const step = { version: "1.5.1", plannedAtRevision: 1, after: null };
  try {
    checkPrecondition({ setting }, step, story.observed());
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("a step that finds Helm at work", () => {
  it("names who began, and how to end the lock of a Helm that died", () => {
    const text = refusal(new Instance().deploys("1.4.0").diesInHelm("1.5.1"));
    assert.match(
      text,
      /^Helm holds release bsr: revision 2 \(1\.5\.1\) has been pending-upgrade since .*, which stack bsr\/test began/,
    );
    assert.match(
      text,
      /If you know that it died: npx --no bsr unlock --revision 2 --namespace bsr --release bsr$/,
    );
  });

  it("does not blame somebody for what may be a change of values by the stack's Release", () => {
    const text = refusal(new Instance().deploys("1.4.0").diesChangingValues());
    assert.match(text, /, by hand, or by a pulumi up that changed values \(Preparing upgrade\);/);
  });

  it("says how to finish an uninstall that broke off, which no unlock ends", () => {
    const text = refusal(new Instance().deploys("1.4.0").isBeingUninstalled());
    assert.match(
      text,
      /^release bsr is being uninstalled, or its uninstall broke off: .* revision 1 \(1\.4\.0\)/,
    );
    assert.match(
      text,
      /finish it with helm uninstall bsr -n bsr, then pulumi up --refresh, which installs it again$/,
    );
    assert.doesNotMatch(text, /unlock/);
  });
});

describe("a deploy of our own that Helm has left pending", () => {
  it("is told by its attempt", () => {
    const pending = pendingDeploy(new Instance().deploys("1.4.0").diesInHelm("1.5.1").observed());
    assert.equal(pending?.attempt.revision, 2);
  });

  it("is not one of somebody who deploys the version and number of an attempt before the last verification", () => {
    const again = new Instance()
      .deploys("1.4.0")
      .deploys("1.5.1")
      .isUninstalled()
      .isBeingUpgradedByHand("1.4.0");
    assert.equal(pendingDeploy(again.observed()), undefined);
  });

  it("is not an uninstall, nor one that has ended", () => {
    for (const story of [new Instance().deploys("1.4.0"), new Instance().failsInHelm("1.4.0")])
      assert.equal(pendingDeploy(story.observed()), undefined);
    assert.equal(
      pendingDeploy(new Instance().begins("1.4.0").reaches("1.4.0").isBeingUninstalled().observed()),
      undefined,
    );
  });

  it("has its time from when Helm last began something, as each hook has the limit for itself", () => {
    const attempt = { at: "2026-01-01T00:00:00Z", limitSeconds: 600 };
    const after = (activeAt: string) => endsBy(attempt, { activeAt }).toISOString();
    assert.equal(after("2026-01-01T00:10:00Z"), "2026-01-01T00:30:00.000Z");
    assert.equal(after("2025-12-31T00:00:00Z"), "2026-01-01T00:20:00.000Z");
    assert.equal(after(""), "2026-01-01T00:20:00.000Z");
  });
});

describe("Helm's words", () => {
  for (const [status, pending] of [
    ["pending-install", true],
    ["pending-upgrade", true],
    ["pending-rollback", true],
    ["uninstalling", false],
    ["deployed", false],
  ] as const) {
    it(`${status} ${pending ? "holds" : "does not hold"} its lock`, () =>
      assert.equal(isPending({ status }), pending));
  }
});
