import type { Holding } from "../../components/migrations/cluster/run/lease";

/** The run that works on the instance, or that died while it did. */
export interface LeaseState {
  readonly state: "held" | "run-out";
  readonly holder: string;
  readonly since: string;
  /** When it runs out, or ran out. */
  readonly runsOut: string;
}

/** Returns the state of the lease at a moment; `null` if nobody holds it. */
export function leaseState(holding: Holding | null, at: Date): LeaseState | null {
  if (holding === null) return null;
  const { holder, since, runsOut } = holding;
  return {
    state: at < runsOut ? "held" : "run-out",
    holder,
    since: since.toISOString(),
    runsOut: runsOut.toISOString(),
  };
}
