/** The least program that deploys the chart: what a preview and an `up` cost with no component at all. */
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config("bsr");

const { postgres } = config.requireObject<{ postgres: object }>("values");
const values: object = {
  host: config.require("host"),
  license: { key: config.require("license") },
  postgres,
};

const release = new kubernetes.helm.v3.Release("bsr", {
  name: "bsr",
  namespace: config.require("namespace"),
  chart: config.require("chart"),
  version: config.require("version"),
  values,
});

export const deployed = release.version;
