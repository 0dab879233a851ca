import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { parseExact } from "../../migrations/planner";
import type { CheckedPromotion } from "../args/promotion";
import type { LedgerRequest } from "./request";
import { isMap } from "../values/values";

type Promotion = NonNullable<LedgerRequest["policy"]["promotion"]>;

/**
 * Reads what the other stack has verified, which the ledger needs to judge a promotion.
 *
 * It calls the engine's function behind StackReference. With a StackReference as a resource, a stack that cannot be
 * read would end every run of this one, even a way back in an emergency; and its outputs would be copied into this
 * state.
 */
export async function readPromotion({ from, output, soak, override }: CheckedPromotion): Promise<Promotion> {
  const stack = fullName(from);
  return {
    stack,
    readAt: new Date().toISOString(),
    ...(soak === undefined ? {} : { soak }),
    ...(override === undefined ? {} : { override }),
    ...(await read(stack, output)),
  };
}

/** Completes a stack's name. A name alone means a stack of this project and organization, with every backend. */
function fullName(from: string): string {
  return from.includes("/") ? from : `${pulumi.getOrganization()}/${pulumi.getProject()}/${from}`;
}

type Found = Pick<Promotion, "verified" | "unreadable">;

async function read(stack: string, output: string | undefined): Promise<Found> {
  if (stack === fullName(pulumi.getStack())) return { unreadable: "it is this stack itself" };
  try {
    const answer: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: stack });
    return verifiedOf(isMap(answer) ? answer["outputs"] : undefined, output);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { unreadable: text.replace(/^.* returned an error: /s, "") };
  }
}

const outputsSchema = z.object({
  deployedVersion: z.string().refine((text) => parseExact(text) !== null),
  verifiedAt: z.iso.datetime(),
});

/** Returns what the outputs name as verified. An output of another shape is never quoted, as it may be a secret. */
export function verifiedOf(outputs: unknown, output?: string): Found {
  const given = output === undefined || !isMap(outputs) ? outputs : outputs[output];
  const parsed = outputsSchema.safeParse(isMap(given) ? given : {});
  if (parsed.success) {
    return { verified: { version: parsed.data.deployedVersion, at: parsed.data.verifiedAt } };
  }
  const under = output === undefined ? "" : `${output}.`;
  const problems = parsed.error.issues.map(({ path: [key = ""] }) =>
    isMap(given) && given[String(key)] !== undefined
      ? `its output ${under}${String(key)} is not a ${key === "verifiedAt" ? "time" : "version"}`
      : `it has no output ${under}${String(key)}`,
  );
  return { unreadable: problems.join(", and ") };
}
