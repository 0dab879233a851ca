import assert from "node:assert/strict";
import fc from "fast-check";
import { inMarkdown, inMermaid, linkInMarkdown } from "../../cli/escape";

describe("text of others in what is rendered", () => {
  it("is one line of plain characters in Markdown, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const escaped = inMarkdown(text);
        assert.doesNotMatch(escaped, /[\n\r\p{Cc}]/u);
        assert.doesNotMatch(escaped.replaceAll(/\\[\\`*_{}[\]<>|~&]/g, ""), /[\\`*_{}[\]<>|~&]/);
      }),
    );
  });

  it("ends no label of Mermaid, and is no markup in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.match(inMermaid(text), /^([\p{L}\p{N} .,:()/-]|#\d+;)*$/u);
      }),
    );
    assert.equal(inMermaid('say "hi" #1;\n<b>`x`'), "say #34;hi#34; #35;1#59; #60;b#62;#96;x#96;");
  });

  it("is a link only where it is an address of the web", () => {
    assert.equal(
      linkInMarkdown("notes", "https://example.com/a?b=c#d"),
      "[notes](https://example.com/a?b=c#d)",
    );
    for (const address of [
      "javascript:alert(1)",
      "https://a.example) [x](b",
      "https://a|b",
      "HTTPS://a",
      "",
    ]) {
      assert.doesNotMatch(linkInMarkdown("notes", address), /(?<!\\)\]\(/);
    }
  });
});
