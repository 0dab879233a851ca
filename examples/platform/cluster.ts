import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

export interface ClusterCommands {
  /** Makes the cluster, and prints its kubeconfig and nothing else. */
  readonly create: string;
  /** Takes it away again. */
  readonly delete?: string;
}

/** A Kubernetes cluster. Its kubeconfig is an output: nobody knows it before the first `pulumi up`. */
export class Cluster extends pulumi.ComponentResource {
  readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string, commands: ClusterCommands, opts?: pulumi.ComponentResourceOptions) {
    super("platform:index:Cluster", name, {}, opts);
    const made = new command.local.Command(
      `${name}-cluster`,
      { ...commands, logging: command.local.Logging.None },
      { parent: this, additionalSecretOutputs: ["stdout"] },
    );
    this.kubeconfig = made.stdout;
    this.registerOutputs();
  }
}
