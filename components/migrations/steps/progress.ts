/** Longer lines are cut: the engine's log reader stops at 64 KiB. */
const lineLimit = 2000;
/** Shorter strings would blank out ordinary words. */
const shortestSecret = 6;
/** A line of a secret may hold an ordinary word alone; one of this length hardly does. */
const shortestLine = 16;

/** Short lines for the person who watches, with every secret masked. */
export class Progress {
  readonly #secrets: readonly string[];

  constructor(
    secrets: readonly string[],
    private readonly write: (text: string) => void = (text) => process.stderr.write(text),
  ) {
    // The longest first, so that a secret that contains another one is masked whole.
    this.#secrets = [
      ...new Set(secrets.flatMap((secret) => [secret, ...longLines(secret)]).flatMap(spellings)),
    ]
      .filter((secret) => secret.length >= shortestSecret)
      .sort((a, b) => b.length - a.length);
  }

  mask(text: string): string {
    return this.#secrets.reduce((masked, secret) => masked.replaceAll(secret, "[secret]"), text);
  }

  say(text: string): void {
    this.write(
      this.mask(text)
        .split("\n")
        .map((line) => `${line.slice(0, lineLimit)}\n`)
        .join(""),
    );
  }
}

/** As others write it: Helm and Kubernetes quote what they cannot use, and Go's JSON escapes what HTML would. */
function spellings(secret: string): string[] {
  const quoted = JSON.stringify(secret).slice(1, -1);
  const inHtml = quoted.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  return [secret, quoted, inHtml, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
}

/** The lines of a secret that has several: of a private key or a kubeconfig, one alone says too much. */
function longLines(secret: string): string[] {
  if (!secret.includes("\n")) return [];
  return secret
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.length >= shortestLine);
}
