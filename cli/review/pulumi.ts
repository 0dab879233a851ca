import { execFile, type ExecFileException } from "node:child_process";
import { jsonOf } from "../../components/migrations/cluster/unusable";
import { Unreadable } from "../unreadable";

/** A stack of a project. */
export interface StackAddress {
  readonly folder: string;
  /** The selected stack when absent. */
  readonly stack: string | undefined;
}

/** More than any state needs. */
const maximumBytes = 512 * 1024 * 1024;

/** Returns what `pulumi stack export` writes: secrets stay encrypted, so no passphrase or key is needed. */
export function exportState(address: StackAddress): Promise<unknown> {
  return pulumi(address, ["stack", "export"]);
}

/** Returns what `pulumi config --json` writes: of a secret it shows only that it is one. */
export function readConfig(address: StackAddress): Promise<unknown> {
  return pulumi(address, ["config", "--json"]);
}

async function pulumi({ folder, stack }: StackAddress, command: readonly string[]): Promise<unknown> {
  const which = stack === undefined ? [] : ["--stack", stack];
  const words = `pulumi ${command.join(" ")}`;
  const answer = jsonOf(
    await run(words, [...command, ...which, "--non-interactive", "--color", "never"], folder),
  );
  if (answer !== undefined) return answer;
  throw new Unreadable(
    "The stack could not be read.",
    `${words} wrote no JSON`,
    "a pulumi command that shows the stack as JSON",
    "check what it writes; use a pulumi command of version 3",
  );
}

function run(words: string, args: readonly string[], cwd: string): Promise<string> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return new Promise((resolve, reject) => {
    execFile("pulumi", args, { cwd, env, maxBuffer: maximumBytes }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(unreadable(words, error, stderr));
    });
  });
}

function unreadable(words: string, error: ExecFileException, stderr: string): Unreadable {
  if (error.code === "ENOENT") {
    return new Unreadable(
      "The stack could not be read.",
      "no program named pulumi on PATH",
      "the pulumi command, logged in to where the stack is kept",
      "install it: https://www.pulumi.com/docs/install/",
    );
  }
  const said = reason(stderr);
  const [wanted, remedy] = wantedOf(said);
  return new Unreadable("The stack could not be read.", `${words} failed: ${said}`, wanted, remedy);
}

/** Returns the first line that reports an error, without a login that an address may hold. */
function reason(stderr: string): string {
  const lines = stderr
    .split("\n")
    .map((line) => line.replace(/[\p{Cc}\p{Cf}]/gu, "").trim())
    .filter((line) => line !== "");
  const line = lines.find((one) => one.startsWith("error:")) ?? lines.at(-1) ?? "it wrote no reason";
  return line.replace(/^error:\s*/, "").replaceAll(/\/\/[^/\s]*@/g, "//");
}

function wantedOf(said: string): [wanted: string, remedy: string] {
  if (/no stack (named|selected)|not found|stack name|fully qualified/i.test(said)) {
    return ["a stack that exists", "name one with --stack; pulumi stack ls lists those of the project"];
  }
  if (/log ?in|logged in|access token|unauthorized|forbidden|credentials|permission denied/i.test(said)) {
    return [
      "a login to where the stack is kept",
      "pulumi login, or set PULUMI_ACCESS_TOKEN or PULUMI_BACKEND_URL as for pulumi preview",
    ];
  }
  return ["a pulumi command that can read the stack", "check that pulumi stack export works in this folder"];
}
