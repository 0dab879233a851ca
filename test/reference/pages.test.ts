import { strict as assert } from "node:assert";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";

const project = join(__dirname, "..", "..");
const read = (path: string) => readFileSync(join(project, path), "utf8");
const docs = readdirSync(join(project, "docs"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => join("docs", name));
const pages = ["README.md", "CONTRIBUTING.md", ...docs];

describe("the pages", () => {
  for (const path of pages) {
    it(`${path} has links that lead somewhere`, () => {
      const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
      const inside = links.filter((link) => !/^https?:/.test(link));
      assert.deepEqual(
        inside.filter((link) => !isThere(path, link)),
        [],
      );
    });
  }

  const validate = new Ajv().compile(JSON.parse(read("schema/stack.schema.json")) as object);
  for (const path of [
    "docs/configuration.md",
    "docs/first-installation.md",
    "docs/promotion.md",
    "docs/snapshots.md",
  ]) {
    it(`${path} shows configuration that the schema takes`, () => {
      const blocks = [...read(path).matchAll(/```yaml\n([^]*?)```/g)].map((match) => match[1] ?? "");
      assert.ok(blocks.length > 1);
      for (const block of blocks) {
        const shown = parse(block) as object;
        const file = "config" in shown ? shown : { config: shown };
        assert.ok(validate(file) === true, `${block}\n${JSON.stringify(validate.errors)}`);
      }
    });
  }
});

function isThere(page: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const path = file === "" ? page : join(dirname(page), file);
  if (!existsSync(join(project, path))) return false;
  return anchor === undefined || anchorsOf(read(path)).includes(anchor);
}

/** What the headings of a page are linked to by. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? "")
      .toLowerCase()
      .replace(/[^a-z0-9 _-]/g, "")
      .replaceAll(" ", "-"),
  );
}
