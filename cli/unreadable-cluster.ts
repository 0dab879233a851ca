import { KubeconfigError, reasonOf, statusOf } from "../components/migrations/cluster/connection";
import { UnusableAnswer } from "../components/migrations/cluster/unusable";
import { Unreadable } from "./unreadable";

/** Says why a command could read nothing from the cluster, for the operator. */
export function unreadableCluster(what: string, error: unknown, permissions: string): Unreadable {
  if (error instanceof UnusableAnswer) return new Unreadable(what, error.found, error.wanted, error.remedy);
  const [wanted, remedy] = wantedOf(error, permissions);
  return new Unreadable(what, reasonOf(error), wanted, remedy);
}

function wantedOf(error: unknown, permissions: string): [wanted: string, remedy: string] {
  if (error instanceof KubeconfigError) {
    return ["a kubeconfig that leads to the cluster", "check --kubeconfig, --context and KUBECONFIG"];
  }
  if ([401, 403].includes(statusOf(error) ?? 0)) {
    return [permissions, "ask for a role that has it, or name another context with --context"];
  }
  return ["a cluster that answers", "check --kubeconfig, --context and the network"];
}
