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

/** A condition that nobody ever sets: a pod that waits for it gets no traffic from any Service. */
const neverReady = "pulumi-bsr/never-serves";

/** The lineage that a Job works for. */
export const lineageLabel = "pulumi-bsr/lineage";

const managedBy = { "app.kubernetes.io/managed-by": "pulumi-bsr" };

/** A Job with the objects that only this Job uses. */
export interface OwnerJob {
  readonly job: V1Job;
  readonly configMaps: readonly V1ConfigMap[];
  readonly secrets: readonly V1Secret[];
  /** The account that its pod runs as, if the chart makes one: it is created again if it is gone. */
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
 * Builds a Job that runs `migratedownto` with the owner's binary, with the settings of the owner's pods: labels for
 * network policies, pull secrets, service account, node selector, tolerations. Whatever serves, probes or spreads the
 * pods is left out. The chart's objects that they use are copied, as the deploy of the older release has changed them.
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
        // It stays suspended until its pod's objects exist; they belong to the Job and go with it.
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
    // An init container of the chart may migrate up, so only those run that were asked for.
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
  // If the container has no command, the image's entry point is the program.
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

/** Returns the pod with every reference to an object of the chart changed to its copy, wherever it is. */
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
