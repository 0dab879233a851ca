import { parseExact, type Version } from "./versions";

/** What a user accepts: the loss on the way from this mark to this target. */
export interface Acknowledgement {
  readonly mark: Version;
  readonly target: Version;
}

/** The two versions of `"<high-water mark>-><target>"`; `null` when the text is no such pair (R12). */
export function parseAcknowledgement(text: string): Acknowledgement | null {
  const [markText, targetText, ...rest] = text.split("->");
  const mark = parseExact(markText ?? "");
  const target = parseExact(targetText ?? "");
  return mark !== null && target !== null && rest.length === 0 ? { mark, target } : null;
}

/** The text that acknowledges a way down from this mark to this target. */
export function acknowledgementText(mark: Version, target: Version): string {
  return `${mark.version}->${target.version}`;
}
