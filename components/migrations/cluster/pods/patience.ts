import type { Trouble } from "./rollout";

/** What mends itself at times, such as a registry that is busy, has until then. */
const patientSeconds = 30;
/** What hardly mends itself, such as a name that nothing has, has until then. */
const briefSeconds = 10;
/** A container that was started again this often will not come up by waiting. */
const hopelessRestarts = 3;
/** Reasons that only somebody's hand can mend. */
const brief = new Set(["InvalidImageName", "ErrImageNeverPull", "CreateContainerConfigError"]);
/** In a registry's own words: it has no such image, or does not give it to this cluster. */
const refusedImage =
  /not found|manifest unknown|unauthorized|authorization failed|denied|forbidden|no basic auth/i;

/** Tells trouble that passes from trouble that does not, over the time of one wait. */
export class Patience {
  readonly #since = new Map<string, number>();
  /** Conditions that an earlier attempt left; they stay until a pod makes progress. */
  #stale: ReadonlySet<string> | undefined;

  constructor(private readonly now: () => number = Date.now) {}

  /** The troubles that waiting longer will not mend. Asked at every look, because it counts from the first one. */
  lostWith(troubles: readonly Trouble[]): Trouble[] {
    const now = this.now();
    this.#stale ??= new Set(troubles.flatMap(({ condition }) => condition ?? []));
    const seen = new Set(troubles.map((trouble) => trouble.subject));
    for (const subject of this.#since.keys()) if (!seen.has(subject)) this.#since.delete(subject);
    return troubles.filter((trouble) => {
      if (!this.#since.has(trouble.subject)) this.#since.set(trouble.subject, now);
      const seconds = (now - (this.#since.get(trouble.subject) ?? now)) / 1000;
      return this.#isLost(trouble, seconds, troubles);
    });
  }

  #isLost(trouble: Trouble, seconds: number, all: readonly Trouble[]): boolean {
    const { reason, message, restarts, condition, workload } = trouble;
    switch (reason) {
      case "Unschedulable":
        return false; // room may come: a cluster autoscaler takes minutes
      case "ProgressDeadlineExceeded":
        return (
          this.#stale?.has(condition ?? "") !== true &&
          // It only says again that there is no room yet.
          !all.some((other) => other.workload === workload && other.reason === "Unschedulable")
        );
      case "CrashLoopBackOff":
        return restarts >= hopelessRestarts;
      case "ErrImagePull":
      case "ImagePullBackOff":
        return seconds >= (refusedImage.test(message) ? briefSeconds : patientSeconds);
      default:
        return seconds >= (brief.has(reason) ? briefSeconds : patientSeconds);
    }
  }
}
