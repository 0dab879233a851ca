/** The program of somebody who uses the package, in the languages of a Node program. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../../sandbox/paths";

export type Language = "typescript" | "commonjs" | "esm";

/** Writes the program and what Pulumi wants beside it. Its stacks are those of the checkout. */
export function writeProgram(folder: string, language: Language): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Pulumi.yaml"), "name: bsr\nruntime: nodejs\nstackConfigDir: stacks\n");
  writeFileSync(join(folder, language === "typescript" ? "index.ts" : "index.js"), sources[language]);
  symlinkSync(join(checkout, "stacks"), join(folder, "stacks"));
}

const body = `
const config = new pulumi.Config();

const bsr = new BsrRelease("bsr", {
  version: config.require("version"),
  host: config.require("host"),
  namespace: config.require("namespace"),
  chart: config.require("chart"),
  values: config.requireObject("values"),
});
`;

const outputs = "deployedVersion, highWaterMark, schemaOwner, url, plan, verifiedAt, snapshots, ready";

const modern = `import * as pulumi from "@pulumi/pulumi";
import { BsrRelease } from "pulumi-bsr";
${body}
export const { ${outputs} } = bsr;
`;

const sources: Readonly<Record<Language, string>> = {
  typescript: modern,
  esm: modern,
  commonjs: `"use strict";
const pulumi = require("@pulumi/pulumi");
const { BsrRelease } = require("pulumi-bsr");
${body}
const { ${outputs} } = bsr;
module.exports = { ${outputs} };
`,
};

/** A program that gives an argument of the wrong type. */
export const wrongProgram = modern.replace('config.require("version")', "150");
