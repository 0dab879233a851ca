import type { Context } from "./context";
import type { VerifyStep } from "./input";
import { verifyDeploy } from "./verification";

/** What the last verification found: the component's outputs say what is, not what was meant. */
export interface Verified {
  readonly deployedVersion: string;
  readonly schemaOwner: string;
  readonly highWaterMark: string;
  readonly verifiedAt: string;
}

/** Verifies the deploy that the Release made. */
export async function verify(context: Context, step: VerifyStep): Promise<Verified> {
  const { verified, schemaOwner, highWaterMark } = await verifyDeploy(context, step);
  return {
    deployedVersion: step.version,
    schemaOwner: schemaOwner ?? step.version,
    highWaterMark: highWaterMark ?? step.version,
    verifiedAt: verified?.at ?? "",
  };
}
