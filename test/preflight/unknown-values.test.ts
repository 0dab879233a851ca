import { strict as assert } from "node:assert";
import { unknownValues } from "../../components/migrations/preflight/unknown-values";

describe("values that a chart does not know", () => {
  const defaults = {
    host: "",
    bufd: { deployment: { replicas: 2, podLabels: {} }, resources: {} },
    storage: {},
    frontend: null,
  };
  const rows: [Record<string, unknown>, [string, string | undefined][], string][] = [
    [{ host: "h", bufd: { deployment: { replicas: 3 } } }, [], "known ones are none"],
    [{ hots: "h" }, [["hots", "host"]], "a misspelled one, with the one that is meant"],
    [{ bufd: { deploymnt: {} } }, [["bufd.deploymnt", "deployment"]], "at every depth"],
    [{ colour: "blue" }, [["colour", undefined]], "one that resembles nothing"],
    [
      { bufd: { deployment: { podLabels: { any: "x" } } } },
      [],
      "a map that is empty by default takes anything",
    ],
    [{ storage: { s3: {} }, frontend: { x: 1 } }, [], "so does what has no default to compare with"],
    [{ global: { x: 1 } }, [], "global is Helm's own"],
  ];
  for (const [given, found, because] of rows) {
    it(`${JSON.stringify(given)}: ${because}`, () => {
      assert.deepEqual(
        unknownValues(given, defaults).map(({ path, nearest }) => [path, nearest]),
        found,
      );
    });
  }
});
