import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { documentedSecrets } from "../../components/bsr-release/secrets/documented";
import { generatedFiles } from "../../tools/reference/files";
import { project } from "../../tools/reference/program";
import { everyKey, theKeys, theProgram } from "./arguments";

describe("what is generated from the arguments", function () {
  this.timeout("2m");

  it("is what `make docs` writes: run it when this fails", async () => {
    for (const { path, text } of await generatedFiles(theKeys())) {
      const file = join(project, path);
      assert.equal(existsSync(file) ? readFileSync(file, "utf8") : "", text, path);
    }
  });

  it("stays the same when it is generated again, between the same lines of Pulumi.yaml", async () => {
    const files = await generatedFiles(theKeys());
    assert.deepEqual(await generatedFiles(theKeys()), files);
    const text = files.find(({ path }) => path === "Pulumi.yaml")?.text ?? "";
    assert.equal(text.split("bsr:approvedPlan ").length, 2);
  });

  it("has every key in docs/configuration.md, and a row for everything in a block", () => {
    const page = readFileSync(join(project, "docs", "configuration.md"), "utf8");
    for (const { path } of everyKey()) {
      const [top = "", ...rest] = path.replaceAll("[]", "").split(".");
      const section = page.split(`\n### ${top}\n`)[1]?.split("\n### ")[0] ?? "";
      assert.notEqual(section, "", top);
      if (rest.length > 0) assert.ok(section.includes(`\n| \`${rest.join(".")}\` |`), path);
    }
  });

  it("says in docs/configuration.md which argument every Secret is made of", () => {
    const page = readFileSync(join(project, "docs", "configuration.md"), "utf8");
    const listed = [...page.matchAll(/^\| `(b[a-z-]+)` \| `[a-z.]/gm)].map((match) => match[1]);
    assert.deepEqual([...new Set(listed)].sort(), Object.values(documentedSecrets).sort());
  });
});

describe("the declarations of the package", function () {
  this.timeout("2m");

  it("have the comment of every argument, so that an editor shows it", () => {
    const declared = commentsIn(emitted("components/bsr-release/args/types.ts"));
    for (const { path, comment } of everyKey()) {
      assert.ok(declared.has(comment.text), `${path}: ${comment.text}`);
    }
  });
});

/** The declarations that the compiler makes of a file, as `make` compiles it. */
function emitted(path: string): string {
  let text: string | undefined;
  const program = theProgram();
  const source = program.getSourceFile(join(project, path));
  const write = (_: string, declarations: string) => (text = declarations);
  program.emit(source, write, undefined, true);
  assert.ok(text !== undefined, path);
  return text;
}

/** The comments that stand at properties, each in one line. */
function commentsIn(declarations: string): ReadonlySet<string> {
  const file = ts.createSourceFile("types.d.ts", declarations, ts.ScriptTarget.Latest, true);
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertySignature(node)) {
      for (const comment of ts.getJSDocCommentsAndTags(node)) {
        found.add((ts.getTextOfJSDocComment(comment.comment) ?? "").replace(/\s+/g, " "));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
