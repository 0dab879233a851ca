import { Masks } from "../../components/migrations/masks";
import type { Context } from "../../components/migrations/steps/context";
import type { Setting } from "../../components/migrations/steps/input";
import { Progress } from "../../components/migrations/steps/progress";
import { settingOf } from "./setting";
import type { FakeCluster } from "./fake-cluster";

/** What a step works with on a fake cluster; what it says is kept, line by line. */
export function contextOn(cluster: FakeCluster, about: Partial<Setting> = {}) {
  const said: string[] = [];
  const losing = new AbortController();
  const setting = settingOf(about);
  const { namespace, release, database } = setting;
  const masks = new Masks();
  const context: Context = {
    setting,
    masks,
    connection: { kubeconfig: cluster.kubeconfig },
    cluster: cluster.client,
    record: { namespace, release, database },
    progress: new Progress(masks, (text) => said.push(...text.split("\n").filter((line) => line !== ""))),
    signal: losing.signal,
  };
  return { context, said, losing };
}
