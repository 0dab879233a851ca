import { valid } from "semver";
import { z } from "zod";
import {
  ledgerStateSchema,
  type LedgerState,
  type StoredState,
} from "../../components/bsr-release/ledger/state";
import { jsonOf } from "../../components/migrations/cluster/unusable";
import { schemaErrors } from "../../components/migrations/schema-errors";
import { Unreadable } from "../unreadable";

/** The part of a resource in a stack's state that is needed here. */
const resourceSchema = z.object({
  urn: z.string(),
  type: z.string(),
  parent: z.string().optional(),
  /** A resource that is still to be deleted has been replaced by another. */
  delete: z.boolean().optional(),
  created: z.string().optional(),
  modified: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});
type Resource = z.infer<typeof resourceSchema>;

const exportSchema = z.object({
  deployment: z.object({ resources: z.array(resourceSchema).default([]) }),
});

/** A step that the engine has seen succeed. */
export interface Row {
  /** The name after `<component>-<transition>-`, such as `2-deploy-1.5.1`. */
  readonly name: string;
  /** When it ended; ISO 8601. */
  readonly at: string | undefined;
  /** What it wrote to standard output, as JSON. */
  readonly result: unknown;
}

/** What a stack's state shows of one component. */
export interface Remembered {
  readonly component: string;
  readonly ledger: LedgerState;
  /** The rows of the last transition. */
  readonly rows: readonly Row[];
  /** When the Release was last deployed; ISO 8601. */
  readonly deployedAt: string | undefined;
}

export interface StackState {
  /** The stack's name; `undefined` if the state is empty. */
  readonly stack: string | undefined;
  readonly components: readonly Remembered[];
}

/** Returns the outputs of the stack itself from an export; `undefined` if it has none. */
export function outputsOf(exported: unknown): Readonly<Record<string, unknown>> | undefined {
  return resourcesOf(exported).find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs;
}

/** Returns what an export of a stack shows. */
export function stackStateOf(exported: unknown): StackState {
  const resources = resourcesOf(exported);
  const [, stack] = /^urn:pulumi:([^:]+)::/.exec(resources[0]?.urn ?? "") ?? [];
  return { stack, components: resources.filter(isLedger).map((ledger) => rememberedOf(ledger, resources)) };
}

function resourcesOf(exported: unknown): Resource[] {
  const parsed = exportSchema.safeParse(exported, { error: schemaErrors });
  if (!parsed.success) throw unreadable(parsed.error);
  return parsed.data.deployment.resources.filter((resource) => resource.delete !== true);
}

function isLedger({ type, inputs, urn }: Resource): boolean {
  const isDynamic = type.endsWith("pulumi-nodejs:dynamic:Resource") && nameOf(urn).endsWith("-ledger");
  return isDynamic && ["target", "plan", "position"].every((key) => key in inputs);
}

function rememberedOf({ urn, parent, inputs }: Resource, resources: readonly Resource[]): Remembered {
  const component = nameOf(urn).replace(/-ledger$/, "");
  const ledger = decoded(inputs);
  const own = resources.filter((one) => one.parent === parent);
  const prefix = `${component}-${ledger.plan.transition}-`;
  const rows = own
    .filter(({ type, urn: row }) => type === "command:local:Command" && nameOf(row).startsWith(prefix))
    .map(({ urn: row, created, outputs }) => ({
      name: nameOf(row).slice(prefix.length),
      at: created,
      result: jsonOf(typeof outputs["stdout"] === "string" ? outputs["stdout"] : ""),
    }));
  const release = own.find(({ urn: one }) => nameOf(one) === `${component}-release`);
  return { component, ledger, rows, deployedAt: release?.modified };
}

function decoded(inputs: Resource["inputs"]): LedgerState {
  let ledger: LedgerState;
  try {
    ledger = ledgerStateSchema.decode(inputs as StoredState, { error: schemaErrors });
  } catch (error) {
    throw unreadable(error);
  }
  if (versionsOf(ledger).every((version) => valid(version) === version)) return ledger;
  throw unreadable(undefined, "a version that is not valid");
}

function versionsOf({ plan, position }: LedgerState): string[] {
  const steps = plan.steps.flatMap((step) => (step.kind === "deploy" ? [step.version] : []));
  const { deployedVersion, schemaOwner, highWaterMark } = position;
  const before = [deployedVersion, schemaOwner, highWaterMark].filter((version) => version !== undefined);
  return [plan.to, plan.schemaOwner, plan.highWaterMark, ...steps, ...before];
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** Builds the error. It does not quote the state. */
function unreadable(error: unknown, otherwise = "a step that is not valid"): Unreadable {
  const what =
    error instanceof z.ZodError
      ? error.issues
          .slice(0, 3)
          .map(({ path, message }) => [path.join("."), message].join(" ").trim())
          .join("; ")
      : otherwise;
  return new Unreadable(
    "The stack's state could not be read.",
    `a state that this version cannot use: ${what}`,
    "a state that the component of this version has written, or an earlier one",
    "use the version of the package that wrote it",
  );
}
