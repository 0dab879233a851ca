import type { KubeConfig } from "@kubernetes/client-node";
import type { Connection } from "../cluster/connection";
import type { RecordAddress } from "../cluster/record";
import type { Setting } from "./input";
import type { Progress } from "./progress";

/** What every step works with. */
export interface Context {
  readonly setting: Setting;
  readonly connection: Connection;
  readonly cluster: KubeConfig;
  readonly record: RecordAddress;
  readonly progress: Progress;
}

export function helmDescription({ transition }: Setting, version: string): string {
  return `transition ${transition}: deploy ${version}`;
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
