import { strict as assert } from "node:assert";
import { BsrRelease, type BsrReleaseArgs } from "../../components/bsr-release";
import { planFromObservation } from "../../components/bsr-release/ledger/plan";
import { inputSchema, type StepInput } from "../../components/migrations/steps/input";
import { requestFor, stateOf } from "./asking";
import { Instance } from "./instance";
import { known } from "./outputs";
import { opened, withWorld, type Registration } from "./registrations";

/** Arguments that every way has. */
export const usual = {
  host: "bsr.example.com",
  values: {
    postgres: { host: "db", port: 5433, database: "bsr", user: "keeper" },
    imagePullSecrets: [{ name: "mirror" }],
  },
};

/** What the component registers for a way from what an instance runs, by name. */
export async function registeredWay(
  from: string,
  args: Partial<BsrReleaseArgs> & { readonly version: string },
  instance = new Instance().deploys(from),
): Promise<Map<string, Registration>> {
  const request = requestFor(from, { database: "db:5433/bsr" });
  const previous = stateOf(planFromObservation(request, undefined, new Instance().observed()));
  const { version } = args;
  const verified = {
    deployedVersion: version,
    schemaOwner: version,
    highWaterMark: version,
    verifiedAt: "2026-01-02T03:04:05.000Z",
  };
  const { registrations } = await withWorld({ observed: instance.observed(), previous, verified });
  const { urn, plan, ready } = new BsrRelease("bsr", { ...usual, ...args });
  await Promise.all([known(urn), known(plan), known(ready)]);
  return new Map(registrations.map((one) => [one.name, one]));
}

/** What a step is told. */
export function stepOf(all: Map<string, Registration>, name: string): StepInput["step"] {
  const one = all.get(name);
  assert.ok(one !== undefined, `${name} is not among ${[...all.keys()].join(", ")}`);
  return inputSchema.parse(JSON.parse(opened(one.inputs["stdin"]).value as string)).step;
}
