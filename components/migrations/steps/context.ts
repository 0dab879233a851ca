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
  /** Of what is shown elsewhere than in the progress, or cut before. */
  readonly masks: Masks;
  /** Aborted when the lease is lost: what a step has started must not go on beside another run. */
  readonly signal: AbortSignal;
}

/** A revision's description in Helm's history, for hops and for the Release. */
export function helmDescription(
  { transition }: Pick<Setting, "transition">,
  version: string,
  maintenance = false,
): string {
  return `transition ${transition}: deploy ${version}${maintenance ? " with maintenance on" : ""}`;
}

/** Whether a revision's description is one of ours; those of deploys that did not succeed are Helm's own. */
export function isOwnDescription(description: string): boolean {
  return transitionOf(description) !== null;
}

/** The transition that a revision's description tells; `null` where it is none of ours. */
export function transitionOf(description: string): number | null {
  const told = /^transition (\d+): deploy /.exec(description)?.[1];
  return told === undefined ? null : Number(told);
}

/** No timer of Node's runs for longer: one that is asked to is over at once. */
export const longestMilliseconds = 2 ** 31 - 1;

export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return setTimeout(Math.min(milliseconds, longestMilliseconds), undefined, { signal });
}
