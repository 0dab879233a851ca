import { killsOn } from "../../../sandbox/end-to-end/kills/suite";

describe("one minor down, while one after the other dies", function () {
  this.timeout("15m");

  killsOn({
    name: "killsdown",
    install: "1.9.1",
    transitions: [
      {
        target: "1.8.3",
        runs: [
          [{ step: "begin", moment: "begin", victim: "Ctrl-C" }],
          [{ step: "begin", moment: "middle", victim: "pulumi" }],
          [{ step: "begin", moment: "middle", victim: "step" }],
          [{ step: "begin", moment: "middle", victim: "pod" }],
          [{ step: "Release", moment: "middle", victim: "kubernetes plugin" }],
          [{ step: "Release", moment: "end", victim: "pulumi" }],
          [{ step: "migrate-down", moment: "begin", victim: "step" }],
          [{ step: "migrate-down", moment: "middle", victim: "step" }],
          [{ step: "migrate-down", moment: "begin", victim: "pulumi" }],
          [{ step: "verify", moment: "begin", victim: "pulumi" }],
        ],
      },
      { target: "1.9.1", runs: [] },
      {
        target: "1.8.3",
        runs: [[{ step: "migrate-down", moment: "end", victim: "Ctrl-C" }]],
      },
    ],
  });
});
