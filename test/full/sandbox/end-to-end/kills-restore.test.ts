import { pgDumpFor } from "../../../../sandbox/snapshot-method";
import { record } from "../../../sandbox/end-to-end/helm";
import { killsOn } from "../../../sandbox/end-to-end/kills/suite";

describe("the way back to a snapshot, while one after the other dies", function () {
  this.timeout("15m");

  killsOn({
    name: "killsback",
    install: "1.2.0",
    configuration: async (instance) => ({ snapshot: await pgDumpFor(instance) }),
    hasNoJump: false,
    transitions: [
      { target: "1.3.1", runs: [] },
      {
        target: "1.2.0",
        configuration: async (instance) => {
          const { snapshots } = (await record(instance)) as unknown as { snapshots: { id: string }[] };
          return { restore: snapshots[0]?.id };
        },
        serves: false,
        goesBack: true,
        runs: [
          [{ step: "preflight", moment: "end", victim: "Ctrl-C" }],
          [{ step: "restore", moment: "begin", victim: "pulumi" }],
          [{ step: "restore", moment: "middle", victim: "step" }],
          [{ step: "restore", moment: "middle", victim: "pod" }],
          [{ step: "restore", moment: "middle", victim: "pulumi" }],
          [{ step: "restore", moment: "end", victim: "Ctrl-C" }],
          [{ step: "Release", moment: "middle", victim: "kubernetes plugin" }],
          [{ step: "verify", moment: "middle", victim: "step" }],
          [{ step: "verify", moment: "end", victim: "pulumi" }],
        ],
      },
    ],
  });
});
