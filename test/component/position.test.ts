import { strict as assert } from "node:assert";
import { locate, type Remembered } from "../../components/bsr-release/observation/position";
import type { Position } from "../../components/migrations/planner";
import { Instance } from "./instance";

interface Situation {
  readonly situation: string;
  readonly because: string;
  readonly story: (instance: Instance) => Instance;
  readonly remembered?: Partial<Remembered>;
  readonly position: Position;
  /** Versions whose pods may still serve; not told where it is not what a situation is about. */
  readonly begun?: readonly string[];
  /** The live version, its revision and the verified version of a drift. */
  readonly drift?: { readonly live: string; readonly revision: number; readonly verified: string | null };
}

const nothing = { deployedVersion: null, schemaOwner: null, highWaterMark: null, settled: false };

/** A position in which deployed version, owner and mark are the same. */
const at = (version: string) => ({ deployedVersion: version, schemaOwner: version, highWaterMark: version });

const settled = { settled: true, maintenance: false };
const unsettled = { settled: false, maintenance: false };

const situations: readonly Situation[] = [
  {
    situation: "nothing was ever deployed",
    because: "there is no Helm release and no record",
    story: (instance) => instance,
    position: nothing,
  },
  {
    situation: "an install was begun and never reached Helm",
    because: "an attempt may have migrated the database, so mark and owner count it",
    story: (instance) => instance.begins("1.4.0"),
    position: { ...nothing, schemaOwner: "1.4.0", highWaterMark: "1.4.0" },
  },
  {
    situation: "an install failed",
    because: "it is live and our own, but nothing was ever verified",
    story: (instance) => instance.failsToVerify("1.4.0"),
    position: { ...at("1.4.0"), deployedVersion: null, ...unsettled },
  },
  {
    situation: "a version is verified and live",
    because: "the live revision is the one that was verified",
    story: (instance) => instance.deploys("1.4.0"),
    position: { ...at("1.4.0"), ...settled },
  },
  {
    situation: "several versions were walked",
    because: "the last verified one counts",
    story: (instance) => instance.deploys("1.4.0").deploys("1.5.1").deploys("1.6.0"),
    position: { ...at("1.6.0"), ...settled },
  },
  {
    situation: "values changed and were verified",
    because: "the verification moved on to the new revision",
    story: (instance) => instance.deploys("1.4.0").changesValues({ verified: true }),
    position: { ...at("1.4.0"), ...settled },
  },
  {
    situation: "values changed and were not verified",
    because: "the verified version is live, but not the revision that was verified",
    story: (instance) => instance.deploys("1.4.0").changesValues({ verified: false }),
    position: { ...at("1.4.0"), ...unsettled },
  },
  {
    situation: "an own deploy failed its verification",
    because: "the verified version stays the deployed one, while owner and mark count the attempt",
    story: (instance) => instance.deploys("1.4.0").failsToVerify("1.5.1"),
    position: { deployedVersion: "1.4.0", schemaOwner: "1.5.1", highWaterMark: "1.5.1", ...unsettled },
  },
  {
    situation: "an own deploy of a lower version failed its verification",
    because: "pods of it may serve still, also once it was rolled back by hand",
    story: (instance) => instance.deploys("1.5.1").failsToVerify("1.4.1").isRolledBackByHand(1),
    position: { ...at("1.5.1"), ...unsettled },
    begun: ["1.4.1"],
  },
  {
    situation: "an own deploy was verified after another had failed",
    because: "the verification waited until no other pods were left",
    story: (instance) => instance.deploys("1.5.1").failsToVerify("1.4.1").deploys("1.5.1"),
    position: { ...at("1.5.1"), ...settled },
    begun: [],
  },
  {
    situation: "an own deploy failed in Helm",
    because: "a failed revision is live all the same",
    story: (instance) => instance.deploys("1.4.0").failsInHelm("1.5.1"),
    position: { deployedVersion: "1.4.0", schemaOwner: "1.5.1", highWaterMark: "1.5.1", ...unsettled },
  },
  {
    situation: "an own deploy was begun and never reached Helm",
    because: "what is live is still the verified revision",
    story: (instance) => instance.deploys("1.4.0").begins("1.5.1"),
    position: { deployedVersion: "1.4.0", schemaOwner: "1.5.1", highWaterMark: "1.5.1", ...settled },
  },
  {
    situation: "helm was killed in an own deploy",
    because: "a pending revision is of our own, and settles nothing",
    story: (instance) => instance.deploys("1.4.0").diesInHelm("1.5.1"),
    position: { deployedVersion: "1.4.0", schemaOwner: "1.5.1", highWaterMark: "1.5.1", ...unsettled },
  },
  {
    situation: "an own deploy failed twice",
    because: "every own attempt since the verification explains what is live",
    story: (instance) => instance.deploys("1.4.0").failsToVerify("1.5.1").failsToVerify("1.5.1"),
    position: { deployedVersion: "1.4.0", schemaOwner: "1.5.1", highWaterMark: "1.5.1", ...unsettled },
  },
  {
    situation: "maintenance was left on",
    because: "users are locked out although the revision is the verified one",
    story: (instance) => instance.deploys("1.4.0").staysInMaintenance("1.4.0"),
    position: { ...at("1.4.0"), settled: false, maintenance: true },
  },
  {
    situation: "a rollback by hand to the verified version, after a failed attempt",
    because: "what is live is the verified version; the attempt may still have migrated the database",
    story: (instance) => instance.deploys("1.4.0").failsToVerify("1.5.1").isRolledBackByHand(1),
    position: { deployedVersion: "1.4.0", schemaOwner: "1.5.1", highWaterMark: "1.5.1", ...unsettled },
  },
  {
    situation: "a rollback by hand to an older version",
    because: "no own transition put it there, and the database stays with the newer one",
    story: (instance) => instance.deploys("1.4.0").deploys("1.5.1").isRolledBackByHand(1),
    position: { deployedVersion: "1.4.0", schemaOwner: "1.5.1", highWaterMark: "1.5.1", ...unsettled },
    drift: { live: "1.4.0", revision: 3, verified: "1.5.1" },
  },
  {
    situation: "an upgrade by hand",
    because: "it may have migrated the database, so mark and owner rise with it",
    story: (instance) => instance.deploys("1.4.0").isUpgradedByHand("1.6.0"),
    position: { ...at("1.6.0"), ...unsettled },
    drift: { live: "1.6.0", revision: 2, verified: "1.4.0" },
  },
  {
    situation: "an upgrade by hand that was taken back",
    because: "the verified version is live again, and the database may be of the newer one",
    story: (instance) => instance.deploys("1.4.0").isUpgradedByHand("1.6.0").isRolledBackByHand(1),
    position: { deployedVersion: "1.4.0", schemaOwner: "1.6.0", highWaterMark: "1.6.0", ...unsettled },
  },
  {
    situation: "an image edited by hand to that of a newer release",
    because: "no revision of Helm tells it, and it may have migrated the database",
    story: (instance) => instance.deploys("1.4.0").hasImageOf("1.5.1"),
    position: { deployedVersion: "1.4.0", schemaOwner: "1.5.1", highWaterMark: "1.5.1", ...unsettled },
  },
  {
    situation: "a workload that was deleted by hand",
    because: "what runs is not what was verified",
    story: (instance) => instance.deploys("1.4.0").losesWorkload(),
    position: { ...at("1.4.0"), ...unsettled },
  },
  {
    situation: "an upgrade by hand to the version of an older own attempt",
    because: "an attempt from before the last verification explains nothing",
    story: (instance) =>
      instance.deploys("1.4.0").failsToVerify("1.5.1").deploys("1.4.0").isUpgradedByHand("1.5.1"),
    position: { ...at("1.5.1"), ...unsettled },
    drift: { live: "1.5.1", revision: 4, verified: "1.4.0" },
  },
  {
    situation: "an upgrade by hand to the version of an own attempt that was rolled back by hand",
    because: "an attempt explains only the revision that it made",
    story: (instance) =>
      instance.deploys("1.4.0").failsToVerify("1.5.1").isRolledBackByHand(1).isUpgradedByHand("1.5.1"),
    position: { ...at("1.5.1"), ...unsettled },
    drift: { live: "1.5.1", revision: 4, verified: "1.4.0" },
  },
  {
    situation: "the record was lost",
    because: "only the live version is known; the stack still remembers mark and owner",
    story: (instance) => instance.deploys("1.4.0").losesRecord(),
    remembered: { schemaOwner: "1.5.1", highWaterMark: "1.6.0" },
    position: { deployedVersion: "1.4.0", schemaOwner: "1.5.1", highWaterMark: "1.6.0", ...unsettled },
    drift: { live: "1.4.0", revision: 1, verified: null },
  },
  {
    situation: "record and stack were lost",
    because: "Helm's history still tells the highest version that was deployed, which may own the database",
    story: (instance) => instance.deploys("1.4.0").deploys("1.5.1").losesRecord().isRolledBackByHand(1),
    position: { deployedVersion: "1.4.0", schemaOwner: "1.5.1", highWaterMark: "1.5.1", ...unsettled },
    drift: { live: "1.4.0", revision: 3, verified: null },
  },
  {
    situation: "a record with an owner below the remembered one",
    because:
      "the record is per database and newer, so its owner goes before the stack's; the mark never falls",
    story: (instance) => instance.deploys("1.4.0"),
    remembered: { schemaOwner: "1.5.1", highWaterMark: "1.5.1" },
    position: { deployedVersion: "1.4.0", schemaOwner: "1.4.0", highWaterMark: "1.5.1", ...settled },
  },
  {
    situation: "uninstalled, the record remains",
    because: "nothing is deployed, and the database was used",
    story: (instance) => instance.deploys("1.4.0").deploys("1.5.1").isUninstalled(),
    position: { ...at("1.5.1"), deployedVersion: null, settled: false },
  },
  {
    situation: "uninstalled, Helm's history was kept",
    because: "an uninstalled revision is not live",
    story: (instance) => instance.deploys("1.5.1").isUninstalled({ keepingHistory: true }),
    position: { ...at("1.5.1"), deployedVersion: null, settled: false },
  },
  {
    situation: "installed again after an uninstall",
    because: "revisions count from 1 again, and the new one was verified",
    story: (instance) => instance.deploys("1.4.0").deploys("1.5.1").isUninstalled().deploys("1.5.1"),
    position: { ...at("1.5.1"), ...settled },
  },
  {
    situation: "a failed install after an uninstall, at the revision that was verified in the earlier life",
    because: "the same version at the same revision number is not the deploy that was verified",
    story: (instance) => instance.deploys("1.5.1").isUninstalled().failsToVerify("1.5.1"),
    position: { ...at("1.5.1"), deployedVersion: null, ...unsettled },
  },
  {
    situation: "an install by hand after an uninstall, at the revision of an old attempt",
    because: "an attempt from before the last verification explains nothing",
    story: (instance) => instance.deploys("1.4.0").deploys("1.5.1").isUninstalled().isUpgradedByHand("1.4.0"),
    position: { deployedVersion: "1.4.0", schemaOwner: "1.5.1", highWaterMark: "1.5.1", ...unsettled },
    drift: { live: "1.4.0", revision: 1, verified: null },
  },
  {
    situation: "the verified version installed by hand after an uninstall",
    because: "what was verified before the uninstall explains nothing that came after it",
    story: (instance) => instance.deploys("1.4.0").deploys("1.5.1").isUninstalled().isUpgradedByHand("1.5.1"),
    position: { ...at("1.5.1"), ...unsettled },
    drift: { live: "1.5.1", revision: 1, verified: null },
  },
  {
    situation: "the verified version installed by hand after an uninstall, at the revision that was verified",
    because: "the same version at the same revision number is not the deploy that was verified",
    story: (instance) => instance.deploys("1.5.1").isUninstalled().isUpgradedByHand("1.5.1"),
    position: { ...at("1.5.1"), ...unsettled },
    drift: { live: "1.5.1", revision: 1, verified: null },
  },
  {
    situation: "an upgrade by hand after an uninstall of a restored instance",
    because: "a restore counts only in the life of the release that it belongs to",
    story: (instance) =>
      instance
        .deploys("1.4.0")
        .deploys("1.5.1")
        .restores("snapshot")
        .deploys("1.4.0")
        .isUninstalled()
        .deploys("1.9.1")
        .isUpgradedByHand("1.12.1"),
    position: { ...at("1.12.1"), ...unsettled },
    drift: { live: "1.12.1", revision: 2, verified: "1.9.1" },
  },
  {
    situation: "an install by hand after a restore and an uninstall, at the revision of an old attempt",
    because: "an attempt from before the restore explains nothing",
    story: (instance) =>
      instance.deploys("1.5.1").restores("snapshot").isUninstalled().isUpgradedByHand("1.5.1"),
    position: { ...at("1.5.1"), ...unsettled },
    drift: { live: "1.5.1", revision: 1, verified: null },
  },
  {
    situation: "restored, and nothing deployed since",
    because: "what is live was deployed on another database, so nothing is verified, and nothing is drift",
    story: (instance) => instance.deploys("1.4.0").deploys("1.5.1").restores("snapshot"),
    position: { ...nothing, ...unsettled },
  },
  {
    situation: "an own deploy failed on a machine whose clock is a day behind",
    because: "what came first is told by the record's order, and by no clock",
    story: (instance) => instance.deploys("1.4.0").goesOnWithClockBehind(24).failsToVerify("1.5.1"),
    position: { deployedVersion: "1.4.0", schemaOwner: "1.5.1", highWaterMark: "1.5.1", ...unsettled },
  },
  {
    situation: "an own deploy was verified on a machine whose clock is a day behind",
    because: "what came first is told by the record's order, and by no clock",
    story: (instance) => instance.deploys("1.4.0").goesOnWithClockBehind(24).deploys("1.5.1"),
    position: { ...at("1.5.1"), ...settled },
  },
  {
    situation: "an install that failed after an uninstall",
    because: "what was verified before the uninstall does not run any more",
    story: (instance) => instance.deploys("1.5.1").isUninstalled().failsToVerify("1.6.0"),
    position: { deployedVersion: null, schemaOwner: "1.6.0", highWaterMark: "1.6.0", ...unsettled },
  },
  {
    situation: "a deploy by hand in a later life of a release whose database was restored in an earlier one",
    because: "revisions count from 1 again, and those of the restore are gone",
    story: (instance) =>
      instance
        .deploys("1.3.1")
        .deploys("1.4.0")
        .restores("x")
        .isUninstalled()
        .deploys("1.2.0")
        .isUpgradedByHand("1.3.1"),
    position: { deployedVersion: "1.3.1", schemaOwner: "1.3.1", highWaterMark: "1.3.1", ...unsettled },
    drift: { live: "1.3.1", revision: 2, verified: "1.2.0" },
  },
  {
    situation: "versions with two digits",
    because: "order is numeric: 1.10.0 is above 1.9.1",
    story: (instance) => instance.deploys("1.9.1").failsToVerify("1.10.0"),
    position: { deployedVersion: "1.9.1", schemaOwner: "1.10.0", highWaterMark: "1.10.0", ...unsettled },
  },
];

describe("the position", () => {
  for (const { situation, because, story, remembered = {}, position, begun, drift } of situations) {
    it(`${situation}: ${because}`, () => {
      const located = locate(story(new Instance()).observed(), {
        highWaterMark: null,
        schemaOwner: null,
        ...remembered,
      });
      const { begun: found, ...rest } = located.position;
      assert.deepEqual(rest, position);
      if (begun !== undefined) assert.deepEqual(found ?? [], begun);
      assert.deepEqual(
        located.drift === null
          ? undefined
          : {
              live: located.drift.live.version,
              revision: located.drift.live.revision,
              verified: located.drift.verified?.version ?? null,
            },
        drift,
      );
    });
  }
});
