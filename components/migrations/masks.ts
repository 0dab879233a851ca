/** Shorter strings would blank out ordinary words. */
const shortestSecret = 6;
/** A line of a secret may hold an ordinary word alone; one of this length hardly does. */
const shortestLine = 16;
/** A URL with a password, such as a database's: whoever wrote it, and whether the password is known or not. */
const urlPassword = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/?#"'`<>]*):[^\s/?#"'`<>]+@/gi;

/** Masks secrets in texts that somebody may read. */
export class Masks {
  #secrets: readonly string[] = [];

  constructor(secrets: readonly string[] = []) {
    this.add(secrets);
  }

  /** Masks these as well from now on. */
  add(secrets: readonly string[]): void {
    const spelled = secrets.flatMap((secret) => [secret, ...longLines(secret)]).flatMap(spellings);
    // The longest first, so that a secret that contains another one is masked whole.
    this.#secrets = [...new Set([...this.#secrets, ...spelled])]
      .filter((secret) => secret.length >= shortestSecret)
      .sort((a, b) => b.length - a.length);
  }

  /** The text with every secret masked, and the password of every URL. */
  readonly mask = (text: string): string =>
    this.#secrets
      .reduce((masked, secret) => masked.replaceAll(secret, "[secret]"), text)
      .replace(urlPassword, "$1:[secret]@");
}

/**
 * As others write it: Helm and Kubernetes quote what they cannot use, Go's JSON escapes what HTML would, and where one
 * line is wanted, lines are joined.
 */
function spellings(secret: string): string[] {
  const quoted = JSON.stringify(secret).slice(1, -1);
  const inHtml = quoted.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  const joined = secret.trim().replace(/\s+/g, " ");
  return [secret, quoted, inHtml, joined, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
}

/** The lines of a secret that has several: of a private key or a kubeconfig, one alone says too much. */
function longLines(secret: string): string[] {
  if (!secret.includes("\n")) return [];
  return secret
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.length >= shortestLine);
}
