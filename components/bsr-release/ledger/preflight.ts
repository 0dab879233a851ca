import { isDeepStrictEqual } from "node:util";
import type { KubeConfig } from "../../kubernetes-client";
import { z } from "zod";
import type { Facts } from "../../migrations/facts";
import { deployed } from "../../migrations/planner";
import {
  preflight,
  secretProblems,
  takenSecrets,
  type PlannedDeploy,
  type Problem,
} from "../../migrations/preflight";
import { argsSchema, plainOf, shapeOf } from "../args";
import { failed, reasonsOf, refused, type CheckResult } from "./plan";
import type { LedgerRequest } from "./request";
import type { LedgerState } from "./state";
import type { Observation } from "../observation/position";
import { isKnown, valuesFor } from "../values/requested-values";
import { isMap, type Values } from "../values/values";

/**
 * Checks everything that the ledger's plan needs, and returns its result: helm, permissions, Secrets, and every chart
 * with its values. If the plan is refused, its target alone is checked, so that one run shows everything that is wrong.
 * If there is nothing to deploy, only Secrets are checked, so that an empty preview stays fast.
 */
export async function afterPreflight(
  result: CheckResult,
  request: LedgerRequest,
  previous: LedgerState | undefined,
  facts: Facts,
  { cluster, observed }: { readonly cluster: KubeConfig | null; readonly observed: Observation | null },
): Promise<CheckResult> {
  const versions = deployedVersions(result, request, previous, observed);
  const { namespace, releaseName, observe } = request;
  if (versions.length === 0) {
    // Only Secrets may change, and that needs no deploy.
    const of = cluster === null ? [] : await secretsOnly(cluster, namespace, observe);
    return of.length === 0 ? result : failed(...reasonsOf(result), ...reasonsOf(refused(of)));
  }
  const { problems, warnings } = await preflight({
    cluster,
    namespace,
    release: releaseName,
    source: { chart: observe.chart, login: isKnown(observe.login) ? observe.login : undefined },
    deploys: versions.map((version) => plannedDeploy(request, facts, version)),
    secrets: observe.neededSecrets,
    made: observe.madeSecrets,
    work: [
      ...(observe.usesJobs ? (["snapshots"] as const) : []),
      ...(result.inputs?.plan.steps.some(({ kind }) => kind === "migrateDown") === true
        ? (["migrateDown"] as const)
        : []),
    ],
  });
  if (problems.length > 0) {
    return failed(...reasonsOf(result), ...reasonsOf(refused(problems)));
  }
  if (result.inputs === undefined) return result;
  const { plan } = result.inputs;
  const told = [...plan.warnings.filter((text) => !text.startsWith("value-unknown: ")), ...warnings];
  return { inputs: { ...result.inputs, plan: { ...plan, warnings: told } } };
}

async function secretsOnly(
  cluster: KubeConfig,
  namespace: string,
  { neededSecrets, madeSecrets }: LedgerRequest["observe"],
): Promise<Problem[]> {
  const [missing, taken] = await Promise.all([
    secretProblems(cluster, namespace, neededSecrets),
    takenSecrets(cluster, namespace, madeSecrets),
  ]);
  return [...missing, ...taken];
}

function deployedVersions(
  { inputs }: CheckResult,
  { target, observe }: LedgerRequest,
  previous: LedgerState | undefined,
  observed: Observation | null,
): string[] {
  if (inputs === undefined) return /^\d+\.\d+\.\d+$/.test(target) ? [target] : [];
  const isNew = inputs.plan.transition !== previous?.plan.transition;
  const deploys = deployed([...inputs.plan.steps, ...(inputs.plan.later ?? [])]);
  if (isNew && deploys.length > 0) return [...new Set(deploys)];
  // Only values may have changed: the Release deploys them, with no step before it.
  const live = observed?.live;
  const asJson = (values: unknown): unknown => JSON.parse(JSON.stringify(values));
  const isChanged =
    live !== undefined && !isDeepStrictEqual(asJson(live.values), asJson(valuesFor(observe.layers, target)));
  return isChanged ? [target] : [];
}

function plannedDeploy({ observe }: LedgerRequest, facts: Facts, version: string): PlannedDeploy {
  const values = valuesFor(observe.layers, version);
  const free = observe.layers.filter(({ origin }) => /^values/.test(origin));
  return {
    version,
    values,
    free: undocumented(valuesFor(free, version), argsSchema),
    digest: facts.releases.find((release) => release.version === version)?.chartDigest ?? null,
    known: observe.layers.every((layer) => isKnown(layer.values)),
  };
}

/** Removes the documented values: those are right, whatever defaults a chart has. */
function undocumented(values: Values, schema: z.core.$ZodType): Values {
  const block = plainOf(schema);
  const known = block instanceof z.ZodObject ? shapeOf(block) : {};
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      const inner = known[key];
      if (inner === undefined) return [[key, value]];
      const left = isMap(value) && plainOf(inner) instanceof z.ZodObject ? undocumented(value, inner) : {};
      return Object.keys(left).length === 0 ? [] : [[key, left]];
    }),
  );
}
