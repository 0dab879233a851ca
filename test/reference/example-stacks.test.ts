import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { askedBy } from "../../cli/review/asked";

const project = join(__dirname, "..", "..");

/** What `pulumi config --json` says of a stack's file: text as it stands, all else as JSON. */
function configurationOf(text: string) {
  const { config } = parse(text) as { config: Record<string, unknown> };
  const values = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { project: "bsr", values: Object.fromEntries(values) as Record<string, string>, secrets: [] };
}

describe("the stacks of this repository", () => {
  const stacks = readdirSync(join(project, "stacks")).flatMap(
    (name) => /^Pulumi\.(dev|staging|prod)\.yaml$/.exec(name)?.[1] ?? [],
  );
  const asked = (stack: string) =>
    askedBy(
      configurationOf(readFileSync(join(project, "stacks", `Pulumi.${stack}.yaml`), "utf8")),
      undefined,
      undefined,
    );

  it("pass the example's policy pack, as far as their files say", async () => {
    const pack = readFileSync(join(project, "examples", "policy-pack", "index.ts"), "utf8");
    const production = new RegExp(/default: "(.+)"/.exec(pack)?.[1] ?? assert.fail("no default"));
    const judged = stacks.filter((stack) => production.test(stack));
    assert.deepEqual(judged, ["prod"]);
    for (const stack of judged) {
      const { policy } = await asked(stack);
      assert.equal(policy.snapshots, true, `${stack} has no snapshot method`);
      assert.equal(policy.acknowledgeDataLoss, undefined, `${stack} accepts a loss of data`);
    }
  });

  it("can be installed one after the other: each asks for what the one that it is promoted from runs", async () => {
    const promoted = new Map<string, string>();
    for (const stack of stacks) {
      const { target, promotion } = await asked(stack);
      if (promotion === undefined) continue;
      promoted.set(stack, promotion.from);
      assert.equal(target, (await asked(promotion.from)).target, `${promotion.from} to ${stack}`);
    }
    assert.deepEqual(Object.fromEntries(promoted), { staging: "dev", prod: "staging" });
  });
});
