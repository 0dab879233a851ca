/**
 * What the compiler lets a program write. Nothing here runs: `tsc` fails on a line that should compile and does
 * not, and on an expected error that does not come.
 */
import * as pulumi from "@pulumi/pulumi";
import type { BsrRelease, BsrReleaseArgs } from "../../components/bsr-release";
import type { ArgsInput } from "../../components/bsr-release/args";

const needed = { version: "1.5.1", host: "bsr.example.com" };

/** The smallest program, and one with every value that may come from other resources. */
export const fine: readonly BsrReleaseArgs[] = [
  needed,
  {
    ...needed,
    host: pulumi.output("bsr.example.com"),
    license: pulumi.secret("key"),
    kubeconfig: Promise.resolve("apiVersion: v1"),
    values: { postgres: { host: pulumi.output("db"), password: pulumi.secret("pw") } },
    valuesFor: [{ versions: ">=1.15.2", values: pulumi.output({ clientTLSSecrets: ["ca"] }) }],
    releases: [{ version: "1.24.0" }, { version: "1.25.0", databaseVersion: 400 }],
    dataMigrations: { check: ["./is-done"], completed: ["1.7.0"] },
    strategy: "maintenance",
  },
];

// @ts-expect-error a version is needed
export const noVersion: BsrReleaseArgs = { host: "bsr.example.com" };

// @ts-expect-error a host is needed
export const noHost: BsrReleaseArgs = { version: "1.5.1" };

export const unknownKey: BsrReleaseArgs = {
  ...needed,
  // @ts-expect-error there is no such key
  licence: "key",
};

export const laterVersion: BsrReleaseArgs = {
  ...needed,
  // @ts-expect-error what shapes the plan is known when the program runs
  version: pulumi.output("1.5.1"),
};

export const laterNamespace: BsrReleaseArgs = {
  ...needed,
  // @ts-expect-error what names the instance is known when the program runs
  namespace: pulumi.output("bsr"),
};

export const laterRange: BsrReleaseArgs = {
  ...needed,
  // @ts-expect-error ranges are known when the program runs; their values may come later
  valuesFor: [{ versions: pulumi.output("*"), values: {} }],
};

export const unknownStrategy: BsrReleaseArgs = {
  ...needed,
  // @ts-expect-error there are two strategies
  strategy: "fast",
};

export const textAsCheck: BsrReleaseArgs = {
  ...needed,
  // @ts-expect-error a check is a program with its arguments, run without a shell
  dataMigrations: { check: "./is-done 1.7.0" },
};

export function changes(args: BsrReleaseArgs): void {
  // @ts-expect-error arguments are read, not changed
  args.version = "1.6.0";
}

export function outputs(bsr: BsrRelease): void {
  const version: pulumi.Output<string> = bsr.deployedVersion;
  const ready: pulumi.Output<boolean> = bsr.ready;
  // @ts-expect-error a plan is lines for a person
  const plan: pulumi.Output<string> = bsr.plan;
  void [version, ready, plan];
}

/** The type that is written out for hovers is the one of the schema, in both directions. */
export function same(written: BsrReleaseArgs, inferred: ArgsInput): [ArgsInput, BsrReleaseArgs] {
  return [written, inferred];
}
