import { strict as assert } from "node:assert";
import { roughDuration } from "../../components/bsr-release/ledger/rough-duration";

describe("the rough duration of a plan", () => {
  const rows: [readonly number[], number, string | undefined, string][] = [
    [[], 3, undefined, "nothing is known of an instance that was never deployed"],
    [[20], 0, undefined, "no deploy takes no time"],
    [[22], 1, "about 20 s for 1 deploy, as an earlier one took about 20 s", "one says as much as it can"],
    [
      [20, 22, 2000],
      2,
      "about 45 s for 2 deploys, as 3 earlier ones took about 20 s each",
      "one that waited for a person does not count",
    ],
    [
      [60, 60, 60],
      8,
      "about 8 min for 8 deploys, as 3 earlier ones took about 60 s each",
      "long ones are told in minutes",
    ],
    [
      [...Array<number>(20).fill(900), ...Array<number>(20).fill(30)],
      1,
      "about 30 s for 1 deploy, as 20 earlier ones took about 30 s each",
      "only the newest are asked",
    ],
  ];
  for (const [earlier, deploys, text, because] of rows) {
    it(`of ${deploys} deploys after ${earlier.length} is ${text ?? "not told"}: ${because}`, () => {
      assert.equal(roughDuration(earlier, deploys), text);
    });
  }
});
