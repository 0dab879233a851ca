import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { BsrRelease, type BsrReleaseArgs } from "pulumi-bsr";
import { Database } from "./database";

/** What the stack's configuration says of a registry. */
export interface RegistrySettings {
  /** The release that shall run: the one line of an upgrade. */
  readonly version: string;
  /** The host name that it serves. */
  readonly host: string;
  readonly namespace: string;
  /** Its database, and the role that owns it. */
  readonly database: string;
}

export interface RegistryArgs extends RegistrySettings {
  readonly kubeconfig: pulumi.Output<string>;
  readonly postgres: { readonly host: string; readonly administrate: string };
  readonly password: pulumi.Output<string>;
  /** What all registries of the platform have in common. */
  readonly shared: Partial<BsrReleaseArgs>;
}

/** A Buf Schema Registry with a namespace and a database of its own. */
export class Registry extends pulumi.ComponentResource {
  readonly bsr: BsrRelease;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:index:Registry", name, {}, opts);
    const { version, host, namespace, kubeconfig, password, shared } = args;

    const provider = new kubernetes.Provider(
      `${name}-kubernetes`,
      // Named, so that a kubeconfig that is unknown in a preview replaces nothing.
      { kubeconfig, clusterIdentifier: "platform" },
      { parent: this },
    );
    const space = new kubernetes.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: namespace } },
      // It holds the record of what was deployed, which stays as long as the database does.
      { parent: this, provider, retainOnDelete: true },
    );
    const database = new Database(
      name,
      { ...args.postgres, name: args.database, password },
      { parent: this },
    );

    this.bsr = new BsrRelease(
      `${name}-bsr`,
      { ...shared, version, host, namespace, kubeconfig, postgres: database.connection },
      { parent: this, dependsOn: [space, database] },
    );
    this.registerOutputs();
  }
}
