import { pgDumpFor } from "../../../../sandbox/snapshot-method";
import { killsOn } from "../../../sandbox/end-to-end/kills/suite";

describe("a jump through maintenance, while one after the other dies", function () {
  this.timeout("15m");

  killsOn({
    name: "killsmaint",
    install: "1.8.3",
    configuration: async (instance) => ({ snapshot: await pgDumpFor(instance) }),
    hasNoJump: false,
    transitions: [
      {
        target: "1.12.1",
        configuration: () => ({ strategy: "maintenance", allowDowntime: true }),
        serves: false,
        runs: [
          [{ step: "deploy", moment: "begin", victim: "Ctrl-C" }],
          [{ step: "deploy", moment: "middle", victim: "helm" }],
          [{ step: "deploy", moment: "middle", victim: "pulumi" }],
          [{ step: "deploy", moment: "end", victim: "step" }],
          [{ step: "snapshot", moment: "middle", victim: "Ctrl-C" }],
          [{ step: "snapshot", moment: "middle", victim: "pod" }],
          [{ step: "snapshot", moment: "end", victim: "pulumi" }],
          [{ step: "begin", moment: "end", victim: "step" }],
          [{ step: "Release", moment: "middle", victim: "kubernetes plugin" }],
          [{ step: "verify", moment: "middle", victim: "step" }],
          // Nothing ends by this. Where clients are served all the time, it would take their requests with it.
          [{ step: "verify", moment: "end", victim: "pod" }],
        ],
      },
    ],
  });
});
