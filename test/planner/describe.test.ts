import assert from "node:assert/strict";
import { builtInFacts } from "../../components/migrations/facts";
import { describeSteps } from "../../components/migrations/planner";
import { ask, planned, positionOf, type Question } from "./asking";

function lines(question: Question): string[] {
  const facts = question.facts ?? builtInFacts;
  return describeSteps(facts, positionOf(question), planned(ask(question))).map(
    ({ action, version, schemaVersion }) =>
      `${action} | ${version ?? "none"} | ${schemaVersion ?? "unknown"}`,
  );
}

describe("steps in words", () => {
  it("say the version and the schema version after each of them", () => {
    assert.deepEqual(lines({ from: "1.6.0", to: "1.8.3" }), [
      "take a snapshot of the database | 1.6.0 | 255",
      "deploy 1.7.0 | 1.7.0 | 266",
      "wait until the data migration of 1.7.0 has completed | 1.7.0 | 266",
      "deploy 1.8.3 | 1.8.3 | 281",
    ]);
  });

  it("keep the schema version of the owner until it is migrated down", () => {
    assert.deepEqual(lines({ from: "1.9.0", to: "1.8.3", owner: "1.9.1" }), [
      "take a snapshot of the database | 1.9.0 | 286",
      "deploy 1.8.3 | 1.8.3 | 286",
      "migrate the database down to 281 with the binary of 1.9.1 | 1.8.3 | 281",
    ]);
  });

  it("begin anew at the schema version of a snapshot that is restored", () => {
    const restored =
      "restore the snapshot of 1.9.0 (schema version 286) beside the present database and switch over to it | none | 286";
    const restore = { version: "1.9.0", schemaVersion: 286, owner: "1.9.1" };
    assert.deepEqual(lines({ from: "1.12.1", to: "1.9.0", restore }), [
      restored,
      "deploy 1.9.0 | 1.9.0 | 286",
    ]);
    assert.deepEqual(lines({ from: "1.12.1", to: "1.8.3", restore }), [
      restored,
      "deploy 1.8.3 | 1.8.3 | 286",
      "migrate the database down to 281 with the binary of 1.9.1 | 1.8.3 | 281",
    ]);
    const below = { version: "1.8.0", schemaVersion: 286, owner: "1.9.1" };
    assert.deepEqual(lines({ from: "1.12.1", to: "1.9.0", restore: below }).slice(1), [
      "deploy 1.9.0 | 1.9.0 | 286",
    ]);
    const old = { version: "1.8.0", schemaVersion: 279 };
    assert.deepEqual(lines({ from: "1.12.1", to: "1.8.3", restore: old }).slice(1), [
      "deploy 1.8.3 | 1.8.3 | 281",
    ]);
  });

  it("say where maintenance is on", () => {
    assert.deepEqual(lines({ from: "1.8.0", to: "1.11.0", strategy: "maintenance", downtime: true }), [
      "deploy 1.8.0 with maintenance on | 1.8.0 | 279",
      "take a snapshot of the database | 1.8.0 | 279",
      "deploy 1.11.0 | 1.11.0 | 298",
    ]);
  });

  it("say what nobody knows", () => {
    assert.deepEqual(lines({ from: null, to: "1.0.0" }), ["deploy 1.0.0 | 1.0.0 | unknown"]);
    assert.deepEqual(lines({ from: "1.23.0", to: "1.23.0", owner: "1.24.0" }).slice(-2), [
      "deploy 1.23.0 | 1.23.0 | unknown",
      "migrate the database down to 359 with the binary of 1.24.0 (not a known release) | 1.23.0 | 359",
    ]);
  });
});
