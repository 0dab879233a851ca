import { existsSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import {
  ApiException,
  createConfiguration,
  KubeConfig,
  ServerConfiguration,
  type ApiType,
  type Configuration,
  type RequestContext,
} from "../../kubernetes-client";
import { checkedAnswers } from "./checked-answers";
import { withPrivateFolder } from "./run/private-folder";
import { jsonOf } from "./unusable";

/** How to reach the cluster; the same for the ledger, the steps and the Release. */
export interface Connection {
  /** A kubeconfig's content or the path of its file; the usual places (KUBECONFIG, ~/.kube/config) when absent. */
  readonly kubeconfig?: string | undefined;
  /** A context of that kubeconfig; its current one when absent. */
  readonly context?: string | undefined;
}

/** A kubeconfig that cannot be used. It is never quoted, as it holds credentials. */
export class KubeconfigError extends Error {}

/** A request that the API server has not answered by then ends with a `TimeoutError`. */
const requestMilliseconds = 30_000;

/** Gives every request a time limit, so that an API server that hangs does not hang a step for ever. */
class TimelyKubeConfig extends KubeConfig {
  constructor(private readonly milliseconds: number) {
    super();
  }

  /** The last thing the client does before it sends a request. */
  override async applySecurityAuthentication(request: RequestContext): Promise<void> {
    try {
      await super.applySecurityAuthentication(request);
    } catch (error) {
      if (mayPass(error)) throw error;
      throw new KubeconfigError(`the kubeconfig cannot be used to log in: ${loginTrouble(error)}`);
    }
    if (!Object.values(request.getHeaders()).every((value) => sendable.test(value))) {
      throw new KubeconfigError(
        "the kubeconfig's user has a token that cannot be sent, such as one with a line break",
      );
    }
    request.setSignal(AbortSignal.timeout(this.milliseconds));
  }

  override makeApiClient<T extends ApiType>(client: new (configuration: Configuration) => T): T {
    const baseServer = new ServerConfiguration(this.getCurrentCluster()?.server ?? "", {});
    return new client(
      createConfiguration({ baseServer, authMethods: { default: this }, httpApi: checkedAnswers }),
    );
  }
}

/** Returns a client's configuration for the cluster; its requests end after `milliseconds`. */
export function connect(
  { kubeconfig, context }: Connection,
  milliseconds: number = requestMilliseconds,
): KubeConfig {
  const config = new TimelyKubeConfig(milliseconds);
  const path = pathOf(kubeconfig);
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else if (path !== undefined) config.loadFromFile(path);
    else config.loadFromString(kubeconfig);
  } catch {
    throw new KubeconfigError("the kubeconfig is not valid YAML, or lacks what a kubeconfig must have");
  }
  if (context !== undefined) config.setCurrentContext(context);
  if (config.getCurrentCluster() === null) {
    const asked = context === undefined ? "no current context" : `no context ${context}`;
    throw new KubeconfigError(`the kubeconfig has ${asked}, or names no cluster for it`);
  }
  const { server, proxyUrl } = config.getCurrentCluster() ?? {};
  if (!isAddress(server) || (proxyUrl !== undefined && !isAddress(proxyUrl))) {
    throw new KubeconfigError(
      "the kubeconfig's cluster has no server or proxy-url that is an http or https address",
    );
  }
  return config;
}

function isAddress(text: string | undefined): boolean {
  return /^https?:$/.test(URL.parse(text ?? "")?.protocol ?? "");
}

/** What a header may hold. The HTTP client refuses anything else, and quotes it. */
const sendable = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Says why logging in failed, such as a missing file; never quotes what a credential plugin has answered. */
function loginTrouble(error: unknown): string {
  if (!(error instanceof Error) || error instanceof SyntaxError || error instanceof TypeError) {
    return "its credential plugin does not answer with a credential";
  }
  return oneLine(error.message);
}

/** Returns the file that a kubeconfig names, or `undefined` if it is the content itself. */
function pathOf(kubeconfig: string | undefined): string | undefined {
  if (kubeconfig === undefined || kubeconfig.includes("\n") || kubeconfig.trimStart().startsWith("{")) {
    return undefined;
  }
  const path = kubeconfig.startsWith("~/") ? join(homedir(), kubeconfig.slice(2)) : kubeconfig;
  if (!existsSync(path)) throw new KubeconfigError("the kubeconfig names a file that does not exist");
  return path;
}

/** Writes the kubeconfig to a file that nobody else can read, for helm, and removes the file afterwards. */
export async function withKubeconfigFile<T>(
  connection: Connection,
  use: (path: string | undefined) => Promise<T>,
): Promise<T> {
  const { kubeconfig } = connection;
  const named = pathOf(kubeconfig);
  if (kubeconfig === undefined || named !== undefined) return use(named);
  return withPrivateFolder((folder) => {
    const path = join(folder, "kubeconfig");
    writeFileSync(path, kubeconfig, { mode: 0o600 });
    return use(path);
  });
}

/** Returns the HTTP status that the API server answered with, or `undefined` for any other error. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof ApiException ? error.code : undefined;
}

/** Returns what `read` answers, or `undefined` if the API server answers 404. */
export async function ifFound<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Error codes of Node and its HTTP client for a connection that was refused, broke off or was never made. */
const passingCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

/**
 * Whether asking again may help. It may if the API server is being upgraded or overloaded; it does not if the server
 * refuses the login or a permission.
 */
export function mayPass(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return status === 429 || status >= 500;
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return error.name === "TimeoutError" || passingCodes.has(code) || mayPass(error.cause);
}

/** How much is quoted of a text that neither the API server nor this package has written. */
const quoted = 200;

/** Whether an error is a bug of this package, not the cluster's or the network's: a TypeError of the HTTP client has a cause. */
export function isOwnMistake(error: unknown): boolean {
  return error instanceof TypeError && error.cause === undefined;
}

/** Describes an error in one line, with what the API server said. */
export function reasonOf(error: unknown): string {
  if (error instanceof ApiException) {
    return [`HTTP ${error.code}`, apiMessage(error.body)].filter((part) => part !== "").join(": ");
  }
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "the API server did not answer in time";
  if (
    error.cause instanceof Error &&
    "code" in error.cause &&
    String(error.cause.code).startsWith("ERR_OSSL")
  ) {
    return "a certificate or a key of the kubeconfig cannot be read; it must be PEM, in base64";
  }
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.message}${cause}`;
}

/** Returns the API server's message, or the beginning of what something else answers in its place, such as a proxy. */
function apiMessage(body: unknown): string {
  const parsed = (typeof body === "string" ? jsonOf(body) : body) as { message?: unknown } | null | undefined;
  if (typeof parsed?.message === "string") return parsed.message;
  return oneLine(typeof body === "string" ? body : (JSON.stringify(body) ?? ""));
}

/** Joins a text into one line and cuts it between two words or tags, as no mask would find half a secret. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= quoted) return line;
  return `${/^.*[ >]/.exec(line.slice(0, quoted))?.[0] ?? ""}…`;
}
