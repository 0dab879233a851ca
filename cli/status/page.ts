import { gt } from "semver";
import type { Revision } from "../../components/migrations/cluster/helm/history";
import type { Observed } from "./observe";

/** What the status pages of the bufd pods say. */
export interface PageState {
  /** Pods whose page was read. */
  readonly pods: readonly string[];
  /** Ready pods whose page could not be read. */
  readonly unreadable: readonly string[];
  /** Items of pods of the current template that are not healthy. */
  readonly unhealthy: readonly Unhealthy[];
}

export interface Unhealthy {
  readonly pod: string;
  readonly name: string;
  readonly status: string;
  readonly message: string;
}

/** Returns what the status pages of an instance say; `null` if there are none. */
export function pageState(
  { pages, workloads }: Pick<Observed, "pages" | "workloads">,
  live: Revision | undefined,
  schemaOwner: string | null,
): PageState | null {
  if (live === undefined || pages.length === 0) return null;
  const pods = workloads.flatMap((workload) => workload.pods);
  const ready = new Set(pods.filter((pod) => pod.ready).map(({ name }) => name));
  const current = new Set(pods.filter(({ template }) => template === "current").map(({ name }) => name));
  // If a newer release owns the database, it is never at this release's target (R10).
  const foreign = schemaOwner !== null && gt(schemaOwner, live.version);
  return {
    pods: pages.filter(({ page }) => page !== null).map(({ pod }) => pod),
    unreadable: pages.filter(({ pod, page }) => page === null && ready.has(pod)).map(({ pod }) => pod),
    unhealthy: pages
      .filter(({ pod }) => current.has(pod))
      .flatMap(({ pod, page }) =>
        (page?.items ?? [])
          .filter(({ name, status }) => status !== "healthy" && !(foreign && name === "migrations"))
          .map(({ name, status, message }) => ({ pod, name, status, message })),
      ),
  };
}
