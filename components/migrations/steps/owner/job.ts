import type {
  V1ConfigMap,
  V1Container,
  V1Job,
  V1PodSpec,
  V1Secret,
  V1ServiceAccount,
} from "../../../kubernetes-client";
import type { BufdChoice } from "../input";
import { OwnerError, type Owner } from "./owner";

/** A condition that nobody ever sets: a pod that waits for it gets no traffic of any Service. */
const neverReady = "pulumi-bsr/never-serves";

/** The lineage that a Job works for. */
export const lineageLabel = "pulumi-bsr/lineage";

const managedBy = { "app.kubernetes.io/managed-by": "pulumi-bsr" };

/** A Job with the objects that it alone uses. */
export interface OwnerJob {
  readonly job: V1Job;
  readonly configMaps: readonly V1ConfigMap[];
  readonly secrets: readonly V1Secret[];
  /** The one that its pod runs as, if the chart makes it: to be made again where it is gone. */
  readonly serviceAccount: V1ServiceAccount | undefined;
}

export interface Work {
  readonly name: string;
  readonly namespace: string;
  readonly schemaVersion: number;
  readonly choice: BufdChoice;
  readonly lineage: number;
}

/**
 * A Job that runs `migratedownto` with the owner's binary, as its own pods are: labels for network policies, pull
 * secrets, service account, node selector, tolerations. What serves, probes or spreads them is left out, and what the
 * chart makes for them is copied: the deploy of the older release has changed it.
 */
export function ownerJob(owner: Owner, { name, namespace, schemaVersion, choice, lineage }: Work): OwnerJob {
  const copyOf = (original: string | undefined) => `${name}-${original}`;
  const configMaps = new Map(
    owner.configMaps.map(({ metadata }) => [metadata?.name, copyOf(metadata?.name)]),
  );
  const secrets = new Map(owner.secrets.map(({ metadata }) => [metadata?.name, copyOf(metadata?.name)]));
  const { metadata, spec } = owner.template;
  const pod = withCopies(podOf(spec, schemaVersion, choice), configMaps, secrets);
  return {
    job: {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name, namespace, labels: { ...managedBy, [lineageLabel]: String(lineage) } },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: Math.ceil(choice.timeoutSeconds),
        // Until what its pod needs is there; all of that belongs to the Job and goes with it.
        suspend: true,
        template: {
          metadata: { labels: metadata?.labels ?? {}, annotations: metadata?.annotations ?? {} },
          spec: pod,
        },
      },
    },
    configMaps: owner.configMaps.map((original) => ({
      ...original,
      metadata: { name: configMaps.get(original.metadata?.name) ?? "", namespace },
    })),
    secrets: owner.secrets.map((original) => ({
      ...original,
      metadata: { name: secrets.get(original.metadata?.name) ?? "", namespace },
    })),
    serviceAccount: owner.serviceAccounts.find(
      (account) => account.metadata?.name === pod.serviceAccountName,
    ),
  };
}

function podOf(spec: V1PodSpec | undefined, schemaVersion: number, choice: BufdChoice): V1PodSpec {
  const named = (containers: readonly V1Container[] | undefined, name: string) => {
    const found = containers?.find((container) => container.name === name);
    if (found === undefined) throw new OwnerError(`the pods that run bufd have no container ${name}`);
    return found;
  };
  const {
    affinity: _affinity,
    topologySpreadConstraints: _spread,
    readinessGates: _gates,
    containers,
    initContainers,
    ...rest
  } = spec ?? { containers: [] };
  return {
    ...rest,
    restartPolicy: "Never",
    readinessGates: [{ conditionType: neverReady }],
    // One that the chart has may migrate up, so only those run that are asked for.
    initContainers: [
      ...choice.initContainers.map((name) => quiet(named(initContainers, name))),
      ...choice.sidecars.map((name) => ({ ...quiet(named(containers, name)), restartPolicy: "Always" })),
    ],
    containers: [bufd(named(containers, choice.container), schemaVersion, choice)],
  };
}

function bufd(container: V1Container, schemaVersion: number, { command }: BufdChoice): V1Container {
  const { args: _args, command: own, ...rest } = quiet(container);
  const work = ["migratedownto", String(schemaVersion)];
  if (command !== null) return { ...rest, command: [...command, String(schemaVersion)] };
  // Without a command of its own the image's entry point is the program.
  return own?.[0] === undefined ? { ...rest, args: work } : { ...rest, command: [own[0], ...work] };
}

function quiet(container: V1Container): V1Container {
  const {
    livenessProbe: _live,
    readinessProbe: _ready,
    startupProbe: _startup,
    lifecycle: _cycle,
    ports: _ports,
    ...rest
  } = container;
  return rest;
}

type Names = ReadonlyMap<string | undefined, string>;

interface Reference {
  readonly name?: string;
  readonly secretName?: string;
}

/** The pod with every reference to an object of the chart turned to its copy, wherever in it the reference is. */
function withCopies(pod: V1PodSpec, configMaps: Names, secrets: Names): V1PodSpec {
  return JSON.parse(JSON.stringify(pod), (key: string, value: unknown) => {
    switch (key) {
      case "configMap":
      case "configMapRef":
      case "configMapKeyRef":
        return renamed(value as Reference, configMaps);
      case "secret":
      case "secretRef":
      case "secretKeyRef":
        return renamed(value as Reference, secrets);
      case "imagePullSecrets":
        return (value as Reference[]).map((reference) => renamed(reference, secrets));
      default:
        return value;
    }
  }) as V1PodSpec;
}

function renamed({ name, secretName, ...rest }: Reference, names: Names): Reference {
  const given = { name: names.get(name) ?? name, secretName: names.get(secretName) ?? secretName };
  return { ...rest, ...(JSON.parse(JSON.stringify(given)) as Reference) };
}
