import { Agent, get } from "node:http";

/** How often it asks. */
const everyMilliseconds = 20;
/** A request with no answer by then was not served. */
const timeoutMilliseconds = 5000;
/** A release that serves nobody by then will not. */
const patienceMilliseconds = 180_000;

interface Answer {
  readonly sent: number;
  readonly answered: number;
  /** The release that served it; null where it was refused or failed. */
  readonly servedBy: string | null;
}

/** A client that asks which release serves it, on a new connection each time, so that it meets every pod. */
export class Probe {
  readonly #agent = new Agent({ keepAlive: false });
  readonly #answers: Answer[] = [];
  readonly #timer: NodeJS.Timeout;
  #open = 0;

  constructor(private readonly url: string) {
    this.#timer = setInterval(() => this.#ask(), everyMilliseconds);
  }

  /** Asks no more, and waits for the answers that are still out. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    while (this.#open > 0) await pause();
  }

  get requests(): number {
    return this.#answers.length;
  }

  get failed(): number {
    return this.#answers.filter(({ servedBy }) => servedBy === null).length;
  }

  /** Waits until a release has served a request. */
  async servedBy(version: string): Promise<void> {
    const end = performance.now() + patienceMilliseconds;
    while (!this.#answers.some(({ servedBy }) => servedBy === version)) {
      if (performance.now() > end) throw new Error(`${version} served no request, of ${this.requests}`);
      await pause();
    }
  }

  /** When the first request was sent that was not served. */
  get firstRefused(): number {
    return this.#least(({ servedBy }) => servedBy === null, "sent", "no request was refused");
  }

  /** When the first request was answered by a release. */
  firstServedBy(version: string): number {
    return this.#least(({ servedBy }) => servedBy === version, "answered", `${version} served no request`);
  }

  #least(is: (answer: Answer) => boolean, at: "sent" | "answered", none: string): number {
    const found = this.#answers.filter(is).map((answer) => answer[at]);
    if (found.length === 0) throw new Error(`${none}, of ${this.requests}`);
    return Math.min(...found);
  }

  #ask(): void {
    const sent = performance.now();
    this.#open += 1;
    let settled = false;
    const settle = (servedBy: string | null): void => {
      if (settled) return;
      settled = true;
      this.#open -= 1;
      this.#answers.push({ sent, answered: performance.now(), servedBy });
    };
    const asked = get(`${this.url}/v1/version`, { agent: this.#agent, timeout: timeoutMilliseconds });
    asked
      .on("error", () => settle(null))
      .on("timeout", () => asked.destroy())
      .on("response", (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response
          .on("error", () => settle(null))
          .on("end", () =>
            settle(response.statusCode === 200 ? (JSON.parse(text) as { version: string }).version : null),
          );
      });
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, everyMilliseconds));
}
