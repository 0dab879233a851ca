import * as pulumi from "@pulumi/pulumi";
import { planFromObservation, planFromState } from "../../components/bsr-release/ledger/plan";
import {
  ledgerRequestSchema,
  unknownMarker,
  type LedgerRequest,
} from "../../components/bsr-release/ledger/request";
import { ledgerStateSchema, type LedgerState } from "../../components/bsr-release/ledger/state";
import type { Observation } from "../../components/bsr-release/observation/position";

/** A registration as it goes to the engine: secrets and unknown values are still marked in its inputs. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Names of the resources that it waits for, by `dependsOn` and by its inputs. */
  readonly dependsOn: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly protect: boolean;
  /** The name of its provider; empty for the default one. */
  readonly provider: string;
  readonly parent: string;
}

/** What stands in for the cluster and for the engine's memory. */
export interface World {
  readonly observed: Observation | "unreachable";
  readonly previous?: LedgerState | undefined;
  readonly preview?: boolean;
  /** The outputs of the stacks that can be read, by their full names. */
  readonly stacks?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What the verification would find. */
  readonly verified?: Readonly<Record<string, unknown>>;
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
  getDependenciesList(): string[];
  getIgnorechangesList(): string[];
  getDeletebeforereplace(): boolean;
  getProtect(): boolean;
  getProvider(): string;
  getParent(): string;
}

interface Monitor {
  registerResource(request: RegisterRequest, callback: (error: unknown, response: unknown) => void): unknown;
}

/**
 * Pulumi with a mocked engine, of which every registration is kept. It answers as the real plugins do: the
 * ledger with the plan that its check gives, a Command with its output, a Release with its revision; whatever
 * else is registered or called is an error.
 */
export async function withWorld(world: World): Promise<{ readonly registrations: readonly Registration[] }> {
  const registrations: Registration[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name }) => {
        const registration = registrations.find((one) => one.type === type && one.name === name);
        if (registration === undefined) throw new Error(`${type} ${name} was not recorded`);
        return { id: `${name}-id`, state: stateOf(registration, world) };
      },
      call: ({ token, inputs }) => {
        if (token === "pulumi:pulumi:readStackOutputs") {
          return stackOutputs((inputs as { name: string }).name, world);
        }
        throw new Error(`the function ${token} was called`);
      },
    },
    "bsr",
    "test",
    world.preview ?? false,
    "organization",
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    registrations.push({
      type: request.getType(),
      name: request.getName(),
      inputs: request.getObject()?.toJavaScript() ?? {},
      dependsOn: request.getDependenciesList().map(nameIn).sort(),
      ignoreChanges: request.getIgnorechangesList(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      protect: request.getProtect(),
      provider: nameIn(request.getProvider().split("::").slice(0, 4).join("::")),
      parent: nameIn(request.getParent()),
    });
    return register(request, callback);
  };
  return { registrations };
}

/** As the engine reads another stack. */
function stackOutputs(name: string, { stacks = {} }: World): Record<string, unknown> {
  const outputs = stacks[name];
  if (outputs === undefined) {
    const details = `invocation of pulumi:pulumi:readStackOutputs returned an error: unknown stack "${name}"`;
    throw Object.assign(new Error(details), { details });
  }
  return { name, outputs };
}

function stateOf(registration: Registration, world: World): Record<string, unknown> {
  const { type, name, inputs } = registration;
  const whenUp = (outputs: Record<string, unknown>) => (world.preview === true ? {} : outputs);
  switch (type) {
    case "pulumi-bsr:index:BsrRelease":
    case "test:index:Platform":
    case "pulumi:providers:kubernetes":
      return {};
    case "test:index:Cluster":
      return whenUp({ kubeconfig: "apiVersion: v1", database: "db.example.com" });
    case "pulumi-nodejs:dynamic:Resource":
      return { ...ledgerStateSchema.encode(ledgerState(inputs, world)) };
    case "command:local:Command": {
      const result = name.includes("-verify-") ? JSON.stringify(world.verified ?? {}) : "{}";
      return { create: inputs["create"], ...whenUp({ stdout: result, stderr: "" }) };
    }
    case "kubernetes:helm.sh/v3:Release":
      return { version: inputs["version"], ...whenUp({ status: { revision: 7 } }) };
    default:
      throw new Error(`${type} ${name} was registered`);
  }
}

/** What the ledger's check answers, without a cluster to look at. */
function ledgerState(inputs: Registration["inputs"], { observed, previous }: World): LedgerState {
  // The dynamic provider accepts no secrets: its check gets plain values.
  const request: LedgerRequest = ledgerRequestSchema.parse(withoutSecrets(inputs));
  const isUnknown = [request.observe.kubeconfig, request.database].includes(unknownMarker);
  const result =
    isUnknown || observed === "unreachable"
      ? planFromState(request, previous, "a test")
      : planFromObservation(request, previous, observed);
  if (result.inputs === undefined) throw new Error(result.failures?.map(({ reason }) => reason).join("\n"));
  return result.inputs;
}

/** A cluster that the same program makes: what it tells is not known before it is there. */
export class Cluster extends pulumi.CustomResource {
  declare readonly kubeconfig: pulumi.Output<string>;
  declare readonly database: pulumi.Output<string>;
  constructor(name: string) {
    super("test:index:Cluster", name, { kubeconfig: undefined, database: undefined });
  }
}

/** The value of an input, and whether it is secret. */
export function opened(value: unknown): { readonly value: unknown; readonly secret: boolean } {
  return pulumi.runtime.isRpcSecret(value)
    ? { value: pulumi.runtime.unwrapRpcSecret(value) as unknown, secret: true }
    : { value, secret: false };
}

export function withoutSecrets(marked: unknown): unknown {
  const { value } = opened(marked);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}

function nameIn(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}
