import assert from "node:assert/strict";
import { tableOf } from "../../bench/table";

describe("the table of make bench", () => {
  it("has a row for each line, and above it what was measured with", () => {
    const lines = [
      "compiling components and the command bsr",
      JSON.stringify({
        bench: "surroundings",
        plugins: "stand-in",
        pulumi: "v3.259.0",
        helm: "v3.20.2",
        node: "v24.21.0",
        cores: 2,
        processor: "A processor",
        memoryGb: 8,
      }),
      JSON.stringify({
        bench: "pulumi up over eight hops, against a careful shell loop",
        from: "1.8.3",
        to: "1.16.1",
        runs: 2,
        upMs: 84_210,
        upMaxMs: 90_000,
        upSkipPreviewMs: 80_000,
        loopMs: 950,
        ratio: 1.05,
        goal: 1.1,
        met: true,
      }),
      JSON.stringify({ bench: "one answer", medianMs: 312.5, minMs: 1, maxMs: 2, goalMs: 300, met: false }),
      JSON.stringify({
        bench: "requests",
        of8Ms: 12_000,
        requests: 51_234,
        failed: 0,
        memoryMb: 310,
        goalFailed: 0,
        goalRequests: 50_000,
        met: true,
      }),
      JSON.stringify({ bench: "preflight of the 22 charts", perChartMs: 80 }),
      JSON.stringify({ bench: "stacks", error: "pulumi | failed" }),
      "",
    ];
    assert.equal(
      tableOf(lines.join("\n")),
      `Measured with Pulumi v3.259.0, stand-in plugins, Helm v3.20.2 and Node v24.21.0, on 2 cores (A processor) and 8 GB.

| what | measured | goal | met |
| --- | --- | --- | --- |
| pulumi up over eight hops, against a careful shell loop (1.8.3 to 1.16.1) | ratio 1.05, up 84.2 s, up skip preview 80.0 s, loop 950 ms | at most 1.1 | yes |
| one answer | median 312.5 ms | at most 300 ms | no |
| requests | of 8: 12.0 s, requests 51,234, failed 0, memory 310 MB | 0 failed of at least 50,000 | yes |
| preflight of the 22 charts | per chart 80 ms |  |  |
| stacks | failed: pulumi \\| failed |  | no |
`,
    );
  });
});
