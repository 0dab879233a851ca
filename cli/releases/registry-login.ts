import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { Unreadable } from "../unreadable";

/** The credentials for a registry. */
export type Login = (
  | { readonly kind: "password"; readonly password: string }
  | { readonly kind: "identity-token"; readonly token: string }
) & {
  readonly name: string;
  /** Where it was found, for messages. */
  readonly source: string;
};

/** Returns name and password as an HTTP Basic authorization. */
export function basic(login: Login): string {
  const secret = login.kind === "password" ? login.password : login.token;
  return `Basic ${Buffer.from(`${login.name}:${secret}`).toString("base64")}`;
}

const entrySchema = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
});

const fileSchema = z.object({
  auths: z.record(z.string(), entrySchema).default({}),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).default({}),
});

/** Finds the login that Helm would use for a registry: in its own file, else in Docker's; `null` if neither has one. */
export async function findLogin(registry: string, env: NodeJS.ProcessEnv): Promise<Login | null> {
  for (const file of loginFiles(env)) {
    const content = readLogins(file);
    if (content === undefined) continue;
    const helper = content.credHelpers[registry] ?? content.credsStore;
    const login =
      (helper === undefined ? null : await askHelper(helper, registry, env)) ??
      loginIn(content.auths, registry, file);
    if (login !== null) return login;
  }
  return null;
}

/** Returns the files in which Helm and Docker keep logins, in the order in which Helm looks. */
export function loginFiles(env: NodeJS.ProcessEnv): string[] {
  const helm = env["HELM_REGISTRY_CONFIG"] ?? join(helmFolder(env), "registry", "config.json");
  const docker = join(env["DOCKER_CONFIG"] ?? join(home(env), ".docker"), "config.json");
  return [helm, docker];
}

function helmFolder(env: NodeJS.ProcessEnv): string {
  const given = env["HELM_CONFIG_HOME"];
  if (given !== undefined) return given;
  if (env["XDG_CONFIG_HOME"] !== undefined) return join(env["XDG_CONFIG_HOME"], "helm");
  switch (process.platform) {
    case "darwin":
      return join(home(env), "Library", "Preferences", "helm");
    case "win32":
      return join(env["APPDATA"] ?? home(env), "helm");
    default:
      return join(home(env), ".config", "helm");
  }
}

function home(env: NodeJS.ProcessEnv): string {
  return env["HOME"] ?? homedir();
}

function readLogins(file: string): z.infer<typeof fileSchema> | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unusable(`${file} cannot be read`, `make ${file} readable`);
  }
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    // The file is never quoted, as it holds passwords.
    throw unusable(`${file} is not a file of registry logins`, `fix ${file}`);
  }
}

function loginIn(auths: z.infer<typeof fileSchema>["auths"], registry: string, source: string): Login | null {
  const [, entry] = Object.entries(auths).find(([key]) => hostOf(key) === registry) ?? [];
  if (entry === undefined) return null;
  const [name = "", password = ""] =
    entry.auth === undefined ? [entry.username, entry.password] : splitAuth(entry.auth);
  if (entry.identitytoken) return { kind: "identity-token", name, token: entry.identitytoken, source };
  return name === "" && password === "" ? null : { kind: "password", name, password, source };
}

/** Returns the host of a key: Docker keeps some registries under an address with scheme and path. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}

function splitAuth(auth: string): [string, string] {
  const text = Buffer.from(auth, "base64").toString();
  const colon = text.indexOf(":");
  return colon === -1 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** What a credential helper answers. If it answers with a token, the user name is a fixed word. */
const answerSchema = z.object({ Username: z.string(), Secret: z.string() });
const tokenName = "<token>";

async function askHelper(name: string, registry: string, env: NodeJS.ProcessEnv): Promise<Login | null> {
  const source = `docker-credential-${name}`;
  const { status, output } = await run(source, registry, env);
  if (status !== 0) {
    // The helpers' only way to say that they have no credentials.
    if (output.includes("credentials not found")) return null;
    throw unusable(`${source} failed: ${output.trim().slice(0, 200)}`, `fix ${source}`);
  }
  const parsed = answerSchema.safeParse(json(output));
  if (!parsed.success) throw unusable(`${source} does not answer with a login`, `fix ${source}`);
  const { Username: user, Secret: secret } = parsed.data;
  if (user === "" && secret === "") return null;
  return user === tokenName
    ? { kind: "identity-token", name: user, token: secret, source }
    : { kind: "password", name: user, password: secret, source };
}

function run(
  program: string,
  input: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly status: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["get"], { env, stdio: ["pipe", "pipe", "ignore"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stdin.on("error", () => undefined); // it may end before it has read everything
    child.stdin.end(input);
    child.on("error", () => reject(unusable(`${program} cannot be run`, `install ${program}`)));
    child.on("close", (status) => resolve({ status, output }));
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unusable(found: string, remedy: string): Unreadable {
  return new Unreadable(
    "the registry's login could not be read",
    found,
    "Helm's or Docker's file of registry logins, or a credential helper that it names",
    `${remedy}, or give --username and --password-stdin`,
  );
}
