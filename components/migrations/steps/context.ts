import { setTimeout } from "node:timers/promises";
import type { KubeConfig } from "../../kubernetes-client";
import type { Connection } from "../cluster/connection";
import type { RecordAddress } from "../cluster/record/record";
import type { Masks } from "../masks";
import type { Setting } from "./input";
import type { Progress } from "./progress";

/** What every step works with. */
export interface Context {
  readonly setting: Setting;
  readonly connection: Connection;
  readonly cluster: KubeConfig;
  readonly record: RecordAddress;
  readonly progress: Progress;
  /** Masks what is shown elsewhere than in the progress, or is cut before it is shown. */
  readonly masks: Masks;
  /** Aborted when the lease is lost: work that a step has started must not continue beside another run. */
  readonly signal: AbortSignal;
}

/** Returns a revision's description in Helm's history, for hops and for the Release. */
export function helmDescription(
  { transition }: Pick<Setting, "transition">,
  version: string,
  maintenance = false,
): string {
  return `transition ${transition}: deploy ${version}${maintenance ? " with maintenance on" : ""}`;
}

/** Whether a revision's description is one of ours. If a deploy did not succeed, Helm writes its own description. */
export function isOwnDescription(description: string): boolean {
  return transitionOf(description) !== null;
}

/** Returns the transition that a revision's description names, or `null` if the description is not ours. */
export function transitionOf(description: string): number | null {
  const told = /^transition (\d+): deploy /.exec(description)?.[1];
  return told === undefined ? null : Number(told);
}

/** The longest time that a Node timer can run; a longer timer fires at once. */
export const longestMilliseconds = 2 ** 31 - 1;

export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return setTimeout(Math.min(milliseconds, longestMilliseconds), undefined, { signal });
}
