/**
 * Load on an instance's API, the way its clients are: kept-alive connections, reads and writes mixed, no retries. It
 * runs in a process of its own, so what else the caller does disturbs no request.
 *
 * It is written on node:http because a load generator must honour `Connection: close`: autocannon sends its next
 * request on a connection that the server has just said it closes, and drops unanswered ones from its count.
 */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";

export interface LoadOptions {
  /** Address of the API, on 127.0.0.1: nothing else is ever put under load. */
  readonly url: string;
  /** @default 250 */
  readonly requestsPerSecond?: number;
  /** Part of the requests that write. @default 0.25 */
  readonly writes?: number;
  /** @default 16 */
  readonly connections?: number;
  /** It ends by itself after this long. @default 600 */
  readonly maxSeconds?: number;
  /** A request that takes longer has failed. @default 10 */
  readonly timeoutSeconds?: number;
}

/** Why a request failed. */
export type FailureKind = "refused" | "reset" | "timeout" | "5xx" | "4xx" | "wrong answer";

export interface Failure {
  readonly at: string;
  readonly kind: FailureKind;
  readonly request: string;
  readonly detail: string;
}

export interface LoadReport {
  readonly requests: number;
  readonly failed: number;
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>;
  /** The first few failures and the last one. */
  readonly examples: readonly Failure[];
  /** Ids of the modules whose writing was acknowledged. */
  readonly written: readonly number[];
  /** Milliseconds from the moment a request was due to its answer's last byte. */
  readonly p50: number;
  readonly p99: number;
  readonly seconds: number;
}

export interface Load {
  /** What has been counted up to about now. */
  soFar(): { readonly requests: number; readonly failed: number };
  /** Sends no more, waits for the answers that are still out, and reports. */
  stop(): Promise<LoadReport>;
}

/** What the worker sends. */
export type WorkerMessage =
  | { readonly type: "progress"; readonly requests: number; readonly failed: number }
  | { readonly type: "report"; readonly report: LoadReport };

const defaults = {
  requestsPerSecond: 250,
  writes: 0.25,
  connections: 16,
  maxSeconds: 600,
  timeoutSeconds: 10,
};

/** Starts the load; it is under way, with an answer counted, when this resolves. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const { hostname } = new URL(options.url);
  if (hostname !== "127.0.0.1") throw new Error(`load is only ever put on 127.0.0.1, not on ${hostname}`);
  const worker = fork(join(__dirname, "worker.mts"), [JSON.stringify({ ...defaults, ...options })], {
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  let soFar = { requests: 0, failed: 0 };
  worker.on("message", (message: WorkerMessage) => {
    if (message.type === "progress") soFar = { requests: message.requests, failed: message.failed };
  });
  await nextMessage(worker, "progress");
  return {
    soFar: () => soFar,
    async stop() {
      const reported = nextMessage(worker, "report");
      worker.send("stop");
      const { report } = await reported;
      return report;
    },
  };
}

function nextMessage<T extends WorkerMessage["type"]>(
  worker: ChildProcess,
  type: T,
): Promise<Extract<WorkerMessage, { type: T }>> {
  return new Promise((resolve, reject) => {
    const hear = (message: WorkerMessage): void => {
      if (message.type !== type) return;
      forget();
      resolve(message as Extract<WorkerMessage, { type: T }>);
    };
    const ended = (status: number | null): void => {
      forget();
      reject(new Error(`the load generator ended by itself with status ${status}`));
    };
    const forget = (): void => {
      worker.off("message", hear);
      worker.off("exit", ended);
    };
    worker.on("message", hear);
    worker.on("exit", ended);
  });
}
