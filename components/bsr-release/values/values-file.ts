import { readFileSync } from "node:fs";
import type * as kubernetes from "../../kubernetes-client";
import { isMap, type Values } from "./values";

/** Reads a Helm values file as a map, or says why it cannot be used. */
export function readValuesFile(path: string | undefined): { values: Values; problems: readonly string[] } {
  if (path === undefined) return { values: {}, problems: [] };
  const unusable = (why: string) => ({ values: {}, problems: [`valuesFile: ${path} ${why}`] });
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return unusable(missing ? "does not exist; give its path from the project's folder" : "cannot be read");
  }
  // The YAML parser comes with the Kubernetes client, which takes long to load; few programs have such a file.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { loadYaml } = require("../../kubernetes-client") as typeof kubernetes;
  try {
    const values: unknown = loadYaml(text) ?? {};
    return isMap(values) ? { values, problems: [] } : unusable("is not a map of values");
  } catch {
    return unusable("is not valid YAML");
  }
}
