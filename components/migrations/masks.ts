/** Masking shorter strings would blank out ordinary words. */
const shortestSecret = 6;
/** A shorter line of a secret may be an ordinary word. */
const shortestLine = 16;
/** A URL with a password, such as a database's; it is masked whether the password is known or not. */
const urlPassword = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/?#"'`<>]*):[^\s/?#"'`<>]+@/gi;

/** Masks secrets in texts that people may read. */
export class Masks {
  #secrets: readonly string[] = [];

  constructor(secrets: readonly string[] = []) {
    this.add(secrets);
  }

  /** Masks these secrets as well from now on. */
  add(secrets: readonly string[]): void {
    const spelled = secrets.flatMap((secret) => [secret, ...longLines(secret)]).flatMap(spellings);
    // The longest first, so that a secret that contains another one is masked whole.
    this.#secrets = [...new Set([...this.#secrets, ...spelled])]
      .filter((secret) => secret.length >= shortestSecret)
      .sort((a, b) => b.length - a.length);
  }

  /** Returns the text with every secret masked, and the password of every URL. */
  readonly mask = (text: string): string =>
    this.#secrets
      .reduce((masked, secret) => masked.replaceAll(secret, "[secret]"), text)
      .replace(urlPassword, "$1:[secret]@");
}

/**
 * The ways other programs write a secret: Helm and Kubernetes quote what they cannot use, Go's JSON escapes HTML
 * characters, and a message of one line joins several.
 */
function spellings(secret: string): string[] {
  const quoted = JSON.stringify(secret).slice(1, -1);
  const inHtml = quoted.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  const joined = secret.trim().replace(/\s+/g, " ");
  return [secret, quoted, inHtml, joined, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
}

/** The lines of a multi-line secret: a single line of a private key or a kubeconfig already gives away too much. */
function longLines(secret: string): string[] {
  if (!secret.includes("\n")) return [];
  return secret
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.length >= shortestLine);
}
