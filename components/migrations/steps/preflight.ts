import { CoreV1Api } from "@kubernetes/client-node";
import { coerce, satisfies } from "semver";
import { ifFound, reasonOf } from "../cluster/connection";
import { helm, HelmError } from "../cluster/helm";
import { missingPermissions } from "../cluster/permissions";
import { updateRecord } from "../cluster/record";
import type { Context } from "./context";
import { StepFailure } from "./failure";
import type { PreflightStep } from "./input";

/** Helm 4 has other flags and another apply method; it is refused until a walk with it is tested. */
const helmVersions = ">=3.14.0 <4";

/**
 * Checks everything that can be checked before anything is deployed, and reports all problems at once:
 * helm, permissions, and that every chart on the way can be pulled and renders with its values.
 */
export async function preflight(context: Context, step: PreflightStep): Promise<void> {
  const problems = [...(await helmProblems(context)), ...(await permissionProblems(context))];
  if (problems.length === 0) {
    await ensureNamespace(context);
    // An empty record tells a database that was never used from one whose record was lost.
    await updateRecord(context.cluster, context.record, (record) => record);
    for (const { version, values } of step.deploys) {
      problems.push(...(await chartProblems(context, version, values)));
    }
  }
  if (problems.length > 0) {
    throw new StepFailure(
      ["the way cannot be walked:", ...problems.map((problem) => `- ${problem}`)].join("\n    "),
      "nothing was deployed",
      "mend what is listed, then run pulumi up again",
    );
  }
  context.progress.say(`charts ${step.deploys.map(({ version }) => version).join(", ")} can be deployed`);
}

async function helmProblems({ connection }: Context): Promise<string[]> {
  try {
    const version = (await helm(connection, ["version", "--template", "{{.Version}}"])).trim();
    const found = coerce(version);
    return found !== null && satisfies(found, helmVersions)
      ? []
      : [`found helm ${version} on PATH, wanted ${helmVersions}`];
  } catch (error) {
    return [reasonOf(error)];
  }
}

async function permissionProblems({ cluster, setting }: Context): Promise<string[]> {
  const missing = await missingPermissions(cluster, setting.namespace);
  return missing.length === 0
    ? []
    : [`the cluster denies in namespace ${setting.namespace}: ${missing.join(", ")}`];
}

async function chartProblems(
  { connection, setting }: Context,
  version: string,
  values: Record<string, unknown>,
): Promise<string[]> {
  try {
    await helm(
      connection,
      [
        ...["template", setting.release, setting.chart, "--version", version],
        ...["--namespace", setting.namespace, "--values", "-"],
      ],
      { stdin: JSON.stringify(values) },
    );
    return [];
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    return [`chart ${setting.chart} ${version}: ${error.output}`];
  }
}

/** Made apart from the Release, so that nothing of ours ever deletes it: the record lives in it. */
async function ensureNamespace({ cluster, setting }: Context): Promise<void> {
  const core = cluster.makeApiClient(CoreV1Api);
  const name = setting.namespace;
  if ((await ifFound(core.readNamespace({ name }))) !== undefined) return;
  await core.createNamespace({ body: { metadata: { name } } });
}
