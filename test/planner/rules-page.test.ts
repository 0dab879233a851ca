import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { builtInFacts } from "../../components/migrations/facts";
import { runCommand } from "../../cli/command";

const project = join(__dirname, "..", "..");
const page = readFileSync(join(project, "docs", "rules.md"), "utf8");
const planner = join(project, "components", "migrations", "planner");
const source = readdirSync(planner)
  .map((file) => readFileSync(join(planner, file), "utf8"))
  .join("\n");

/** The codes in the first column of the table under a heading. */
function codesUnder(heading: string): string[] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| `([a-z-]+)`/gm)].map((match) => match[1] ?? "").sort();
}

describe("docs/rules.md", () => {
  it("has a section for each of R1 to R18, each with an example", () => {
    const sections = page.split(/^### /m).slice(1);
    assert.deepEqual(
      sections.map((section) => section.split(" ")[0]),
      Array.from({ length: 18 }, (_, index) => `R${index + 1}`),
    );
    for (const section of sections) assert.match(section, /\n\n\*[^*]+\*\n/, section);
  });

  it("lists every code of a refusal or warning, and no other", () => {
    const used = [...source.matchAll(/code: "([a-z-]+)"/g)].map((match) => match[1] ?? "");
    const required = builtInFacts.contracts.flatMap((contract) =>
      contract.kind === "required" ? [contract.refusal] : [],
    );
    assert.deepEqual(
      [...codesUnder("Refusals"), ...codesUnder("Warnings")].sort(),
      [...new Set([...used, ...required])].sort(),
    );
  });

  it("begins with a command that works", async () => {
    const [, args] = /^npx --no bsr (plan .+)$/m.exec(page) ?? [];
    const ignored = { write: () => undefined };
    assert.equal(await runCommand((args ?? "").split(" "), ignored, ignored), 0);
  });
});
