import * as ts from "typescript";

/** What the comment of a key says, each part in one line. */
export interface Comment {
  /** The effect. */
  readonly text: string;
  /** `@default`: a value as JSON, or after a dash what happens in words. */
  readonly default: string | undefined;
  readonly unit: string | undefined;
  /** `@see`: where it is documented. */
  readonly see: string | undefined;
}

/** The comment of a property, wherever its type was derived from. */
export function commentOf(checker: ts.TypeChecker, property: ts.Symbol): Comment {
  const tag = (name: string) => {
    const found = property.getJsDocTags(checker).find((one) => one.name === name);
    return found === undefined ? undefined : inOneLine(ts.displayPartsToString(found.text));
  };
  return {
    text: inOneLine(ts.displayPartsToString(property.getDocumentationComment(checker))),
    default: tag("default"),
    unit: tag("unit"),
    // The compiler takes an address apart as if it were the name of a symbol.
    see: tag("see")?.replaceAll(" ", ""),
  };
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** The value of a `@default` that is one, not words. */
export function defaultValue({ default: given }: Comment): unknown {
  return given === undefined || given.startsWith("-") ? undefined : JSON.parse(given);
}
