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
      "migrate the database down to 359 with the binary of 1.24.0 (no known release) | 1.23.0 | 359",
    ]);
  });
});
