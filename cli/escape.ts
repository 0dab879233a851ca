/** Text as it stands inside a line of Markdown, or in a table's cell: nothing of it is read as Markdown or HTML. */
export function inMarkdown(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_{}[\]<>|~&]/g, "\\$&");
}

/** A link, where the address is one of the web and nothing else. */
export function linkInMarkdown(text: string, address: string): string {
  const isWeb = /^https?:\/\/[^\s()<>[\]\\|]+$/.test(address);
  return isWeb ? `[${inMarkdown(text)}](${address})` : `${inMarkdown(text)} (${inMarkdown(address)})`;
}

/** Text as it stands in a quoted label of Mermaid: what is no letter, digit or plain sign is written as its number. */
export function inMermaid(text: string): string {
  return oneLine(text).replaceAll(/[^\p{L}\p{N} .,:()/-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[\p{Cc}\p{Cf}]/gu, "");
}
