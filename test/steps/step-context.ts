import { connect } from "../../components/migrations/cluster/connection";
import { Masks } from "../../components/migrations/masks";
import type { Context } from "../../components/migrations/steps/context";
import { Progress } from "../../components/migrations/steps/progress";
import { instance } from "../bad-input/api-server";
import { settingOf } from "./setting";

/** What a step works with at a cluster that answers what a test wants, in transition 2; and what it says. */
export function contextAt(kubeconfig: string): { context: Context; said: () => string[] } {
  let said = "";
  const { namespace, release, database } = instance;
  const setting = settingOf({ kubeconfig, namespace, release, database });
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
