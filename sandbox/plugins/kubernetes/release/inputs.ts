import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import {
  containsSecret,
  isAsset,
  isObject,
  isSecret,
  isUnknown,
  plain,
  secret,
  unknown,
  type Properties,
  type Value,
} from "../../wire/values";

/** A release as the real plugin stores it: every option with its empty value where it was not given. */
export type Release = typeof empty & {
  values: Properties;
  maxHistory?: number;
  repositoryOpts?: typeof emptyRepository;
  resourceNames?: Record<string, string[]>;
  status?: ReleaseStatus;
};

export interface ReleaseStatus {
  appVersion: string;
  chart: string;
  name: string;
  namespace: string;
  revision: number;
  status: string;
  version: string;
}

const empty = {
  allowNullValues: false,
  atomic: false,
  chart: "",
  cleanupOnFail: false,
  createNamespace: false,
  dependencyUpdate: false,
  description: "",
  devel: false,
  disableCRDHooks: false,
  disableOpenapiValidation: false,
  disableWebhooks: false,
  forceUpdate: false,
  keyring: "",
  lint: false,
  name: "",
  namespace: "",
  postrender: "",
  recreatePods: false,
  renderSubchartNotes: false,
  replace: false,
  resetValues: false,
  reuseValues: false,
  skipAwait: false,
  skipCrds: false,
  takeOwnership: false,
  timeout: 0,
  verify: false,
  version: "",
  waitForJobs: false,
};

const emptyRepository = { repo: "", caFile: "", certFile: "", keyFile: "", password: "", username: "" };

/** The release that properties describe; what is not known yet counts as not given. */
export function decode(properties: Properties): Release {
  const given = plain(properties);
  const release: Release = {
    ...only(empty, given),
    values: merged(files(given.valueYamlFiles), given.values),
  };
  if (typeof given.maxHistory === "number") release.maxHistory = given.maxHistory;
  if (isObject(given.repositoryOpts)) release.repositoryOpts = only(emptyRepository, given.repositoryOpts);
  if (isObject(given.resourceNames)) release.resourceNames = given.resourceNames as Record<string, string[]>;
  if (isObject(given.status)) release.status = given.status as Properties & ReleaseStatus;
  return release;
}

function only<Shape extends Properties>(shape: Shape, given: Properties): Shape {
  const entries = Object.entries(shape).map(([key, none]) => {
    const value = given[key] ?? none;
    if (typeof value !== typeof none) {
      throw new Error(`decoding failure: '${key}' expected type '${typeof none}', got '${typeof value}'`);
    }
    return [key, value];
  });
  return Object.fromEntries(entries) as Shape;
}

function files(given: Value | undefined): Properties {
  if (!Array.isArray(given)) return {};
  return given.reduce<Properties>((values, file) => merged(values, parse(contents(file)) as Value), {});
}

function contents(file: Value): string {
  if (isAsset(file) && typeof file.text === "string") return file.text;
  if (isAsset(file) && typeof file.path === "string") return readFileSync(file.path, "utf8");
  throw new Error(
    "unsupported type for 'valueYamlFiles' arg: the stand-in reads file and string assets only",
  );
}

/** Helm's merge of values: maps are merged, all else is replaced. */
export function merged(base: Properties, over: Value | undefined): Properties {
  const result = { ...base };
  for (const [key, value] of Object.entries(isObject(over) ? over : {})) {
    const old = result[key];
    result[key] = isObject(old) && isObject(value) ? merged(old, value) : value;
  }
  return result;
}

/** Without a name it keeps its old one, or gets a random one. */
export function withDefaults(
  news: Properties,
  olds: Properties,
  name: string,
  namespace: string,
): Properties {
  const inputs = { ...news };
  if (inputs.name === undefined && olds.name !== undefined) inputs.name = olds.name;
  if (inputs.name === undefined || inputs.name === "")
    inputs.name = `${name}-${randomBytes(4).toString("hex")}`;
  if (inputs.namespace === undefined || inputs.namespace === "") inputs.namespace = namespace;
  if ((inputs.skipAwait === undefined || inputs.skipAwait === false) && inputs.timeout === undefined) {
    inputs.timeout = 300;
  }
  return inputs;
}

/** Writes a release as properties again; what was secret or unknown in the inputs is so here too. */
export function encode(release: Release, inputs: Properties): Properties {
  return annotated(structuredClone(release) as unknown as Properties, inputs);
}

/** What is stored: the release, and the inputs it was made from, all secret. */
export function checkpoint(release: Release, inputs: Properties, preview: boolean): Properties {
  const outputs = { ...encode(release, inputs), __inputs: secret(inputs) };
  return preview ? { ...outputs, resourceNames: unknown, status: unknown } : outputs;
}

export function storedInputs(state: Properties): Properties | undefined {
  const stored = state.__inputs;
  const inputs = isSecret(stored) ? stored.value : stored;
  return isObject(inputs) ? inputs : undefined;
}

function annotated(outputs: Properties, inputs: Properties): Properties {
  const result = { ...outputs };
  for (const [key, input] of Object.entries(inputs)) {
    const output = result[key];
    if (output !== undefined) result[key] = annotatedValue(output, input);
  }
  return result;
}

function annotatedValue(output: Value, input: Value): Value {
  if (isObject(output) && isObject(input)) return annotated(output, input);
  const value = withUnknowns(output, input);
  // A secret anywhere in a list makes the whole list secret: its order may not be kept.
  return containsSecret(input) ? secret(value) : value;
}

function withUnknowns(output: Value, input: Value): Value {
  if (isSecret(input)) return withUnknowns(output, input.value);
  if (isUnknown(input)) return unknown;
  if (isObject(output) && isObject(input)) {
    const entries = Object.entries(output).map(([key, value]) => {
      const from = input[key];
      return [key, from === undefined ? value : withUnknowns(value, from)];
    });
    return Object.fromEntries(entries) as Properties;
  }
  if (Array.isArray(output) && Array.isArray(input)) {
    return output.map((value, i) => withUnknowns(value, input[i] ?? value));
  }
  return output;
}
