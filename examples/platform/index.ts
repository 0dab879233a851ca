import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "./cluster";
import { Registry, type RegistrySettings } from "./registry";

const config = new pulumi.Config();
const registries = config.requireObject<Record<"internal" | "partners", RegistrySettings>>("registries");

const cluster = new Cluster("platform", config.requireObject("cluster"));
const platform = {
  kubeconfig: cluster.kubeconfig,
  postgres: config.requireObject<{ host: string; administrate: string }>("postgres"),
  shared: {
    chart: config.get("chart"),
    license: config.getSecret("license"),
    redis: { address: config.require("redis") },
    storage: { s3: config.requireObject<{ bucketName: string; region: string }>("bucket") },
  },
};

const internal = new Registry("internal", {
  ...platform,
  ...registries.internal,
  password: config.requireSecret("internalPassword"),
});

// Partners get a release when it serves our own teams. If it does not, theirs is left as it is.
const partners = new Registry(
  "partners",
  { ...platform, ...registries.partners, password: config.requireSecret("partnersPassword") },
  { dependsOn: internal.bsr.ready.apply(() => internal) },
);

export const versions = {
  internal: internal.bsr.deployedVersion,
  partners: partners.bsr.deployedVersion,
};
