import { parse, parseAllDocuments } from "yaml";
import type { Properties } from "../../wire/values";
import { command, CommandFailed } from "../commands";
import type { Cluster } from "../config";
import type { Release } from "./inputs";
import { withRegistryLogin } from "./registry-login";

/** What helm stores of one revision. */
export interface Revision {
  revision: number;
  status: string;
  lastDeployed: Date;
  chart: string;
  version: string;
  appVersion: string;
  config: Properties;
  manifest: string;
}

export interface Chart {
  name: string;
  version: string;
  appVersion?: string;
}

/** Helm, as far as a Release needs it. */
export class Helm {
  constructor(
    readonly cluster: Cluster,
    private readonly cancelled: AbortSignal,
  ) {}

  /** Loads the chart, from its folder or its registry, and tells what its Chart.yaml says. */
  async chart(release: Release): Promise<Chart> {
    const args = ["show", "chart", ...chartArgs(release)];
    const text = await withRegistryLogin(release, (env) => this.run(args, env));
    return parse(text) as Chart;
  }

  async install(release: Release): Promise<void> {
    const args = ["install", release.name, ...chartArgs(release), ...deployArgs(release)];
    args.push(
      ...flags({
        "--create-namespace": release.createNamespace,
        "--disable-openapi-validation": release.disableOpenapiValidation,
        "--no-hooks": release.disableWebhooks,
        "--replace": release.replace,
        "--skip-crds": release.skipCrds,
      }),
    );
    await this.deploy(args, release);
  }

  async upgrade(release: Release): Promise<void> {
    const args = ["upgrade", release.name, ...chartArgs(release), ...deployArgs(release)];
    args.push(
      // The command line keeps ten revisions where nothing is said; the plugin keeps all.
      ...["--history-max", String(release.maxHistory ?? 0)],
      ...flags({
        "--cleanup-on-fail": release.cleanupOnFail,
        "--force": release.forceUpdate,
        // This is the option that the real plugin reads here, whatever its name says.
        "--no-hooks": release.disableCRDHooks,
        "--recreate-pods": release.recreatePods,
        "--reset-values": release.resetValues,
        "--reuse-values": release.reuseValues,
      }),
    );
    await this.deploy(args, release);
  }

  /** Returns what helm has to say beyond the success. */
  async uninstall(release: Release): Promise<string> {
    const args = ["uninstall", release.name, "--namespace", release.namespace];
    if (release.atomic || !release.skipAwait) args.push("--wait", "--timeout", timeout(release));
    const said = await this.run(args);
    return said.replace(/^release ".*" uninstalled$/m, "").trim();
  }

  /** The newest revision, whatever its status, or the one asked for; nothing where there is none. */
  async revision(name: string, namespace: string, revision = 0): Promise<Revision | undefined> {
    const which = [name, "--namespace", namespace, "--output", "json", "--revision", String(revision)];
    try {
      const [status, metadata] = await Promise.all([
        this.run(["status", ...which]).then((text) => JSON.parse(text) as Status),
        this.run(["get", "metadata", ...which]).then((text) => JSON.parse(text) as Metadata),
      ]);
      return {
        revision: status.version,
        status: status.info.status,
        lastDeployed: new Date(status.info.last_deployed),
        config: status.config ?? {},
        manifest: status.manifest ?? "",
        chart: metadata.chart,
        version: metadata.version,
        appVersion: metadata.appVersion,
      };
    } catch (error) {
      if (error instanceof CommandFailed && error.message.includes("release: not found")) return undefined;
      throw error;
    }
  }

  /** Only a deploy is cut short by a cancel: what it left must still be read after that. */
  private deploy(args: string[], release: Release): Promise<string> {
    const options = { stdin: JSON.stringify(release.values), signal: this.cancelled };
    return withRegistryLogin(release, (env) => command("helm", args, this.cluster, { ...options, env }));
  }

  private run(args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    return command("helm", args, this.cluster, { env });
  }
}

interface Status {
  version: number;
  info: { status: string; last_deployed: string };
  config?: Properties;
  manifest?: string;
}

interface Metadata {
  chart: string;
  version: string;
  appVersion: string;
}

function chartArgs(release: Release): string[] {
  const { repo = "", caFile = "", certFile = "", keyFile = "" } = release.repositoryOpts ?? {};
  const named = release.chart.trim();
  const url = !named.startsWith("oci://") && /^[a-z][a-z0-9+.-]*:\/\/|^\//i.test(repo);
  const chart = !url && repo !== "" && !named.includes("/") ? `${repo}/${named}` : named;
  return [
    chart,
    ...options({
      "--version": release.version.trim(),
      "--repo": url ? repo : "",
      "--ca-file": caFile,
      "--cert-file": certFile,
      "--key-file": keyFile,
      "--keyring": release.verify ? release.keyring : "",
    }),
    ...flags({ "--devel": release.devel && release.version === "", "--verify": release.verify }),
  ];
}

function deployArgs(release: Release): string[] {
  return [
    ...["--namespace", release.namespace, "--values", "-", "--timeout", timeout(release), "--output", "json"],
    ...options({ "--description": release.description, "--post-renderer": release.postrender }),
    ...flags({
      "--atomic": release.atomic,
      "--dependency-update": release.dependencyUpdate,
      "--render-subchart-notes": release.renderSubchartNotes,
      "--take-ownership": release.takeOwnership,
      "--wait": !release.skipAwait,
      "--wait-for-jobs": !release.skipAwait && release.waitForJobs,
    }),
  ];
}

const timeout = (release: Release): string => `${release.timeout === 0 ? 300 : release.timeout}s`;

const flags = (given: Record<string, boolean>): string[] => Object.keys(given).filter((flag) => given[flag]);

const options = (given: Record<string, string>): string[] =>
  Object.entries(given).flatMap(([option, value]) => (value === "" ? [] : [option, value]));

/** The names of a manifest's objects, grouped as the real plugin groups them. */
export function resourceNames(manifest: string): Record<string, string[]> {
  const groups = new Map<string, Set<string>>();
  for (const document of parseAllDocuments(manifest)) {
    const object = document.toJS() as { apiVersion?: string; kind?: string; metadata?: Meta } | null;
    if (!object?.apiVersion || !object.kind) continue;
    const [group, version] = object.apiVersion.split("/");
    const kind = version === undefined ? object.kind : `${object.kind}.${group}`;
    const key = `${kind}/${object.apiVersion}`;
    const { name = "", namespace } = object.metadata ?? {};
    const names = groups.get(key) ?? new Set();
    groups.set(key, names.add(namespace ? `${namespace}/${name}` : name));
  }
  return Object.fromEntries([...groups].map(([key, names]) => [key, [...names].sort()]));
}

interface Meta {
  name?: string;
  namespace?: string;
}
