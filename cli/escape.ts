/** Escapes text for a line of Markdown or a table's cell: nothing of it is read as Markdown or HTML. */
export function inMarkdown(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_{}[\]<>|~&]/g, "\\$&");
}

/** Writes a link if the address is a plain web address; if not, only its text. */
export function linkInMarkdown(text: string, address: string): string {
  const isWeb = /^https?:\/\/[^\s()<>[\]\\|]+$/.test(address);
  return isWeb ? `[${inMarkdown(text)}](${address})` : `${inMarkdown(text)} (${inMarkdown(address)})`;
}

/** Escapes text for a quoted Mermaid label: anything but letters, digits and plain signs is written as its number. */
export function inMermaid(text: string): string {
  return oneLine(text).replaceAll(/[^\p{L}\p{N} .,:()/-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[\p{Cc}\p{Cf}]/gu, "");
}
