import type { z } from "zod";

/** Says what a schema found wrong in plain words; zod's own messages name its types. Never quotes what was given. */
export const schemaErrors: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined || issue.input === null) return "must be given";
  switch (issue.code) {
    case "invalid_type":
      return `must be ${typeWords[issue.expected] ?? issue.expected}`;
    case "invalid_union":
      return unionText(issue);
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
      return unusable;
  }
};

const unusable = "cannot be used";

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

interface Union {
  readonly errors: readonly (readonly z.core.$ZodIssue[])[];
  readonly options?: readonly z.core.util.Primitive[] | undefined;
}

/** Says `must be text or a number`, from what each alternative wants, or the values of the key that tells them apart. */
function unionText({ errors, options }: Union): string {
  const wanted = options?.map(String) ?? errors.flatMap(wantedBy);
  return wanted.length > 0 && wanted.length === (options ?? errors).length
    ? `must be ${listed(wanted, "or")}`
    : unusable;
}

/** What an alternative wants in place of the whole value; nothing if it found fault with a part of it. */
function wantedBy(issues: readonly z.core.$ZodIssue[]): string[] {
  const [issue, ...more] = issues;
  const wanted = more.length === 0 && issue?.path.length === 0 ? /^must be (.+)$/.exec(issue.message) : null;
  return wanted?.[1] === undefined ? [] : [wanted[1]];
}

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

/** Joins words to a list: `a, b or c`. */
export function listed(words: readonly string[], last: "and" | "or"): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
