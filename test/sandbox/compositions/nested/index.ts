/** An instance that is first a resource of the program, then part of a component, then under another name in it. */
import * as pulumi from "@pulumi/pulumi";
import { BsrRelease } from "../../../../components/bsr-release";

const config = new pulumi.Config();
const shape = config.require("shape");

const maxBodySizeBytes = config.getNumber("maxBodySizeBytes");
const args = {
  version: config.require("version"),
  host: "bsr.example.com",
  namespace: config.require("namespace"),
  chart: config.require("chart"),
  ...(maxBodySizeBytes === undefined ? {} : { maxBodySizeBytes }),
  postgres: config.requireObject<{
    host: string;
    port: number;
    database: string;
    user: string;
    password: string;
  }>("postgres"),
};

class Platform extends pulumi.ComponentResource {
  readonly bsr: BsrRelease;

  constructor(name: string, opts: pulumi.ComponentResourceOptions = {}) {
    super("test:index:Platform", name, {}, opts);
    this.bsr =
      shape === "nested"
        ? new BsrRelease("bsr", args, { parent: this, aliases: [{ parent: pulumi.rootStackResource }] })
        : new BsrRelease(`${name}-registry`, args, {
            parent: this,
            aliases: [{ name: "bsr" }, { name: "bsr", parent: pulumi.rootStackResource }],
          });
    this.registerOutputs({});
  }
}

const transforms: pulumi.ResourceTransform[] = [
  // As somebody would label whatever takes labels.
  ({ type, props, opts }) => {
    if (type !== "kubernetes:core/v1:Secret") return undefined;
    const { metadata } = props as { metadata: { labels?: object } };
    const labels = { ...metadata.labels, "pulumi-bsr-test": "tagged" };
    return { props: { ...props, metadata: { ...metadata, labels } }, opts };
  },
  ({ type, props, opts }) =>
    type === "kubernetes:helm.sh/v3:Release"
      ? { props, opts: pulumi.mergeOptions(opts, { customTimeouts: { update: "20m" } }) }
      : undefined,
  // Without mergeOptions, so that what the component had set is gone.
  ({ type, props, opts }) =>
    type === "command:local:Command"
      ? { props, opts: { ...opts, ignoreChanges: ["environment"] } }
      : undefined,
];

const transformations: pulumi.ResourceTransformation[] = [
  ({ type, props, opts }) =>
    type === "kubernetes:helm.sh/v3:Release"
      ? { props, opts: pulumi.mergeOptions(opts, { ignoreChanges: ["atomic"] }) }
      : undefined,
];

/** What the program gives the component in `options` of its configuration. */
const kinds: Readonly<Record<string, pulumi.ComponentResourceOptions>> = {
  "protect-release": {
    transforms: [
      ({ type, props, opts }) =>
        type === "kubernetes:helm.sh/v3:Release" ? { props, opts: { ...opts, protect: true } } : undefined,
    ],
  },
  transforms: { transforms },
  transformations: { transformations },
};
const options = (config.getObject<string[]>("options") ?? []).reduce<pulumi.ComponentResourceOptions>(
  (all, kind) => ({ ...all, ...kinds[kind] }),
  {},
);
const bsr = shape === "flat" ? new BsrRelease("bsr", args, options) : new Platform("platform", options).bsr;

export const { deployedVersion, plan, ready, url } = bsr;
