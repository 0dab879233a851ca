import { deployCount } from "../components/migrations/deploy-count";
import type { Facts } from "../components/migrations/facts";
import { costsOf } from "../components/bsr-release/plan/text";
import { deployed, type Outcome, type Plan, type Position } from "../components/migrations/planner";

/** An outcome with what it was made from. */
export interface Shown {
  readonly facts: Facts;
  readonly position: Position;
  readonly outcome: Outcome;
  /** Set if the plan is a stack's. */
  readonly stack?: StackNotes;
}

/** What is said of a plan that was made from a stack's state, without a look at the cluster. */
export interface StackNotes {
  /** The stack's name; `null` if its state is empty and none was named. */
  readonly name: string | null;
  /** What is assumed, one sentence each. */
  readonly assumed: readonly string[];
  /** Whether the last run did not finish, so that the assumptions are likely to be wrong. */
  readonly weak: boolean;
  /** The hash that binds `pulumi up` as `approvedPlan`; `null` if there is none, as the plan is refused or a guess. */
  readonly binding: string | null;
  /** The hash in the configuration, and whether `pulumi up` accepts the plan with it. */
  readonly approved: { readonly hash: string; readonly holds: boolean } | null;
  /** Roughly how long it will take, as far as earlier deploys show. */
  readonly duration: string | null;
  /** Where the first `pulumi up` ends, if that is not the target. */
  readonly firstRun: { readonly deploys: number; readonly to: string } | null;
  /** What the stack that this version is promoted from has verified; `null` if no promotion applies. */
  readonly promotion: string | null;
}

/** The plan in one sentence. */
export function headline(plan: Plan): string {
  const { direction, from, to } = plan;
  if (direction === "none") return `Nothing to do: ${to} is deployed, and the position is settled.`;
  if (direction === "install") return `Install ${to}${costs(plan)}.`;
  if (direction === "restore") return `Restore a snapshot and deploy ${to}${costs(plan)}.`;
  if (direction === "redeploy") return `Deploy ${to} again${costs(plan)}.`;
  if (direction === "upgrade") return `Upgrade from ${from} to ${to}${costs(plan)}.`;
  return from === to
    ? `Take the database back to ${to}${costs(plan)}.`
    : `Downgrade from ${from} to ${to}${costs(plan)}.`;
}

function costs({ downtime, mayLoseData }: Plan): string {
  return `, ${downtime ? "with downtime" : "with no downtime"}${mayLoseData ? "; data may be lost" : ""}`;
}

/** Returns what a plan costs, as rows of a name and its text. */
export function costRows({ facts, position, stack }: Shown, plan: Plan): [what: string, cost: string][] {
  if (plan.steps.length === 0) return [];
  const { downtime, loss } = costsOf(facts, plan, position);
  const { firstRun = null, promotion = null } = stack ?? {};
  return [
    ["downtime", downtime],
    ["loss of data", loss],
    ["duration", durationOf(plan, stack)],
    ...(firstRun === null ? [] : [["runs", runsOf(firstRun)] satisfies [string, string]]),
    ...(promotion === null ? [] : [["promotion", promotion] satisfies [string, string]]),
  ];
}

/** Only earlier deploys of the same instance say how long one takes: without any, their number is all that is known. */
function durationOf({ steps }: Plan, stack: StackNotes | undefined): string {
  const unknown = `unknown for ${deployCount(deployed(steps).length)}`;
  if (stack === undefined)
    return `${unknown}: only a stack's earlier ones show how long each takes (bsr review, pulumi preview)`;
  return stack.duration ?? `${unknown}: the stack's state has no earlier one to estimate from`;
}

function runsOf({ deploys, to }: NonNullable<StackNotes["firstRun"]>): string {
  return `the first pulumi up ends after ${deployCount(deploys)}, at ${to} (deploysPerRun); the next one goes on`;
}

/** Returns the sentences about what a stack's plan was made from, under a title that says that they are assumptions. */
export function assumptions({ assumed, weak }: StackNotes): {
  readonly head: string;
  readonly lines: string[];
} {
  return weak
    ? {
        head: "Assumed, and weakly: the cluster was not looked at",
        lines: [
          ...assumed,
          "bsr status shows where the instance stands, and pulumi preview plans from there.",
        ],
      }
    : {
        head: "Assumed: the cluster was not looked at",
        lines: [...assumed, "Only pulumi preview plans from what runs."],
      };
}

/** Adds the stack's name to a headline, if it is known. */
export function titled(stack: string | null | undefined, text: string): string {
  return stack == null ? text : `${stack}: ${text}`;
}

/**
 * Whether a plan's hash can bind `pulumi up`. The hash of a restore names the snapshot, which only pulumi preview
 * knows.
 */
export function canBeBound({ steps, direction }: Plan): boolean {
  return steps.length > 0 && direction !== "restore";
}

/** Returns the command that binds `pulumi up` to the plan; `null` if the plan is a guess, which must bind nothing. */
export function bindingCommand(hash: string, stack: StackNotes | undefined): string | null {
  const binding = stack === undefined ? hash : stack.binding;
  // A name that a shell would not read as one word is left out of the command.
  const name = stack?.name ?? "";
  const option = /^[\w./-]+$/.test(name) ? ` --stack ${name}` : "";
  return binding === null ? null : `pulumi config set approvedPlan ${binding}${option}`;
}

/** Shown in place of that command. */
export const nothingToBind =
  "The last run did not finish, so this plan is a guess: pulumi preview shows the plan to approve, and its hash.";

/** Says whether the approved hash is of this plan; empty if there is none. */
export function approvalOf({ approved }: StackNotes): string {
  if (approved === null) return "";
  return approved.holds
    ? "approvedPlan in the configuration is the hash of this plan, or of a plan that this is the rest of."
    : `approvedPlan in the configuration is ${approved.hash}, the hash of another plan: pulumi up refuses this one.`;
}

/** Says where the instance stands after the plan. */
export function endOf(plan: Plan): string {
  return (
    `${plan.to} is the deployed version, ${plan.schemaOwner} the schema owner, ` +
    `${plan.highWaterMark} the high-water mark.`
  );
}

/** The options of this command for what the remedy of a refusal names as a configuration key. */
export const optionFor: Readonly<Record<string, string>> = {
  "invalid-version": "--from, --to, --schema-owner, --high-water-mark, --acknowledge-data-loss or --restore",
  "below-high-water-mark": "--acknowledge-data-loss",
  "downtime-not-allowed": "--allow-downtime, or --strategy sequential",
  "license-required": "leave out --no-license",
  "snapshot-required": "leave out --no-snapshots, or --strategy sequential",
  "unfinished-maintenance": "--strategy maintenance",
};
