import type { Instance } from "../../../../sandbox/instance";
import { pgDumpFor } from "../../../../sandbox/snapshot-method";
import { killsOn } from "../../../sandbox/end-to-end/kills/suite";

/** The state of the data migration is in the database; the check asks it there, as an operator's would. */
const finished = "SELECT 1/count(*) FROM data_migrations WHERE state = 'finished'";
const dataMigrations = (instance: Instance) => ({
  check: ["psql", "-d", instance.database, "-qc", finished],
  intervalSeconds: 1,
});

describe("minor by minor with snapshots, while one after the other dies", function () {
  this.timeout("20m");

  killsOn({
    name: "killsup",
    install: "1.3.1",
    configuration: async (instance) => ({
      snapshot: await pgDumpFor(instance),
      dataMigrations: dataMigrations(instance),
      values: { ...instance.values, sandbox: { dataMigrationSeconds: 150 } },
    }),
    transitions: [
      // What a pulumi that is killed has begun goes on to its end: it is the last one of its hop.
      {
        target: "1.6.0",
        runs: [
          [{ step: "preflight", moment: "begin", victim: "Ctrl-C" }],
          [{ step: "preflight", moment: "begin", victim: "step" }],
          [{ step: "preflight", moment: "begin", victim: "helm" }],
          [{ step: "preflight", moment: "middle", victim: "pod" }],
          [{ step: "preflight", moment: "end", victim: "pulumi" }],
          [{ step: "snapshot", moment: "begin", victim: "Ctrl-C" }],
          [{ step: "snapshot", moment: "begin", victim: "pod" }],
          [{ step: "snapshot", moment: "middle", victim: "pulumi" }],
          [{ step: "snapshot", moment: "middle", victim: "step" }],
          [{ step: "snapshot", moment: "middle", victim: "pod" }],
          [{ step: "snapshot", moment: "end", victim: "step" }],
          [{ step: "deploy", moment: "begin", victim: "Ctrl-C" }],
          [{ step: "deploy", moment: "begin", victim: "helm" }],
          [{ step: "deploy", moment: "middle", victim: "Ctrl-C" }],
          [{ step: "deploy", moment: "begin", victim: "pulumi" }],
          [{ step: "deploy", moment: "middle", victim: "step" }],
          [{ step: "deploy", moment: "middle", victim: "pulumi" }],
          [{ step: "begin", moment: "begin", victim: "step" }],
          [{ step: "begin", moment: "end", victim: "Ctrl-C" }],
          [{ step: "Release", moment: "begin", victim: "pulumi" }],
          [{ step: "Release", moment: "middle", victim: "pulumi" }],
          [{ step: "verify", moment: "middle", victim: "Ctrl-C" }],
          [{ step: "verify", moment: "begin", victim: "pulumi" }],
        ],
      },
      {
        target: "1.8.3",
        runs: [
          [{ step: "deploy", moment: "end", victim: "pulumi" }],
          [{ step: "await", moment: "begin", victim: "step" }],
          [{ step: "await", moment: "middle", victim: "Ctrl-C" }],
          [{ step: "await", moment: "middle", victim: "pulumi" }],
          [{ step: "begin", moment: "begin", victim: "pulumi" }],
          [{ step: "Release", moment: "begin", victim: "kubernetes plugin" }],
          [{ step: "Release", moment: "middle", victim: "Ctrl-C" }],
          [{ step: "Release", moment: "end", victim: "pulumi" }],
          [{ step: "verify", moment: "begin", victim: "step" }],
          [
            { step: "verify", moment: "middle", victim: "pod" },
            { step: "verify", moment: "end", victim: "Ctrl-C" },
          ],
        ],
      },
      {
        target: "1.10.0",
        runs: [
          [{ step: "deploy", moment: "end", victim: "step" }],
          [{ step: "Release", moment: "middle", victim: "helm" }],
          [{ step: "Release", moment: "end", victim: "Ctrl-C" }],
          [{ step: "verify", moment: "middle", victim: "pulumi" }],
        ],
      },
    ],
  });
});

describe("over the required stop, as its data migration completes", function () {
  this.timeout("15m");

  killsOn({
    name: "killsstop",
    install: "1.6.0",
    configuration: (instance) => ({ dataMigrations: dataMigrations(instance) }),
    transitions: [
      {
        target: "1.8.3",
        runs: [
          [{ step: "await", moment: "end", victim: "Ctrl-C" }],
          [{ step: "Release", moment: "end", victim: "kubernetes plugin" }],
        ],
      },
    ],
  });
});
