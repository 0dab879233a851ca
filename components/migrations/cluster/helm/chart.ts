import { readdirSync } from "node:fs";
import { join } from "node:path";
import { loadYaml } from "../../../kubernetes-client";
import { helm, HelmError, HelmMissingError } from "./helm";
import type { RegistryLogin } from "../registry-login";
import { withPrivateFolder } from "../run/private-folder";

/** Where charts come from. */
export interface ChartSource {
  /** The OCI address, without a version. */
  readonly chart: string;
  readonly login?: RegistryLogin | undefined;
}

/** The time a registry has to deliver a chart; charts are small. */
const pullMilliseconds = 120_000;

/** Why a chart cannot be pulled or used. */
export type ChartTrouble = "missing" | "login-refused" | "unreachable" | "other-digest" | "unknown";

export class ChartError extends Error {
  constructor(
    readonly trouble: ChartTrouble,
    readonly output: string,
  ) {
    super(`the chart cannot be used (${trouble}): ${output}`);
  }
}

/** A chart that was pulled. */
export interface Chart {
  /** Its archive on this machine. */
  readonly file: string;
}

/** The values a chart has by default. */
export type Defaults = Readonly<Record<string, unknown>>;

/**
 * Pulls a release's chart and keeps it while it is used. With a digest, only a chart with exactly that manifest is taken.
 *
 * @throws ChartError when it cannot be pulled
 */
export async function withChart<T>(
  { chart, login }: ChartSource,
  version: string,
  digest: string | null,
  use: (chart: Chart) => Promise<T>,
): Promise<T> {
  return withPrivateFolder(async (folder) =>
    use({ file: await pull({ chart, login }, version, digest, folder) }),
  );
}

/** Reads a chart's default values; it may have none. */
export async function defaultsOf({ file }: Chart): Promise<Defaults> {
  try {
    const text = await helm({}, ["show", "values", file]);
    const defaults: unknown = text.trim() === "" ? {} : loadYaml(text);
    return typeof defaults === "object" && defaults !== null ? (defaults as Defaults) : {};
  } catch (error) {
    if (error instanceof HelmError) throw new ChartError("unknown", error.output);
    if (error instanceof HelmMissingError) throw error;
    throw new ChartError("unknown", "its values.yaml is not YAML");
  }
}

/** Renders a chart with values, as a deploy would, without deploying it. */
export function renderChart(
  { file }: Chart,
  { namespace, release }: { readonly namespace: string; readonly release: string },
  values: unknown,
): Promise<string> {
  return helm({}, ["template", release, file, "--namespace", namespace, "--values", "-"], {
    stdin: JSON.stringify(values),
  });
}

async function pull(
  { chart, login }: ChartSource,
  version: string,
  digest: string | null,
  folder: string,
): Promise<string> {
  try {
    const said = await helm({}, ["pull", chart, "--version", version, "--destination", folder], {
      registry: { chart, login },
      signal: AbortSignal.timeout(pullMilliseconds),
      withStderr: true,
    });
    const found = /^Digest:\s*(\S+)/m.exec(said)?.[1];
    if (digest !== null && found !== digest) throw new ChartError("other-digest", found ?? "none");
  } catch (error) {
    if (error instanceof HelmError) throw new ChartError(troubleOf(error.output), error.output);
    if (error instanceof Error && error.name === "AbortError") {
      throw new ChartError("unreachable", `it did not answer within ${pullMilliseconds / 1000} s`);
    }
    throw error;
  }
  const [file] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  if (file === undefined) throw new ChartError("unknown", "helm pull has written no chart");
  return join(folder, file);
}

/** Helm passes on what the registry said; the wording and the statuses are the distribution API's. */
function troubleOf(output: string): ChartTrouble {
  if (/\b(401|403)\b|unauthori[sz]ed|denied|forbidden|basic credential/i.test(output)) return "login-refused";
  if (/\b404\b|not found|manifest unknown|name unknown|name_unknown/i.test(output)) return "missing";
  if (
    /no such host|connection refused|timeout|timed out|unreachable|EOF|x509|tls:|reset by peer/i.test(output)
  ) {
    return "unreachable";
  }
  return "unknown";
}
