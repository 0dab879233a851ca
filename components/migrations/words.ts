import type { z } from "zod";

/** What a schema finds wrong, in the words of this package: zod's own speak of its types. Nothing that was given is quoted. */
export const words: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined || issue.input === null) return "must be given";
  switch (issue.code) {
    case "invalid_type":
      return `must be ${typeWords[issue.expected] ?? issue.expected}`;
    case "invalid_union":
      return "must be text or a number";
    case "invalid_value":
      return `must be ${listed(issue.values.map(String), "or")}`;
    case "invalid_format":
      return `must be ${formatWords[issue.format] ?? "written in another way"}`;
    case "too_small":
      return `must ${bound("least", Number(issue.minimum), issue)}`;
    case "too_big":
      return `must ${bound("most", Number(issue.maximum), issue)}`;
    case "unrecognized_keys":
      return `there is no such key: ${issue.keys.join(", ")}`;
    default:
      return "cannot be used";
  }
};

const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map",
  record: "a map",
  array: "a list",
};

const formatWords: Readonly<Record<string, string>> = {
  date: "a day such as 2025-06-30",
  datetime: "a time such as 2025-06-30T12:00:00Z",
};

function bound(
  which: "least" | "most",
  limit: number,
  { origin, inclusive }: { readonly origin: string; readonly inclusive?: boolean | undefined },
): string {
  if (origin === "string") return `have at ${which} ${limit} characters`;
  if (origin === "array") return `have at ${which} ${limit} items`;
  if (inclusive === false) return `be ${which === "least" ? "more" : "less"} than ${limit}`;
  return `be ${limit} or ${which === "least" ? "more" : "less"}`;
}

export function listed(words: readonly string[], last: "and" | "or"): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
