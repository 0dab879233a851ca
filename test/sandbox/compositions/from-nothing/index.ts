/** A cluster, a namespace, a database and a BSR of one program: nothing of it is there before its first run. */
import * as command from "@pulumi/command";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { BsrRelease } from "../../../../components/bsr-release";

const config = new pulumi.Config();
const name = config.require("namespace");
/** Of the database, and of the role that owns it. */
const database = config.require("database");
const password = config.requireSecret("password");

class Platform extends pulumi.ComponentResource {
  readonly bsr: BsrRelease;

  constructor(platform: string, opts: pulumi.ComponentResourceOptions = {}) {
    super("test:index:Platform", platform, {}, opts);
    const parent = { parent: this };

    // Stands for a managed cluster: what it tells is not known before it is there.
    const cluster = new command.local.Command(
      `${platform}-cluster`,
      { create: 'cat "$KUBECONFIG"', environment: { SIZE: config.get("size") ?? "small" }, logging: "none" },
      { ...parent, additionalSecretOutputs: ["stdout"] },
    );
    const provider = new kubernetes.Provider(
      `${platform}-kubernetes`,
      { kubeconfig: cluster.stdout, clusterIdentifier: platform },
      parent,
    );
    const namespace = new kubernetes.core.v1.Namespace(
      `${platform}-namespace`,
      { metadata: { name } },
      { ...parent, provider },
    );
    const made = new command.local.Command(
      `${platform}-database`,
      {
        create: `psql --quiet --set ON_ERROR_STOP=1 <<'SQL'
\\getenv password PASSWORD
CREATE ROLE ${database} LOGIN PASSWORD :'password';
CREATE DATABASE ${database} OWNER ${database};
SQL
printf %s "$BSR_SANDBOX_POSTGRES_HOST"`,
        delete: `psql --quiet --set ON_ERROR_STOP=1 <<'SQL'
DROP DATABASE ${database} WITH (FORCE);
DROP ROLE ${database};
SQL`,
        environment: { PASSWORD: password },
      },
      parent,
    );

    this.bsr = new BsrRelease(
      `${platform}-bsr`,
      {
        version: config.require("version"),
        host: "bsr.example.com",
        namespace: name,
        chart: config.require("chart"),
        kubeconfig: cluster.stdout,
        postgres: { host: made.stdout, database, user: database, password },
      },
      { ...parent, dependsOn: [namespace, made] },
    );
    new command.local.Command(
      `${platform}-after`,
      { create: pulumi.interpolate`echo "served: ${this.bsr.deployedVersion}"` },
      { ...parent, dependsOn: this.bsr.ready.apply(() => this.bsr) },
    );
    this.registerOutputs({});
  }
}

const { bsr } = new Platform("platform");

export const { deployedVersion, plan, ready } = bsr;
