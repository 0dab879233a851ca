/** Two instances of one program, each with a version of its own. */
import * as pulumi from "@pulumi/pulumi";
import { BsrRelease, type BsrReleaseArgs } from "../../../../components/bsr-release";

const config = new pulumi.Config();
const chart = config.require("chart");

const instances = Object.entries(config.requireObject<Record<string, BsrReleaseArgs>>("instances")).map(
  ([name, args]) => [name, new BsrRelease(name, { ...args, chart })] as const,
);

export const deployedVersions = Object.fromEntries(
  instances.map(([name, { deployedVersion }]) => [name, deployedVersion]),
);
