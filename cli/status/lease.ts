import type { Holding } from "../../components/migrations/cluster/run/lease";

/** Who works on the instance, or did when it died. */
export interface LeaseState {
  readonly state: "held" | "run-out";
  readonly holder: string;
  readonly since: string;
  /** When it runs out, or ran out. */
  readonly runsOut: string;
}

/** The lease as it stands at a moment; `null` where nobody holds it. */
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
