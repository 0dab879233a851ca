import { strict as assert } from "node:assert";
import { Progress } from "../../components/migrations/steps/progress";

function saying(secrets: readonly string[], ...texts: string[]): string {
  let said = "";
  const progress = new Progress(secrets, (text) => (said += text));
  for (const text of texts) progress.say(text);
  return said;
}

describe("progress", () => {
  it("ends every line", () => {
    assert.equal(saying([], "one", "two\nthree"), "one\ntwo\nthree\n");
  });

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
    { secrets: [], text: "nothing", said: "nothing", because: "without secrets all is said" },
  ];
  for (const { secrets, text, said, because } of masked) {
    it(`masks ${JSON.stringify(secrets)}: ${because}`, () => {
      assert.equal(saying(secrets, text), `${said}\n`);
    });
  }

  it("masks a line of a secret that has several, such as a key, where it is said alone", () => {
    const key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----\n";
    assert.equal(saying([key], "parsing failed at MIIEvQIBADANBgkq"), "parsing failed at [secret]\n");
  });

  it("leaves words alone that also stand in a secret of several lines", () => {
    const kubeconfig = "apiVersion: v1\nusers:\n- name: bsr\n";
    assert.equal(saying([kubeconfig], "users: apiVersion: v1"), "users: apiVersion: v1\n");
  });

  it("cuts lines that the engine's log could not take, after masking", () => {
    const said = saying(["x".repeat(3000)], `${"x".repeat(3000)} ${"y".repeat(70_000)}`);
    assert.equal(said.length, 2001);
    assert.match(said, /^\[secret\] y+\n$/);
  });
});
