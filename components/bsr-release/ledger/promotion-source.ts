import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { parseExact } from "../../migrations/planner";
import type { CheckedPromotion } from "../args/promotion";
import type { LedgerRequest } from "./request";
import { isMap } from "../values/values";

type Promotion = NonNullable<LedgerRequest["policy"]["promotion"]>;

/**
 * What the ledger has to know to judge a promotion: what the other stack has verified, read now.
 *
 * The other stack is read with the engine's function behind StackReference. As a resource, a stack that cannot be read
 * would end every run of this one, also a way back in an emergency; and its outputs would be copied into this state.
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

/** A name alone is a stack of this project and organization, with every backend. */
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

/** What outputs tell as verified. One of another shape is never quoted: it may be anything, also a secret. */
export function verifiedOf(outputs: unknown, output?: string): Found {
  const given = output === undefined || !isMap(outputs) ? outputs : outputs[output];
  const parsed = outputsSchema.safeParse(isMap(given) ? given : {});
  if (parsed.success) {
    return { verified: { version: parsed.data.deployedVersion, at: parsed.data.verifiedAt } };
  }
  const under = output === undefined ? "" : `${output}.`;
  const problems = parsed.error.issues.map(({ path: [key = ""] }) =>
    isMap(given) && given[String(key)] !== undefined
      ? `its output ${under}${String(key)} is no ${key === "verifiedAt" ? "time" : "version"}`
      : `it has no output ${under}${String(key)}`,
  );
  return { unreadable: problems.join(", and ") };
}
