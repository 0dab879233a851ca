import * as pulumi from "@pulumi/pulumi";
import { BsrRelease } from "./components/bsr-release";
import { readConfiguration } from "./components/bsr-release/configuration";

const bsr = new BsrRelease("bsr", readConfiguration(new pulumi.Config()));

export const { deployedVersion, highWaterMark, schemaOwner, url, plan, verifiedAt, snapshots, ready } = bsr;
