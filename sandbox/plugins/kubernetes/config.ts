import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigDiff } from "../wire/plugin";
import { isUnknown, sameValue, type Properties } from "../wire/values";
import { kubeconfigPath, namespaceOf, readKubeconfig, sameCluster } from "./kubeconfig";

/** How the helm and kubectl commands reach the provider's cluster. */
export interface Cluster {
  /** Why there is none. */
  unreachable?: string;
  kubeconfig?: string;
  context?: string;
  namespace: string;
}

/** What a provider's arguments mean. A kubeconfig given as text goes into a file that only this user can read. */
export function configure(variables: ReadonlyMap<string, string>): Cluster {
  const given = (key: string) => variables.get(`kubernetes:config:${key}`) || undefined;
  const kubeconfig = given("kubeconfig");
  const context = given("context");
  const reach = { ...(context && { context }) };
  try {
    const config = readKubeconfig(kubeconfig ?? process.env.KUBECONFIG?.split(":")[0]);
    const namespace = given("namespace") ?? namespaceOf(config, reach) ?? "default";
    return {
      ...reach,
      namespace,
      ...(kubeconfig && { kubeconfig: kubeconfigPath(kubeconfig) ?? keep(kubeconfig) }),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const unreachable = `failed to parse kubeconfig data in \`kubernetes:config:kubeconfig\`- ${reason}`;
    return { ...reach, unreachable, namespace: given("namespace") ?? "default" };
  }
}

/** What the arguments of the real plugin are when they are not given, as far as they do something. */
const usual: Readonly<Record<string, string>> = { enableServerSideApply: "true" };

/** Those that are honoured, and those that do nothing to what the stand-in has. */
const supported: ReadonlySet<string> = new Set([
  "clusterIdentifier",
  "context",
  "enableConfigMapMutable",
  "enableSecretMutable",
  "kubeconfig",
  "namespace",
  "suppressDeprecationWarnings",
  "suppressHelmHookWarnings",
]);

/** An argument that would do nothing here, and something in the real plugin, must not go unnoticed. */
export function refuseUnsupported(variables: ReadonlyMap<string, string>): void {
  const found = [...variables].flatMap(([key, value]) => {
    const name = key.replace(/^kubernetes:config:/, "");
    return supported.has(name) || value === "" || value === (usual[name] ?? "false") ? [] : [name];
  });
  if (found.length > 0) {
    const only = [...supported].join(", ");
    throw new Error(
      `The stand-in for the Kubernetes plugin has no argument ${found.join(", ")}; it has ${only}.`,
    );
  }
}

/** Whether Secrets may change in place: by the argument or, where it is not given, by the environment. */
export function secretsAreMutable(variables: ReadonlyMap<string, string>): boolean {
  const given = variables.get("kubernetes:config:enableSecretMutable");
  return (given ?? process.env.PULUMI_K8S_ENABLE_SECRET_MUTABLE) === "true";
}

function keep(kubeconfig: string): string {
  const folder = mkdtempSync(join(tmpdir(), "bsr-kubeconfig-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "config");
  writeFileSync(file, kubeconfig, { mode: 0o600 });
  return file;
}

/**
 * A provider is replaced, and with it all its resources, when its cluster may be another one. `clusterIdentifier`
 * says which cluster it is; without it the kubeconfig must do, and one that is not known yet counts as changed.
 */
export function diffConfig(olds: Properties, news: Properties): ConfigDiff {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])]
    .filter((key) => !sameValue(olds[key] ?? null, news[key] ?? null))
    .sort();
  if (keys.length === 0) return { changed: false, keys: [], replaces: [] };
  const [before, after] = [olds.clusterIdentifier ?? null, news.clusterIdentifier ?? null];
  if (after !== null && sameValue(before, after)) return { changed: true, keys, replaces: [] };

  const replaces =
    before !== null && after !== null && !sameValue(before, after) ? ["clusterIdentifier"] : [];
  const reach = ["kubeconfig", "context"];
  const notKnown = reach.find((key) => isUnknown(news[key]));
  if (notKnown !== undefined) return { changed: true, keys: [notKnown], replaces: [...replaces, notKnown] };
  if (!sameCluster(olds, news)) replaces.push(...reach.filter((key) => keys.includes(key)));
  return { changed: true, keys, replaces };
}
