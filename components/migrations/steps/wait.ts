import { mayPass, reasonOf } from "../cluster/connection";
import { sleep, type Context } from "./context";
import { StepFailure } from "./failure";

/** How often a wait in which nothing changes says that it is still waiting. */
const reminderMilliseconds = 30_000;
/** The time between two tries of a read that failed. */
const retryMilliseconds = 2000;

/** One wait of a step for one version, with its limit and its progress lines. */
export class Wait {
  readonly #began: number;
  #line = "";
  #saidAt = 0;

  constructor(
    private readonly context: Pick<Context, "progress" | "signal">,
    private readonly version: string,
    readonly limitSeconds: number,
    private readonly now: () => number = Date.now,
  ) {
    this.#began = now();
  }

  get elapsedMilliseconds(): number {
    return this.now() - this.#began;
  }

  get isOver(): boolean {
    return this.elapsedMilliseconds > this.limitSeconds * 1000;
  }

  /**
   * Says what the wait is for, in the words of `said`, when that has changed; if not, says now and then that it still
   * waits.
   */
  tell(line: string, said = line): void {
    const now = this.now();
    if (line !== this.#line) {
      this.context.progress.say(`${this.version}: ${said}`);
    } else if (now - this.#saidAt >= reminderMilliseconds) {
      const elapsed = Math.round(this.elapsedMilliseconds / 1000);
      const limit = `${elapsed} s of at most ${this.limitSeconds} s`;
      this.context.progress.say(`${this.version}: still waiting, ${limit}: ${line}`);
    } else {
      return;
    }
    this.#line = line;
    this.#saidAt = now;
  }

  pause(milliseconds: number): Promise<void> {
    return sleep(milliseconds, this.context.signal);
  }

  /**
   * Reads from the cluster, and tries again while it does not answer: an upgrade of its API server must not fail a
   * deploy.
   */
  async read<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!mayPass(error)) throw error;
        if (this.isOver) throw this.#silent(error);
        this.tell(`the cluster does not answer: ${reasonOf(error)}`);
        await this.pause(retryMilliseconds);
      }
    }
  }

  #silent(error: unknown): StepFailure {
    return new StepFailure(
      `${this.version}: the cluster did not answer when the ${this.limitSeconds} s to wait were over: ${reasonOf(error)}`,
      "what was begun in the cluster goes on there",
      "check that its API server can be reached, then run pulumi up again: it goes on at this version",
    );
  }
}
