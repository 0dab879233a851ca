import * as pulumi from "@pulumi/pulumi";
import type { LedgerRequest } from "./request";
import type { StoredState } from "./state";
import type { Layer } from "../values/values";

/* eslint-disable @typescript-eslint/require-await, @typescript-eslint/no-require-imports --
   The text of these functions is stored in the stack's state and run from there, even by a later `destroy`. So it
   captures no module. It takes the path of the implementation as an input, which `check` does not return, and requires
   that file. */
const provider: pulumi.dynamic.ResourceProvider<Inputs, Inputs> = {
  async check(olds, news) {
    const { implementation, ...request } = news;
    const { loader, path } = implementation as { loader?: string; path: string };
    if (loader !== undefined) require(loader);
    const ledger = require(path) as Implementation;
    return ledger.checkLedger(olds, request);
  },
  async diff(_id, olds, news) {
    const util = require("node:util") as { isDeepStrictEqual(a: unknown, b: unknown): boolean };
    const { __provider: _oldCode, ...before } = olds;
    const { __provider: _newCode, ...after } = news;
    // If only this code differs, there is no change. Otherwise the engine compares, which gives a readable diff.
    return util.isDeepStrictEqual(before, after) ? { changes: false } : {};
  },
  async create(inputs) {
    return { id: "ledger", outs: inputs };
  },
  async update(_id, _olds, news) {
    return { outs: news };
  },
};
/* eslint-enable */

type Inputs = Record<string, unknown>;

interface Implementation {
  checkLedger(olds: unknown, news: unknown): Promise<pulumi.dynamic.CheckResult<Inputs>>;
}

type Later<T> = { readonly [key in keyof T]: pulumi.Input<T[key]> };

/**
 * The program's request, whose values may come from other resources. Each is an Output of its own, so that one that is
 * not known yet leaves the rest known.
 */
export type LedgerArgs = Later<Omit<LedgerRequest, "policy" | "observe">> & {
  readonly policy: Later<LedgerRequest["policy"]>;
  readonly observe: Later<Omit<LedgerRequest["observe"], "layers" | "login" | "masks">> & {
    readonly layers: readonly Layer[];
    /** A list of its own for each secret: one that is not known yet leaves the others known. */
    readonly masks: pulumi.Input<readonly pulumi.Input<string[]>[]>;
    readonly login?: pulumi.Input<{ username: pulumi.Input<string>; password: pulumi.Input<string> }>;
  };
};

/**
 * The stack's memory: the target, the last plan with the ids of its transition, and the position it was made from. Its
 * `check` observes the cluster and makes the plan, so that the plan is known in a preview.
 */
export class VersionLedger extends pulumi.dynamic.Resource {
  /** The plan that this run carries out, or the last one when there is nothing to do. */
  declare readonly plan: pulumi.Output<StoredState["plan"]>;
  /** The position that the plan was made from. */
  declare readonly position: pulumi.Output<StoredState["position"]>;

  constructor(name: string, args: LedgerArgs, opts: pulumi.CustomResourceOptions) {
    // Keys without a value are filled by `check`; without them their outputs would not exist.
    super(
      provider,
      name,
      { ...args, implementation: implementation(), plan: undefined, position: undefined },
      opts,
    );
  }
}

/** Finds the implementation. A package runs it compiled; this package's own checkout runs it from source. */
function implementation(): { path: string; loader?: string } {
  const path = require.resolve("./check");
  return path.endsWith(".ts")
    ? { path, loader: require.resolve("ts-node/register/transpile-only") }
    : { path };
}
