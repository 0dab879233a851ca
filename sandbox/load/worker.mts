/**
 * The process that sends the requests. Its parent talks to it by Node's own channel; without a parent it ends.
 * Node runs this file as it is, with no compiler: a load starts often, and beside what it is to measure.
 */
import { Agent, type IncomingMessage, request } from "node:http";
import type { Failure, FailureKind, LoadOptions, LoadReport, WorkerMessage } from "./load.js";

const tickMilliseconds = 5;
const examplesKept = 20;

class Generator {
  private readonly options: Required<LoadOptions>;
  private readonly target: URL;
  // All connections are used in turn, so that none lies idle while its pod goes away.
  private readonly agent: Agent;
  private readonly begun = performance.now();
  private readonly latencies: number[] = [];
  private readonly failures: Partial<Record<FailureKind, number>> = {};
  private readonly examples: Failure[] = [];
  private last: Failure | undefined;
  /** Name by id of what was written, to compare what is read. */
  private readonly written = new Map<number, string>();
  private readonly ids: number[] = [];
  private issued = 0;
  private answered = 0;
  private failed = 0;
  private stopped = false;

  constructor(options: Required<LoadOptions>) {
    this.options = options;
    this.target = new URL(options.url);
    this.agent = new Agent({ keepAlive: true, maxSockets: options.connections, scheduling: "fifo" });
  }

  run(): void {
    const ticker = setInterval(() => {
      const elapsed = (performance.now() - this.begun) / 1000;
      if (this.stopped || elapsed > this.options.maxSeconds) {
        clearInterval(ticker);
        return;
      }
      // A request is sent when it is due, however slow the answers are.
      while (this.issued < elapsed * this.options.requestsPerSecond) this.issue();
    }, tickMilliseconds);
  }

  progress(): { requests: number; failed: number } {
    return { requests: this.answered, failed: this.failed };
  }

  async stop(): Promise<LoadReport> {
    this.stopped = true;
    const seconds = (performance.now() - this.begun) / 1000;
    while (this.answered < this.issued) await new Promise((resolve) => setTimeout(resolve, 20));
    this.agent.destroy();
    this.latencies.sort((a, b) => a - b);
    const percentile = (part: number): number =>
      Math.round((this.latencies[Math.floor(this.latencies.length * part)] ?? 0) * 10) / 10;
    return {
      requests: this.answered,
      failed: this.failed,
      failures: this.failures,
      examples: this.last === undefined ? this.examples : [...this.examples, this.last],
      written: this.ids,
      p50: percentile(0.5),
      p99: percentile(0.99),
      seconds: Math.round(seconds * 10) / 10,
    };
  }

  private issue(): void {
    const number = this.issued++;
    const share = this.options.writes;
    if (Math.floor((number + 1) * share) > Math.floor(number * share)) {
      const name = `load-${process.pid}-${number}`;
      const body = JSON.stringify({ name, content: "c".repeat(200), note: `note of ${name}` });
      this.send("POST", "/v1/modules", body, (status, text) => {
        const id = status === 201 ? (JSON.parse(text) as { id?: number }).id : undefined;
        if (id === undefined) return "no module was made";
        this.written.set(id, name);
        this.ids.push(id);
        return undefined;
      });
      return;
    }
    const id = this.ids[Math.floor(Math.random() * this.ids.length)];
    if (id === undefined || number % 2 === 0) {
      this.send("GET", "/v1/modules?limit=20", undefined, () => undefined);
      return;
    }
    this.send("GET", `/v1/modules/${id}`, undefined, (_, text) =>
      (JSON.parse(text) as { name?: string }).name === this.written.get(id)
        ? undefined
        : "not what was written",
    );
  }

  /** Sends one request; `check` says what is wrong with a good answer. */
  private send(
    method: string,
    path: string,
    body: string | undefined,
    check: (status: number, text: string) => string | undefined,
  ): void {
    const due = performance.now();
    let open = true;
    const settle = (kind?: FailureKind, detail = ""): void => {
      if (!open) return;
      open = false;
      clearTimeout(timer);
      this.answered++;
      this.latencies.push(performance.now() - due);
      if (kind !== undefined)
        this.note({ at: new Date().toISOString(), kind, request: `${method} ${path}`, detail });
    };
    const outgoing = request({
      agent: this.agent,
      host: this.target.hostname,
      port: this.target.port,
      method,
      path,
      headers:
        body === undefined
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
    });
    const timer = setTimeout(() => {
      settle("timeout", `no answer in ${this.options.timeoutSeconds} s`);
      outgoing.destroy();
    }, this.options.timeoutSeconds * 1000);
    const broken = (error: NodeJS.ErrnoException): void => {
      settle(
        error.code === "ECONNREFUSED" ? "refused" : "reset",
        `${error.code ?? ""} ${error.message}`.trim(),
      );
    };
    outgoing.on("error", broken);
    outgoing.on("response", (incoming: IncomingMessage) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (part: string) => (text += part));
      incoming.on("error", broken);
      incoming.on("end", () => {
        const status = incoming.statusCode ?? 0;
        if (status >= 500) settle("5xx", `${status} ${text.slice(0, 200)}`);
        else if (status >= 400) settle("4xx", `${status} ${text.slice(0, 200)}`);
        else {
          const wrong = wrongWith(() => check(status, text));
          settle(wrong === undefined ? undefined : "wrong answer", wrong);
        }
      });
    });
    outgoing.end(body);
  }

  private note(failure: Failure): void {
    this.failed++;
    this.failures[failure.kind] = (this.failures[failure.kind] ?? 0) + 1;
    if (this.examples.length < examplesKept) this.examples.push(failure);
    else this.last = failure;
  }
}

/** An answer that cannot be parsed is as wrong as one with other content. */
function wrongWith(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function tell(message: WorkerMessage): void {
  process.send?.(message);
}

const generator = new Generator(JSON.parse(process.argv[2] ?? "{}") as Required<LoadOptions>);
generator.run();
const progress = setInterval(() => {
  const now = generator.progress();
  if (now.requests > 0) tell({ type: "progress", ...now });
}, 200);
process.on("disconnect", () => process.exit());
process.on("message", () => {
  void generator.stop().then((report) => {
    clearInterval(progress);
    process.send?.({ type: "report", report } satisfies WorkerMessage, () => process.exit());
  });
});
