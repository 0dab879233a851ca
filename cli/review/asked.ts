import { resolve } from "node:path";
import { z } from "zod";
import { ArgumentError } from "../../components/bsr-release/args";
import { argumentsOf, type StackConfiguration } from "../../components/bsr-release/configuration";
import type { CheckedPromotion } from "../../components/bsr-release/args/promotion";
import type { Asked } from "../../components/bsr-release/ledger/plan";
import { unknownMarker } from "../../components/bsr-release/ledger/request";
import type { LedgerState } from "../../components/bsr-release/ledger/state";
import { policyOf } from "../../components/bsr-release/ledger/policy";
import { prepare } from "../../components/bsr-release/check-arguments";
import { givenValues } from "../../components/bsr-release/values/values";
import type { GivenValue } from "../../components/migrations/planner";
import { schemaErrors } from "../../components/migrations/schema-errors";
import { Unreadable } from "../unreadable";
import type { Project } from "./project";

/** What a stack asks of the planner, and before that of the ledger. */
export interface StackAsks extends Asked {
  /** Absent if the configuration does not say it. */
  readonly namespace: string | undefined;
  readonly releaseName: string | undefined;
  /** Where versions are promoted from. */
  readonly promotion?: CheckedPromotion | undefined;
  /** What is assumed, one sentence each. */
  readonly told: readonly string[];
}

const configSchema = z.record(
  z.string(),
  z.object({ value: z.string().optional(), secret: z.boolean().default(false) }),
);

/** Returns the project's configuration, with `to` in place of the version. */
export function configurationOf(json: unknown, project: Project, to: string | undefined): StackConfiguration {
  const parsed = configSchema.safeParse(json, { error: schemaErrors });
  if (!parsed.success) {
    throw new Unreadable(
      "The stack's configuration could not be read.",
      "an answer of pulumi config --json that this version cannot use",
      "what pulumi config --json writes",
      "use a pulumi command of version 3",
    );
  }
  const values: Record<string, string | undefined> = {};
  for (const [key, { value }] of Object.entries(parsed.data)) {
    const isFile = key === `${project.name}:valuesFile` && value !== undefined && value !== "";
    values[key] = isFile ? resolve(project.folder, value) : value;
  }
  if (to !== undefined) values[`${project.name}:version`] = to;
  const secrets = Object.keys(parsed.data).filter((key) => parsed.data[key]?.secret === true);
  return { project: project.name, values, secrets };
}

/**
 * Returns what the configuration asks for. A program of your own has other keys: then `to` is the target, and the rest
 * comes from the state as far as it is there.
 */
export async function askedBy(
  configuration: StackConfiguration,
  to: string | undefined,
  previous: LedgerState | undefined,
): Promise<StackAsks> {
  try {
    return await fromConfiguration(configuration);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    if (to !== undefined) return fromState(to, previous);
    throw new Unreadable(
      "The stack's configuration could not be read.",
      error.problems.join("\n          "),
      "the arguments as keys of the configuration, as docs/configuration.md has them",
      "fix them; or, if the program is your own and has other keys, name the version with --to",
    );
  }
}

async function fromConfiguration(configuration: StackConfiguration): Promise<StackAsks> {
  const { args, layers } = prepare(argumentsOf(configuration));
  const hidden = hiddenValues(configuration);
  const given = await new Promise<readonly GivenValue[]>((known) => void givenValues(layers).apply(known));
  return {
    target: args.version,
    strategy: args.strategy,
    namespace: args.namespace,
    releaseName: args.releaseName,
    promotion: args.promotion,
    policy: { ...policyOf(args), given: hidden.length === 0 ? [...given] : unknownMarker },
    told:
      hidden.length === 0
        ? []
        : [
            `${hidden.join(" and ")} ${hidden.length === 1 ? "is" : "are"} secret and not read: what releases require of it counts as given.`,
          ],
  };
}

/** Returns the keys with chart values that are secret as a whole. */
function hiddenValues({ project, values }: StackConfiguration): string[] {
  return ["values", "valuesFor"]
    .map((key) => `${project}:${key}`)
    .filter((key) => key in values && values[key] === undefined);
}

function fromState(to: string, previous: LedgerState | undefined): StackAsks {
  const strategy = previous?.strategy ?? "sequential";
  const snapshots = previous === undefined ? undefined : hasSnapshots(previous);
  const method =
    snapshots === undefined
      ? "a snapshot method (the last plan does not show it)"
      : `${snapshots ? "a" : "no"} snapshot method`;
  return {
    target: to,
    strategy,
    namespace: undefined,
    releaseName: undefined,
    policy: {
      allowDowntime: strategy === "maintenance",
      snapshots: snapshots ?? true,
      given: unknownMarker,
      releases: [],
    },
    told: [
      "The configuration does not have the arguments of the component, so they count as in the last plan: the strategy " +
        `${strategy}, ${method}, a license, no releases of your own.`,
    ],
  };
}

/** Whether a snapshot method was given for the last plan; `undefined` if that plan does not show it, such as an install. */
function hasSnapshots({ plan: { steps, warnings } }: LedgerState): boolean | undefined {
  if (steps.some(({ kind }) => kind === "snapshot" || kind === "restore")) return true;
  return warnings.some((warning) => warning.startsWith("no-snapshot:")) ? false : undefined;
}
