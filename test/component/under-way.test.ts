import { strict as assert } from "node:assert";
import { underWay } from "../../components/bsr-release/ledger/under-way";
import { Instance } from "./instance";

describe("who works on the instance", () => {
  const now = new Date("2026-01-01T12:00:00Z");
  const holding = {
    holder: "stack bsr/prod, run 17 on operator",
    since: new Date("2026-01-01T11:59:00Z"),
    runsOut: new Date("2026-01-01T12:00:20Z"),
    seconds: 15,
  };

  it("is nobody where the lease is free, or has run out", () => {
    const observed = new Instance().deploys("1.4.0").begins("1.5.1").observed();
    assert.equal(underWay(observed, now), null);
    assert.equal(underWay({ ...observed, holding: { ...holding, runsOut: now } }, now), null);
  });

  it("is who holds the lease, with since when, until when, and what it is at", () => {
    const observed = new Instance().deploys("1.4.0").begins("1.5.1").observed();
    assert.match(
      underWay({ ...observed, holding }, now) ?? "",
      /^stack bsr\/prod, run 17 on operator has held the lease since 2026-01-01T11:59:00\.000Z, until 2026-01-01T12:00:20\.000Z unless it is renewed\. It is at 1\.5\.1, begun at \S+ as part of transition 2\. /,
    );
  });

  it("tells nothing of an attempt that is over", () => {
    const observed = new Instance().deploys("1.4.0").observed();
    assert.doesNotMatch(underWay({ ...observed, holding }, now) ?? "", /It is at/);
  });

  it("is a stack whose Release deploys, which holds no lease", () => {
    const observed = new Instance().deploys("1.4.0").diesInHelm("1.5.1").observed();
    assert.match(
      underWay(observed, now) ?? "",
      /^Helm has 1\.5\.1 at revision 2 as pending-upgrade since \S+: stack bsr\/test began it at /,
    );
  });

  it("is a run that changed values, or somebody, where the verified version is deployed again", () => {
    const observed = new Instance().deploys("1.4.0").diesChangingValues().observed();
    assert.match(
      underWay(observed, now) ?? "",
      /Helm does not say who began it: somebody by hand, or a pulumi up that changed values\. /,
    );
  });

  it("is an uninstall, which bsr status tells how to finish", () => {
    const observed = new Instance().deploys("1.4.0").isBeingUninstalled().observed();
    assert.match(
      underWay(observed, now) ?? "",
      /^Helm uninstalls 1\.4\.0, revision 1, or that broke off: bsr status/,
    );
  });

  it("is nobody that is known where a Helm is at work by hand", () => {
    const observed = new Instance().deploys("1.4.0").isBeingUpgradedByHand("1.4.1").observed();
    assert.match(underWay(observed, now) ?? "", /Helm does not say who began it, and no transition did\. /);
  });
});
