import type { Trouble } from "./rollout";

/** The time for trouble that sometimes passes, such as a busy registry. */
const patientSeconds = 30;
/** The time for trouble that hardly ever passes, such as a name that does not exist. */
const briefSeconds = 10;
/** Waiting does not help a container that was started again this often. */
const hopelessRestarts = 3;
/** Reasons that only somebody's action can fix. */
const brief = new Set(["InvalidImageName", "ErrImageNeverPull", "CreateContainerConfigError"]);
/** What a registry says when it does not have an image, or does not give it to this cluster. */
const refusedImage =
  /not found|manifest unknown|unauthorized|authorization failed|denied|forbidden|no basic auth/i;

/** Distinguishes trouble that may pass from trouble that does not, over the time of one wait. */
export class Patience {
  readonly #since = new Map<string, number>();
  /** Conditions left by an earlier attempt; they stay until a pod makes progress. */
  #stale: ReadonlySet<string> | undefined;

  constructor(private readonly now: () => number = Date.now) {}

  /** Returns the troubles that waiting longer does not fix. Call it at every look, as it counts from the first one. */
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
        return false; // the cluster may grow: an autoscaler takes minutes
      case "ProgressDeadlineExceeded":
        return (
          this.#stale?.has(condition ?? "") !== true &&
          // It only repeats that the cluster has no room yet.
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
