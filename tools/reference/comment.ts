import * as ts from "typescript";

/** The parts of a key's comment, each in one line. */
export interface Comment {
  /** What the key does. */
  readonly text: string;
  /** `@default`: a value as JSON, or after a dash, in words, what happens without the key. */
  readonly default: string | undefined;
  readonly unit: string | undefined;
  /** `@see`: the address of its documentation. */
  readonly see: string | undefined;
}

/** Reads the comment of a property, whatever its type was derived from. */
export function commentOf(checker: ts.TypeChecker, property: ts.Symbol): Comment {
  const tag = (name: string) => {
    const found = property.getJsDocTags(checker).find((one) => one.name === name);
    return found === undefined ? undefined : inOneLine(ts.displayPartsToString(found.text));
  };
  return {
    text: inOneLine(ts.displayPartsToString(property.getDocumentationComment(checker))),
    default: tag("default"),
    unit: tag("unit"),
    // The compiler splits an address as if it were the name of a symbol.
    see: tag("see")?.replaceAll(" ", ""),
  };
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Returns the value of a `@default`, if it has one rather than words. */
export function defaultValue({ default: given }: Comment): unknown {
  return given === undefined || given.startsWith("-") ? undefined : JSON.parse(given);
}
