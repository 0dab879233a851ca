import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject, sameValue, type Properties, type Value } from "../wire/values";

/** A provider's `kubeconfig` is either a path or the text itself. */
export function kubeconfigPath(given: string): string | undefined {
  const path = given === "~" || given.startsWith("~/") ? join(homedir(), given.slice(1)) : given;
  // A text is too long or has characters that no path has; then it is no file.
  return existsSync(path) ? path : undefined;
}

/** Reads a kubeconfig. What is wrong with one is never quoted: it is full of credentials. */
export function readKubeconfig(given: Value | undefined): Properties {
  if (given === undefined || given === null || given === "") return {};
  if (isObject(given)) return given;
  if (typeof given !== "string")
    throw new Error("failed to parse kubeconfig: it is neither text nor an object");
  const path = kubeconfigPath(given);
  let read: Value;
  try {
    read = parse(path === undefined ? given : readFileSync(path, "utf8")) as Value;
  } catch {
    throw new Error(`failed to parse kubeconfig${path === undefined ? "" : ` ${path}`}: it is no valid YAML`);
  }
  if (!isObject(read)) throw new Error("failed to parse kubeconfig: it is neither a path nor a kubeconfig");
  return read;
}

interface Overrides {
  context?: Value;
}

export function namespaceOf(config: Properties, overrides: Overrides): string | undefined {
  const namespace = activeContext(config, overrides)?.namespace;
  return typeof namespace === "string" && namespace !== "" ? namespace : undefined;
}

/** Whether two configurations talk to the same cluster, as far as a kubeconfig can tell; unknown counts as yes. */
export function sameCluster(old: Properties & Overrides, now: Properties & Overrides): boolean {
  const before = activeCluster(readKubeconfig(old.kubeconfig), old);
  const after = activeCluster(readKubeconfig(now.kubeconfig), now);
  return before === undefined || after === undefined || sameValue(before, after);
}

function activeCluster(config: Properties, overrides: Overrides): Properties | undefined {
  const cluster = named(config.clusters, activeContext(config, overrides)?.cluster, "cluster");
  // What is absent and what is empty say the same.
  return cluster && Object.fromEntries(Object.entries(cluster).filter(([, value]) => Boolean(value)));
}

function activeContext(config: Properties, overrides: Overrides): Properties | undefined {
  return named(config.contexts, overrides.context ?? config["current-context"], "context");
}

function named(list: Value | undefined, name: Value | undefined, key: string): Properties | undefined {
  if (!Array.isArray(list)) return undefined;
  const entry = list.find((candidate) => isObject(candidate) && candidate.name === name);
  const found = isObject(entry) ? entry[key] : undefined;
  return isObject(found) ? found : undefined;
}
