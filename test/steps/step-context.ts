import { connect } from "../../components/migrations/cluster/connection";
import type { Context } from "../../components/migrations/steps/context";
import { Progress } from "../../components/migrations/steps/progress";
import { instance } from "../bad-input/api-server";

/** What a step works with at a cluster that answers what a test wants, in transition 2; and what it says. */
export function contextAt(kubeconfig: string): { context: Context; said: () => string[] } {
  let said = "";
  const { namespace, release, database } = instance;
  const setting = {
    ...{ kubeconfig, namespace, release, database, chart: "oci://example.com/bsr", stack: "bsr/test" },
    ...{ transition: 2, lineage: 2, deploys: 1, highWaterMark: null, schemaOwner: null, secrets: [] },
  };
  const context = {
    setting,
    connection: { kubeconfig },
    cluster: connect({ kubeconfig }),
    record: { namespace, release, database },
    progress: new Progress([], (text) => (said += text)),
    signal: new AbortController().signal,
  };
  return { context, said: () => said.split("\n").filter((line) => line !== "") };
}
