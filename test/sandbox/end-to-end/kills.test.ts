import { killsOn } from "./kills/suite";

describe("1.2.0 to 1.5.1, while one after the other dies", function () {
  this.timeout("10m");

  killsOn({
    name: "kills",
    install: "1.2.0",
    transitions: [
      {
        target: "1.5.1",
        runs: [
          [{ step: "preflight", moment: "begin", victim: "pulumi" }],
          [{ step: "deploy", moment: "begin", victim: "step" }],
          [{ step: "deploy", moment: "middle", victim: "helm" }],
          // The cluster makes another pod: nothing ends by this.
          [
            { step: "deploy", moment: "middle", victim: "pod" },
            { step: "deploy", moment: "end", victim: "Ctrl-C" },
          ],
          [{ step: "begin", moment: "end", victim: "pulumi" }],
          [{ step: "Release", moment: "begin", victim: "Ctrl-C" }],
          [{ step: "Release", moment: "middle", victim: "kubernetes plugin" }],
          [{ step: "verify", moment: "middle", victim: "step" }],
          [{ step: "verify", moment: "end", victim: "pulumi" }],
        ],
      },
    ],
  });
});
