import { InvalidArgumentError } from "commander";

/** Refuses an empty value, such as a script's variable that is not set leaves. */
export function filled(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It must not be empty.");
  return text;
}

/** Checks the name of a namespace or of a Helm release. */
export function nameOf(text: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError("It needs a name of lower case letters, digits and dashes.");
}
