import { strict as assert } from "node:assert";
import { Instance } from "./instance";
import type { Registration } from "./registrations";
import { registeredWay, stepOf, usual } from "./way";

const commands = (all: Map<string, Registration>) =>
  [...all.values()].filter(({ type }) => type === "command:local:Command").map(({ name }) => name);

describe("the component that goes down a minor, from 1.9.0 on a database of 1.9.1", () => {
  let all: Map<string, Registration>;
  before(async () => {
    const instance = new Instance().deploys("1.9.1").deploys("1.9.0");
    all = await registeredWay("1.9.0", { version: "1.8.3", snapshot: { pgDump: {} } }, instance);
  });

  it("migrates down after the Release, and verifies last", () => {
    assert.deepEqual(commands(all), [
      "bsr-3-0-preflight",
      "bsr-3-1-snapshot-1.9.0",
      "bsr-3-2-begin-1.8.3",
      "bsr-3-3-migrate-down-281",
      "bsr-3-3-verify-1.8.3",
    ]);
    assert.ok(all.get("bsr-3-3-migrate-down-281")?.dependsOn.includes("bsr-release"));
    assert.ok(all.get("bsr-3-3-verify-1.8.3")?.dependsOn.includes("bsr-3-3-migrate-down-281"));
  });

  it("tells the gate to rehearse with the owner's binary, not that of the version deployed", () => {
    const step = stepOf(all, "bsr-3-2-begin-1.8.3");
    assert.ok(step.kind === "gate");
    const { values, ...down } = step.down ?? {};
    assert.deepEqual(down, {
      binary: "1.9.1",
      schemaVersion: 281,
      ownSchemaVersion: 286,
      digest: null,
      choice: {
        workload: null,
        container: "bufd",
        command: null,
        initContainers: [],
        sidecars: [],
        timeoutSeconds: 3600,
      },
    });
    assert.deepEqual(values, { ...usual.values, host: "bsr.example.com", maintenance: false });
  });

  it("expects the owner's migrations until they are taken back, and its own afterwards", () => {
    const keeps = (name: string) => {
      const step = stepOf(all, name);
      assert.ok(step.kind === "gate" || step.kind === "verify" || step.kind === "migrateDown");
      return step.keepsSchema;
    };
    assert.equal(keeps("bsr-3-2-begin-1.8.3"), true);
    assert.equal(keeps("bsr-3-3-migrate-down-281"), false);
    assert.equal(keeps("bsr-3-3-verify-1.8.3"), false);
  });

  it("expects no schema version of a snapshot that is taken on another release's database", () => {
    const step = stepOf(all, "bsr-3-1-snapshot-1.9.0");
    assert.ok(step.kind === "snapshot");
    assert.equal(step.schemaVersion, null);
  });

  it("has the preflight ask for the rights of Jobs", () => {
    const step = stepOf(all, "bsr-3-0-preflight");
    assert.ok(step.kind === "preflight" && step.migratesDown);
  });
});

describe("the component that goes down two minors, which is acknowledged", () => {
  it("hands the database from release to release", async () => {
    const all = await registeredWay("1.6.0", { version: "1.4.1", acknowledgeDataLoss: "1.6.0->1.4.1" });
    assert.deepEqual(commands(all).slice(1), [
      "bsr-2-1-deploy-1.5.1",
      "bsr-2-2-migrate-down-247",
      "bsr-2-3-begin-1.4.1",
      "bsr-2-4-migrate-down-246",
      "bsr-2-4-verify-1.4.1",
    ]);
    const told = (name: string) => {
      const step = stepOf(all, name);
      if (step.kind === "migrateDown") return [step.version, step.down.binary, step.isHop];
      assert.ok(step.kind === "deploy" || step.kind === "gate");
      return [step.down?.binary, step.keepsSchema];
    };
    assert.deepEqual(told("bsr-2-1-deploy-1.5.1"), ["1.6.0", true]);
    assert.deepEqual(told("bsr-2-2-migrate-down-247"), ["1.5.1", "1.6.0", true]);
    assert.deepEqual(told("bsr-2-3-begin-1.4.1"), ["1.5.1", true]);
    assert.deepEqual(told("bsr-2-4-migrate-down-246"), ["1.4.1", "1.5.1", false]);
  });
});
