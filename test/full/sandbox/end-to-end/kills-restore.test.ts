import type { Instance } from "../../../../sandbox/instance";
import { pgDumpFor } from "../../../../sandbox/snapshot-method";
import { record } from "../../../sandbox/end-to-end/helm";
import type { Kill } from "../../../sandbox/end-to-end/kills/kill";
import { killsOn, type Transition } from "../../../sandbox/end-to-end/kills/suite";

/** One minor up, which takes a snapshot. */
const up: Transition = { target: "1.3.1", configuration: () => ({ restore: undefined }), runs: [] };

/** Back to the newest snapshot. */
function back(...runs: readonly (readonly Kill[])[]): Transition {
  const configuration = async (instance: Instance) => {
    const { snapshots } = (await record(instance)) as unknown as { snapshots: { id: string }[] };
    return { restore: snapshots.at(-1)?.id };
  };
  return { target: "1.2.0", configuration, serves: false, goesBack: true, runs };
}

describe("the way back to a snapshot, while one after the other dies", function () {
  this.timeout("15m");

  killsOn({
    name: "killsback",
    install: "1.2.0",
    configuration: async (instance) => {
      await instance.allowCreateDatabase();
      return { snapshot: await pgDumpFor(instance) };
    },
    hasNoJump: false,
    transitions: [
      up,
      // A restore that has switched over is done: each way back has one kill that lets it come to that.
      back(
        [{ step: "preflight", moment: "end", victim: "Ctrl-C" }],
        [{ step: "restore", moment: "middle", victim: "pod" }],
        [{ step: "Release", moment: "middle", victim: "kubernetes plugin" }],
        [{ step: "verify", moment: "middle", victim: "step" }],
        [{ step: "verify", moment: "end", victim: "pulumi" }],
      ),
      up,
      back([{ step: "restore", moment: "begin", victim: "pulumi" }]),
      up,
      back([{ step: "restore", moment: "middle", victim: "step" }]),
      up,
      back([{ step: "restore", moment: "middle", victim: "Ctrl-C" }]),
      up,
      back([{ step: "restore", moment: "middle", victim: "pulumi" }]),
      up,
      back([{ step: "restore", moment: "end", victim: "step" }]),
    ],
  });
});
