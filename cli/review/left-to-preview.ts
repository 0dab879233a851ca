import type { LedgerState } from "../../components/bsr-release/ledger/state";
import { inMarkdown } from "../escape";
import { titled } from "../plan-words";
import type { StackAsks } from "./asked";

/** A plan that depends on the cluster's record, so that neither state nor configuration can show it. */
export interface LeftToPreview {
  readonly outcome: "leftToPreview";
  readonly stack: string | null;
  readonly component: string | null;
  readonly found: string;
  readonly wanted: string;
  readonly remedy: string;
}

/**
 * Returns the configuration key that leaves the plan to `pulumi preview`; `undefined` if there is none, or if it is
 * done.
 */
export function keyLeftToPreview(
  { policy: { restore, restoredTo, adopt } }: Pick<StackAsks, "policy">,
  previous: LedgerState | undefined,
  /** Whether the last run did not finish. */
  weak: boolean,
): { readonly key: string; readonly value: string | number } | undefined {
  const keys = [
    { key: "restore", value: restore, told: previous?.restore, isLast: previous?.plan.restore !== undefined },
    {
      key: "restoredTo",
      value: restoredTo,
      told: previous?.restoredTo,
      isLast: previous?.plan.restore !== undefined,
    },
    { key: "adopt", value: adopt, told: previous?.adopt, isLast: previous?.plan.takesOver === true },
  ];
  return keys.flatMap(({ key, value, told, isLast }) => {
    const isDone = told === value && !(weak && isLast);
    return value === undefined || isDone ? [] : [{ key, value }];
  })[0];
}

export function leftToPreview(
  stack: string | null,
  component: string | null,
  { key, value }: { readonly key: string; readonly value: string | number },
): LeftToPreview {
  return {
    outcome: "leftToPreview",
    stack,
    component,
    found: `The configuration has ${key} (${value}), and what it does is decided by the cluster's record.`,
    wanted: "A plan that the stack's state and configuration show.",
    remedy: `Run pulumi preview to see the plan, and its hash. Remove ${key} once it is done.`,
  };
}

const title = "Only pulumi preview can show this plan.";

export function leftAsText({ stack, found, wanted, remedy }: LeftToPreview): string {
  return [
    titled(stack, title),
    "",
    `  found:  ${found}`,
    `  wanted: ${wanted}`,
    `  remedy: ${remedy}`,
    "",
  ].join("\n");
}

export function leftAsMarkdown({ stack, found, remedy }: LeftToPreview): string {
  return `### ${inMarkdown(titled(stack, title))}\n\n${inMarkdown(`${found} ${remedy}`)}\n`;
}

export function leftAsJson(left: LeftToPreview): string {
  return `${JSON.stringify({ ...left, hash: null, binding: null, approved: null })}\n`;
}
