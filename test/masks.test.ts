import { strict as assert } from "node:assert";
import { Masks } from "../components/migrations/masks";

describe("masks", () => {
  const masked: { secrets: readonly string[]; text: string; said: string; because: string }[] = [
    {
      secrets: ["hunter2!"],
      text: "pw hunter2!, pw hunter2!",
      said: "pw [secret], pw [secret]",
      because: "wherever it stands",
    },
    {
      secrets: ["hunter2!"],
      text: `data: ${Buffer.from("hunter2!").toString("base64")}`,
      said: "data: [secret]",
      because: "also as Kubernetes writes it in a Secret",
    },
    {
      secrets: ["hunter", "hunter2!"],
      text: "hunter2! hunter",
      said: "[secret] [secret]",
      because: "the longest first, so that nothing of it is left over",
    },
    {
      secrets: ["a.*b(c"],
      text: "a.*b(c, aXXb(c",
      said: "[secret], aXXb(c",
      because: "as text, not as a pattern",
    },
    { secrets: ["$& $1 x"], text: "say $& $1 x", said: "say [secret]", because: "whatever signs it has" },
    {
      secrets: ['a"b/+<c'],
      text: 'image "a\\"b/+<c", {"image":"a\\"b/+\\u003cc"}, ?image=a%22b%2F%2B%3Cc',
      said: 'image "[secret]", {"image":"[secret]"}, ?image=[secret]',
      because: "also as a program quotes it, as JSON, and in a URL",
    },
    {
      secrets: ["first\nsecond line"],
      text: "a first\nsecond line b",
      said: "a [secret] b",
      because: "over several lines",
    },
    {
      secrets: ["", "bsr"],
      text: "bsr of the bsr",
      said: "bsr of the bsr",
      because: "words that are too short stay",
    },
    {
      secrets: ["one two\n  three\n"],
      text: "it says one two three",
      said: "it says [secret]",
      because: "also where its lines were joined",
    },
    { secrets: [], text: "nothing", said: "nothing", because: "without secrets all is said" },
  ];
  for (const { secrets, text, said, because } of masked) {
    it(`masks ${JSON.stringify(secrets)}: ${because}`, () => {
      assert.equal(new Masks(secrets).mask(text), said);
    });
  }

  it("masks a line of a secret that has several, such as a key, where it is said alone", () => {
    const key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----\n";
    assert.equal(new Masks([key]).mask("parsing failed at MIIEvQIBADANBgkq"), "parsing failed at [secret]");
  });

  it("leaves words alone that also stand in a secret of several lines", () => {
    const kubeconfig = "apiVersion: v1\nusers:\n- name: bsr\n";
    assert.equal(new Masks([kubeconfig]).mask("users: apiVersion: v1"), "users: apiVersion: v1");
  });

  it("mask what they are told of later too, the longest first", () => {
    const masks = new Masks(["hunter"]);
    masks.add(["hunter2!"]);
    assert.equal(masks.mask("hunter2! hunter"), "[secret] [secret]");
  });

  const urls: [string, string][] = [
    ["postgres://bsr:hunter2!@db:5432/bsr", "postgres://bsr:[secret]@db:5432/bsr"],
    ["dial redis://:pw@redis:6379: refused", "dial redis://:[secret]@redis:6379: refused"],
    ["postgres://bsr:p@ss:w@db/bsr", "postgres://bsr:[secret]@db/bsr"],
    ["https://a:b@one/x https://c:d@two", "https://a:[secret]@one/x https://c:[secret]@two"],
    ["HTTP://A:B@C", "HTTP://A:[secret]@C"],
    [
      '{"url":"http://host:80","mail":"user@example.com"}',
      '{"url":"http://host:80","mail":"user@example.com"}',
    ],
    ["oci://r.example.com:5000/bsr@sha256:1", "oci://r.example.com:5000/bsr@sha256:1"],
    ["https://user@example.com/x", "https://user@example.com/x"],
    ["stack bsr/prod, run 17 on me@host: a", "stack bsr/prod, run 17 on me@host: a"],
  ];
  for (const [text, said] of urls) {
    it(`${text === said ? "leave alone" : "mask the password of"} ${text}, of which they are told nothing`, () => {
      assert.equal(new Masks().mask(text), said);
    });
  }

  it("take no time for a long text without a URL", () => {
    const text = "a.".repeat(100_000);
    assert.equal(new Masks().mask(text), text);
  });
});
