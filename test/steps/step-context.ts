import { connect } from "../../components/migrations/cluster/connection";
import { Masks } from "../../components/migrations/masks";
import type { Context } from "../../components/migrations/steps/context";
import { Progress } from "../../components/migrations/steps/progress";
import { instance } from "../bad-input/api-server";

/** What a step works with at a cluster that answers what a test wants, in transition 2; and what it says. */
export function contextAt(kubeconfig: string): { context: Context; said: () => string[] } {
  let said = "";
  const { namespace, release, database } = instance;
  const setting = {
    ...{ kubeconfig, namespace, release, database, chart: "oci://example.com/bsr", stack: "bsr/test" },
    ...{
      transition: 2,
      lineage: 2,
      deploys: 1,
      highWaterMark: null,
      schemaOwner: null,
      secrets: [],
      secretKeys: [],
    },
    method: null,
  };
  const masks = new Masks();
  const context = {
    setting,
    masks,
    connection: { kubeconfig },
    cluster: connect({ kubeconfig }),
    record: { namespace, release, database },
    progress: new Progress(masks, (text) => (said += text)),
    signal: new AbortController().signal,
  };
  return { context, said: () => said.split("\n").filter((line) => line !== "") };
}
