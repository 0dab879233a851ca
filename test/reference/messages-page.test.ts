import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { builtInFacts } from "../../components/migrations/facts";

const project = join(__dirname, "..", "..");
const page = readFileSync(join(project, "docs", "messages.md"), "utf8");

/** All sources of a folder, as one text. */
function sourcesOf(...folder: string[]): string {
  return readdirSync(join(project, ...folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(project, ...folder, name), "utf8"))
    .join("\n");
}

/** The codes that sources give to refusals, warnings and findings. */
function codesIn(source: string): string[] {
  const given = [
    ...source.matchAll(/\bcode: "([a-z-]+)"/g),
    // A text that begins with its code.
    ...source.matchAll(/`([a-z]+(?:-[a-z]+)+)(?:: \$\{|\\n {2}found:)/g),
  ].map((match) => match[1] ?? "");
  // What zod calls its own reports.
  return unique(given.filter((code) => code !== "custom"));
}

/** The codes in the first column of the table under a heading. */
function codesUnder(heading: string): string[] {
  return unique([...section(heading).matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1] ?? ""));
}

function section(heading: string): string {
  const text = page.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0];
  assert.ok(text !== undefined, `docs/messages.md has no section ${heading}`);
  return text;
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)].sort();
}

const required = builtInFacts.contracts.flatMap((contract) =>
  contract.kind === "required" ? [contract.refusal] : [],
);

describe("docs/messages.md", () => {
  const preflight = codesIn(sourcesOf("components", "migrations", "preflight"));

  it("has every refusal and warning of the planner, and no other", () => {
    const planner = codesIn(sourcesOf("components", "migrations", "planner"));
    const warnings = codesUnder("Warnings").filter((code) => !preflight.includes(code));
    assert.ok(planner.length > 10);
    assert.deepEqual(
      unique([...codesUnder("Refusals of a path"), ...warnings]),
      unique([...planner, ...required]),
    );
  });

  it("has every refusal and warning of the ledger, and no other", () => {
    const ledger = codesIn(sourcesOf("components", "bsr-release"));
    assert.ok(ledger.length > 4);
    assert.deepEqual(
      unique([
        ...codesUnder("Refusals of a stack"),
        ...codesUnder("Warnings of a promotion"),
        ...codesUnder("What was changed by hand, or is taken over"),
      ]),
      ledger,
    );
  });

  it("has every refusal and warning of the preflight, and no other", () => {
    const warnings = codesUnder("Warnings").filter((code) => preflight.includes(code));
    assert.ok(preflight.length > 8);
    assert.deepEqual(unique([...codesUnder("Refusals of the preflight"), ...warnings]), preflight);
  });

  it("has every finding of bsr status, and no other", () => {
    const findings = codesIn(sourcesOf("cli", "status"));
    assert.ok(findings.length > 5);
    assert.deepEqual(codesUnder("Findings of `bsr status`"), findings);
  });

  it("knows of no code that stands elsewhere", () => {
    const all = codesIn(`${sourcesOf("components")}${sourcesOf("cli")}`);
    const listed = page.matchAll(/^\| `([a-z-]+)` \|/gm);
    assert.deepEqual(unique([...listed].map((match) => match[1] ?? "")), unique([...all, ...required]));
  });

  it("has the beginning of every text that a step can fail with, and no other", () => {
    const source = sourcesOf("components", "migrations", "steps");
    const given = [...source.matchAll(/new StepFailure\(\s*\[?(["`])(.+?)\1/g)].map(
      (match) => match[2] ?? "",
    );
    const listed = [
      ...section("Failures of a step")
        .split("What keeps a deploy")[0]!
        .matchAll(/^\| `(.+?)` \|/gm),
    ]
      .map((match) => match[1] ?? "")
      // Texts of others that are passed on.
      .filter((text) => !text.startsWith("helm …") && !text.startsWith("lease …"));
    assert.ok(given.length > 8);
    const begins = (text: string, beginning: string) => withoutNames(text).startsWith(beginning);
    assert.deepEqual(
      given.filter((text) => !listed.some((beginning) => begins(text, beginning))),
      [],
      "texts that the page lacks",
    );
    assert.deepEqual(
      listed.filter((beginning) => !given.some((text) => begins(text, beginning))),
      [],
      "texts that no step has",
    );
  });

  it("quotes of a failed verification only what the sources say", () => {
    const folders = [["steps"], ["cluster", "pods"]];
    const source = withoutNames(
      folders.map((folder) => sourcesOf("components", "migrations", ...folder)).join("\n"),
    );
    const [, table = ""] = section("Failures of a step").split("What keeps a deploy");
    const rows = [...table.matchAll(/^\| (`.+?`) \|/gm)].map((match) => match[1] ?? "");
    const quoted = rows.flatMap((cell) => [...cell.matchAll(/`(.+?)`/g)].map((match) => match[1] ?? ""));
    assert.ok(quoted.length > 6);
    assert.deepEqual(
      quoted.filter((text) => !source.includes(text)),
      [],
    );
  });

  it("quotes of arguments only what the sources say", () => {
    const source = sourcesOf("components");
    const rows = section("Arguments that cannot be used").matchAll(/^\| (`.+?) \|/gm);
    const quoted = [...rows].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`(.+?)`/g)].map((match) => match[1] ?? ""),
    );
    const parts = quoted
      .flatMap((text) => text.split("…"))
      .map((text) => text.replace(/^(must be|\)) /, "").trim());
    assert.ok(parts.length > 15);
    assert.deepEqual(
      parts.filter((part) => !source.includes(part)),
      [],
    );
  });
});

/** A source's text with an ellipsis where it names something. */
function withoutNames(text: string): string {
  return text.replace(/\$\{[^}]*\}/g, "…");
}
