import type { Command } from "commander";
import type { Connection } from "../../components/migrations/cluster/connection";
import { filled, nameOf } from "../option-values";

/** The instance that a command is asked about. */
export interface Asked {
  readonly namespace: string;
  readonly release: string;
}

/** Which instance of which cluster, as commander parses it. */
export interface InstanceOptions extends Asked {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Adds the options that name an instance. */
export function withInstanceOptions(command: Command): Command {
  return command
    .option("--kubeconfig <path>", "the kubeconfig to use (default: as kubectl finds it)", filled)
    .option("--context <name>", "a context of the kubeconfig (default: its current one)", filled)
    .option("--namespace <name>", "the namespace of the instance", nameOf, "bsr")
    .option("--release <name>", "the name of the Helm release", nameOf, "bsr");
}

/** Returns how to reach the cluster of an instance. */
export function connectionOf({ kubeconfig, context }: InstanceOptions): Connection {
  return { kubeconfig, context };
}
