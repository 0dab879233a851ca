import { parseExact, type Version } from "./versions";

/** The loss that a user accepts: on the way down from this mark to this target. */
export interface Acknowledgement {
  readonly mark: Version;
  readonly target: Version;
}

/** Parses `"<high-water mark>-><target>"`; `null` when the text is not such a pair (R12). */
export function parseAcknowledgement(text: string): Acknowledgement | null {
  const [markText, targetText, ...rest] = text.split("->");
  const mark = parseExact(markText ?? "");
  const target = parseExact(targetText ?? "");
  return mark !== null && target !== null && rest.length === 0 ? { mark, target } : null;
}

/** Returns the text that acknowledges a way down from this mark to this target. */
export function acknowledgementText(mark: Version, target: Version): string {
  return `${mark.version}->${target.version}`;
}
