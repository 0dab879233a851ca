import { Readable } from "node:stream";
import {
  ChartError,
  defaultsOf,
  renderChart,
  withChart,
  type Chart,
  type ChartSource,
} from "../cluster/helm/chart";
import { HelmError } from "../cluster/helm/helm";
import type { Problem } from "./problem";
import { unknownValues } from "./unknown-values";

/** One deploy on the path, with the values that its chart will get. */
export interface PlannedDeploy {
  readonly version: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** The part of the values that was given freely, so that a key may be misspelled; `null` if that was reported before. */
  readonly free: Readonly<Record<string, unknown>> | null;
  /** The digest of the manifest that the chart must have, or `null` for any. */
  readonly digest: string | null;
  /** Whether all values are known; otherwise they cannot be rendered yet. */
  readonly known: boolean;
}

export interface ChartFindings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** The number of charts pulled at once: enough to hide a registry's latency, and not a burden on it. */
const atOnce = 4;

/** Troubles that count as one for all charts, whatever helm says about each chart. */
const sameForAll: ReadonlySet<string> = new Set(["missing", "login-refused", "unreachable"]);

type Found = { readonly trouble: string; readonly output: string } | { readonly unknown: string[] };

/**
 * Pulls every chart of the path and renders it with its own values. So what a chart refuses (its schema, its required
 * values) is reported before anything is deployed. A problem that several releases have is reported once for all.
 */
export async function chartFindings(
  source: ChartSource,
  instance: { readonly namespace: string; readonly release: string },
  deploys: readonly PlannedDeploy[],
): Promise<ChartFindings> {
  const found = await Readable.from(deploys)
    .map(async (deploy: PlannedDeploy) => ({ deploy, ...(await examine(source, instance, deploy)) }), {
      concurrency: atOnce,
    })
    .toArray();
  const problems = new Map<string, { of: PlannedDeploy[]; trouble: string; output: string }>();
  const warnings = new Map<string, string[]>();
  for (const { deploy, ...result } of found as ({ deploy: PlannedDeploy } & Found)[]) {
    if ("trouble" in result) {
      const { trouble, output } = result;
      const key = sameForAll.has(trouble) ? trouble : `${trouble} ${output}`;
      const known = problems.get(key) ?? { of: [], trouble, output };
      problems.set(key, { ...known, of: [...known.of, deploy] });
    } else {
      for (const text of result.unknown) warnings.set(text, [...(warnings.get(text) ?? []), deploy.version]);
    }
  }
  return {
    problems: [...problems.values()].map(({ of, trouble, output }) => problem(source, of, trouble, output)),
    warnings: [...warnings].map(
      ([text, versions]) => `value-unknown: ${text} (the chart of ${versions.join(", ")})`,
    ),
  };
}

async function examine(
  source: ChartSource,
  instance: { readonly namespace: string; readonly release: string },
  deploy: PlannedDeploy,
): Promise<Found> {
  try {
    return await withChart(source, deploy.version, deploy.digest, async (chart) => {
      const [unknown, refused] = await Promise.all([
        deploy.free === null ? [] : unknownIn(deploy.free, chart),
        deploy.known ? refusalOf(chart, instance, deploy) : undefined,
      ]);
      return refused === undefined ? { unknown } : { trouble: "values", output: refused };
    });
  } catch (error) {
    if (error instanceof ChartError) return { trouble: error.trouble, output: error.output };
    throw error;
  }
}

async function unknownIn(free: NonNullable<PlannedDeploy["free"]>, chart: Chart): Promise<string[]> {
  return unknownValues(free, await defaultsOf(chart)).map(
    ({ path, nearest }) =>
      `${path} is not among the chart's default values${nearest === undefined ? "" : `; did you mean ${nearest}?`}`,
  );
}

async function refusalOf(
  chart: Chart,
  instance: { readonly namespace: string; readonly release: string },
  { values }: PlannedDeploy,
): Promise<string | undefined> {
  try {
    await renderChart(chart, instance, values);
    return undefined;
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    return withoutHints(error.output);
  }
}

/** Returns the output in one line, without the hint at a flag that the user cannot set here. */
function withoutHints(output: string): string {
  return output
    .split("\n")
    .filter((line) => !line.startsWith("Use --debug flag"))
    .map((line) => line.trim())
    .join(" ")
    .replace(/^Error: /, "")
    .trim();
}

function problem(
  { chart, login }: ChartSource,
  of: readonly PlannedDeploy[],
  trouble: string,
  output: string,
): Problem {
  const versions = of.map(({ version }) => version).join(", ");
  const said = withoutHints(output);
  switch (trouble) {
    case "missing":
      return {
        code: "chart-missing",
        found: `${chart} has no chart ${versions}.`,
        wanted: "The chart of every release on the path.",
        remedy: "Copy it into the mirror, or correct chart; bsr releases --check lists what is there.",
      };
    case "login-refused":
      return {
        code: "registry-login",
        found: `The registry refuses the chart ${chart} (${versions}) with ${login === undefined ? "this machine's login" : "the login in the argument registry"}: ${said}`,
        wanted: "A login that may read the chart.",
        remedy:
          login === undefined
            ? "Run helm registry login, or set registry.password (for Buf's registry the keyfile's content)."
            : "Correct registry.username and registry.password (for Buf's registry the keyfile's content).",
      };
    case "unreachable":
      return {
        code: "registry-unreachable",
        found: `The registry of ${chart} cannot be reached: ${said}`,
        wanted: "A registry that answers where Pulumi runs.",
        remedy: "Correct chart, the network or the proxy, then run again.",
      };
    case "other-digest":
      return {
        code: "chart-digest",
        found: `${chart} ${versions} has the digest ${output}.`,
        wanted: `The digest that releases pins: ${of.map(({ digest }) => digest).join(", ")}.`,
        remedy:
          "Find out who changed the chart. If the change is intended, set chartDigest in releases to it.",
      };
    case "values":
      return {
        code: "values-refused",
        found: `The chart of ${versions} does not take the values it would get: ${said}`,
        wanted: "Values that the chart of every release on the path can be rendered with.",
        remedy:
          "Correct the argument, values or valuesFile; valuesFor gives values to a range of releases only.",
      };
    default:
      return {
        code: "chart-unusable",
        found: `${chart} ${versions} cannot be used: ${said}`,
        wanted: "A Helm chart of every release on the path.",
        remedy: "Pull it by hand (helm pull) and fix what it says, then run again.",
      };
  }
}
