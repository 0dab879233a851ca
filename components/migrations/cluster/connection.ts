import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { ApiException, KubeConfig, type RequestContext } from "@kubernetes/client-node";

/** How to reach the cluster: one answer for the ledger, the steps and the Release. */
export interface Connection {
  /** A kubeconfig's content or the path of its file; the usual places (KUBECONFIG, ~/.kube/config) when absent. */
  readonly kubeconfig?: string | undefined;
  /** A context of that kubeconfig; its current one when absent. */
  readonly context?: string | undefined;
}

/** A kubeconfig that cannot be used. It is never quoted: it is full of credentials. */
export class KubeconfigError extends Error {}

/** An API server that has not answered a request by then will not; the request ends with a `TimeoutError`. */
const requestMilliseconds = 30_000;

/** Every request of its clients ends in time, so that an API server that hangs hangs no step for ever. */
class TimelyKubeConfig extends KubeConfig {
  constructor(private readonly milliseconds: number) {
    super();
  }

  /** What the client does last before it sends a request. */
  override async applySecurityAuthentication(request: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(request);
    request.setSignal(AbortSignal.timeout(this.milliseconds));
  }
}

/** A client's configuration for the cluster; its requests end after `milliseconds`. */
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
    throw new KubeconfigError("the kubeconfig is no valid YAML, or lacks what a kubeconfig has");
  }
  if (context !== undefined) config.setCurrentContext(context);
  if (config.getCurrentCluster() === null) {
    const asked = context === undefined ? "no current context" : `no context ${context}`;
    throw new KubeconfigError(`the kubeconfig has ${asked}, or names no cluster for it`);
  }
  return config;
}

/** The file that a kubeconfig names, or `undefined` where it is the content itself. */
function pathOf(kubeconfig: string | undefined): string | undefined {
  if (kubeconfig === undefined || kubeconfig.includes("\n") || kubeconfig.trimStart().startsWith("{")) {
    return undefined;
  }
  const path = kubeconfig.startsWith("~/") ? join(homedir(), kubeconfig.slice(2)) : kubeconfig;
  if (!existsSync(path)) throw new KubeconfigError("the kubeconfig names a file that does not exist");
  return path;
}

/** Gives helm a kubeconfig as a file that nobody else can read, and takes the file away afterwards. */
export async function withKubeconfigFile<T>(
  connection: Connection,
  use: (path: string | undefined) => Promise<T>,
): Promise<T> {
  const { kubeconfig } = connection;
  const named = pathOf(kubeconfig);
  if (kubeconfig === undefined || named !== undefined) return use(named);
  const folder = mkdtempSync(join(tmpdir(), "bsr-"));
  try {
    chmodSync(folder, 0o700);
    const path = join(folder, "kubeconfig");
    writeFileSync(path, kubeconfig, { mode: 0o600 });
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The HTTP status of an error that the API server answered with, else `undefined`. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof ApiException ? error.code : undefined;
}

/** What `read` answers, or `undefined` where the API server says 404. */
export async function ifFound<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Of Node and of its HTTP client: a connection that was refused, broke off or was never made. */
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
 * Whether asking again may help: an API server that is being upgraded or has too much to do passes, a login or a
 * permission that it refuses does not.
 */
export function mayPass(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return status === 429 || status >= 500;
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return error.name === "TimeoutError" || passingCodes.has(code) || mayPass(error.cause);
}

/** One line about an error, with what the API server said of it. */
export function reasonOf(error: unknown): string {
  if (error instanceof ApiException) return `HTTP ${error.code}: ${apiMessage(error.body)}`;
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "the API server did not answer in time";
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.message}${cause}`;
}

function apiMessage(body: unknown): string {
  if (typeof body !== "string") return JSON.stringify(body);
  try {
    const parsed = JSON.parse(body) as { message?: unknown };
    return typeof parsed.message === "string" ? parsed.message : body;
  } catch {
    return body.trim();
  }
}
