import { planHash } from "../../../components/bsr-release/plan/hash";
import { bumped } from "../../cli/bumped";
import type { Surroundings } from "./surroundings";

/** Where a stack stands, and what a pipeline has to make of the review of it. */
export interface Case {
  readonly when: string;
  readonly stack: Parameters<Surroundings["stack"]>;
  /** What binds `pulumi up`; empty where nothing does; `null` where there is no `pulumi up`. */
  readonly binding: string | null;
  /** Nothing binds it, and whoever approves it is told so. */
  readonly told?: true;
}

const rows = { "0-preflight": "2026-01-01T03:00:00Z" };
const verified = { ...rows, "2-verify-1.6.0": "2026-01-01T03:00:45Z" };
const { plan, ...state } = bumped("1.4.0", "1.6.0");
const approvedPlan = plan.hash;

export const cases: readonly Case[] = [
  { when: "a plan", stack: [{ version: "1.5.1" }], binding: "e278eb6e951cd277" },
  {
    when: "nothing to do",
    stack: [{ version: "1.6.0" }, [{ ledger: { ...state, plan }, rows: verified }]],
    binding: planHash({ from: "1.6.0", to: "1.6.0", steps: [] }),
  },
  {
    when: "a plan that the stack's file approves",
    stack: [{ version: "1.5.1", approvedPlan: "e278eb6e951cd277" }],
    binding: "",
  },
  {
    when: "the rest of an approved plan, after a run that did not finish",
    stack: [{ version: "1.6.0" }, [{ ledger: bumped("1.4.0", "1.6.0", { policy: { approvedPlan } }), rows }]],
    binding: approvedPlan,
  },
  {
    when: "a guess, after a run that did not finish and that nobody approved",
    stack: [{ version: "1.6.0" }, [{ ledger: { ...state, plan }, rows }]],
    binding: "",
    told: true,
  },
  {
    when: "a restore that only the cluster's record decides",
    stack: [
      { version: "1.4.0", restore: "20260101t023000z-1.4.0" },
      [{ ledger: { ...state, plan }, rows: verified }],
    ],
    binding: "",
    told: true,
  },
  {
    when: "a refusal",
    stack: [{ version: "1.3.1" }, [{ ledger: { ...state, plan }, rows: verified }]],
    binding: null,
  },
  {
    when: "a refusal that is only guessed, after a run that did not finish",
    stack: [{ version: "1.3.1" }, [{ ledger: { ...state, plan }, rows }]],
    binding: "",
    told: true,
  },
];
