import type { z } from "zod";
import { schemaErrors } from "../schema-errors";

/** An answer of the cluster that cannot be used. It is never quoted, as it may be secret. */
export class UnusableAnswer extends Error {
  override readonly name = "UnusableAnswer";

  constructor(
    readonly found: string,
    readonly wanted: string,
    readonly remedy: string,
  ) {
    super(`${found}; wanted: ${wanted}; ${remedy}`);
  }
}

/** The number of places that are named; the rest is counted. */
const placesNamed = 5;

/** Parses an answer, or throws the error that `unusable` makes from what is wrong with it, place by place. */
export function used<T>(schema: z.ZodType<T>, answer: unknown, unusable: (why: string) => UnusableAnswer): T {
  const parsed = schema.safeParse(answer, { error: schemaErrors });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => [path.join("."), message].join(" ").trim());
  const more = wrong.length > placesNamed ? [`and ${wrong.length - placesNamed} more`] : [];
  throw unusable([...wrong.slice(0, placesNamed), ...more].join(", "));
}

/** Parses a text as JSON; `undefined` if it is not JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
