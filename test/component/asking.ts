import type { CheckResult } from "../../components/bsr-release/ledger/plan";
import type { LedgerRequest } from "../../components/bsr-release/ledger/request";
import type { LedgerState } from "../../components/bsr-release/ledger/state";

/** A request to the ledger in which a test names only what it is about. */
export function requestFor(
  target: string,
  {
    policy = {},
    observe = {},
    ...rest
  }: Partial<Omit<LedgerRequest, "policy" | "observe">> & {
    readonly policy?: Partial<LedgerRequest["policy"]>;
    readonly observe?: Partial<LedgerRequest["observe"]>;
  } = {},
): LedgerRequest {
  return {
    target,
    strategy: "sequential",
    namespace: "bsr",
    releaseName: "bsr",
    database: "postgres.example.com:5432/bsr",
    ...rest,
    policy: { allowDowntime: false, snapshots: false, given: [], releases: [], ...policy },
    observe: {
      kubeconfig: "token: top-secret",
      preview: false,
      stack: "bsr/test",
      chart: "oci://127.0.0.1:2/charts/bsr",
      layers: [],
      neededSecrets: [],
      madeSecrets: [],
      usesJobs: false,
      masks: [],
      secretKeys: [],
      ...observe,
    },
  };
}

/** The state that a check answered. */
export function stateOf(result: CheckResult): LedgerState {
  if (result.inputs === undefined) {
    throw new Error(`Expected a plan, and it is refused: ${JSON.stringify(result.failures, null, 2)}`);
  }
  return result.inputs;
}

/** The texts of a refusal with their lines joined: `<code>: <found> <wanted> <remedy>`. */
export function joinedFailuresOf(result: CheckResult): string[] {
  return failuresOf(result).map((text) =>
    text.replace(/\n {2}found: {2}/, ": ").replace(/\n {2}(wanted|remedy): /g, " "),
  );
}

/** The whole texts of a check's failures. */
export function failuresOf(result: CheckResult): string[] {
  if (result.failures === undefined) {
    throw new Error(`Expected a refusal, and it is a plan: ${JSON.stringify(result.inputs, null, 2)}`);
  }
  return result.failures.map(({ reason }) => reason);
}

/** The steps of a plan in short: "deploy 1.5.1", "await 1.7.0". */
export function shortSteps({ plan }: LedgerState): string[] {
  return plan.steps.map((step) => {
    switch (step.kind) {
      case "restore":
        return `restore ${step.version} at ${step.schemaVersion}`;
      case "deploy":
        return `deploy ${step.version}${step.maintenance ? " (maintenance)" : ""}`;
      case "awaitDataMigration":
        return `await ${step.version}`;
      case "snapshot":
        return `snapshot ${step.version}`;
      case "migrateDown":
        return `down ${step.schemaVersion} by ${step.binary}`;
    }
  });
}

/** The dotted paths at which a value holds null or undefined, which the engine does not keep. */
export function emptyPlaces(value: unknown, at = ""): string[] {
  if (value === null || value === undefined) return [at];
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    emptyPlaces(inner, at === "" ? key : `${at}.${key}`),
  );
}

/** A kubeconfig of a server that nobody listens for. */
export const kubeconfigOfNowhere = JSON.stringify({
  "current-context": "nowhere",
  contexts: [{ name: "nowhere", context: { cluster: "nowhere", user: "nobody" } }],
  clusters: [{ name: "nowhere", cluster: { server: "https://127.0.0.1:2" } }],
  users: [{ name: "nobody", user: {} }],
});
