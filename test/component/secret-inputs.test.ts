import { strict as assert } from "node:assert";
import { z } from "zod";
import { argsSchema, shapeOf, type BsrReleaseArgs } from "../../components/bsr-release/args";
import { inputs, unwrapped } from "../../components/bsr-release/args/parts";
import { problemsOf } from "../../components/bsr-release/check-arguments";
import {
  allGiven,
  ofInstance,
  withExisting,
  type SecretArguments,
} from "../sandbox/end-to-end/secret-inputs";

/** The dotted paths of every argument that is secret by its nature. */
function secretPaths(schema: z.core.$ZodType, at = ""): string[] {
  const bare = unwrapped(schema);
  if (inputs.get(bare)?.secret === true) return [at];
  if (!(bare instanceof z.ZodObject)) return [];
  return Object.entries(shapeOf(bare)).flatMap(([key, inner]) =>
    secretPaths(inner, at === "" ? key : `${at}.${key}`),
  );
}

/** The arguments with their secrets where these belong. */
function withSecrets({ configuration, secrets }: SecretArguments): BsrReleaseArgs {
  const args: unknown = structuredClone({
    version: "1.11.0",
    host: "bsr.example.com",
    values: { extra: {} },
    ...configuration,
  });
  for (const [path, value] of Object.entries(secrets)) {
    const keys = path.split(/[.[\]]+/);
    const last = keys.pop() ?? "";
    const block = keys.reduce((inner, key) => {
      const within = inner as Record<string, unknown>;
      return (within[key] ??= {});
    }, args) as Record<string, unknown>;
    block[last] = value;
  }
  return args as BsrReleaseArgs;
}

describe("the stacks that are searched for what leaks", () => {
  it("have between them every argument that is secret", () => {
    const given = [allGiven(), withExisting("pw")].flatMap(({ secrets }) => Object.keys(secrets));
    const free = given.filter((path) => path.startsWith("values"));
    assert.deepEqual(free, ["values.extra.token", "valuesFor[0].values.extra.later"]);
    assert.deepEqual(
      [...ofInstance, ...given.filter((path) => !free.includes(path))].sort(),
      secretPaths(argsSchema).sort(),
    );
  });

  for (const [name, args] of [
    ["with all secrets given", allGiven()],
    ["with existing Secrets", withExisting("pw")],
  ] as const) {
    it(`have arguments that can be used: ${name}`, () => {
      assert.deepEqual(problemsOf(withSecrets(args)), []);
    });
  }
});
