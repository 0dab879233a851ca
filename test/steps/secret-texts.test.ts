import { strict as assert } from "node:assert";
import { KubeConfig } from "@kubernetes/client-node";
import { connect } from "../../components/migrations/cluster/connection";
import { credentialsOf, secretTexts } from "../../components/migrations/cluster/secret-texts";
import { dockerConfig } from "../../components/migrations/cluster/registry-login";
import { Masks } from "../../components/migrations/masks";
import { ApiServer, base64, goodWorld } from "../bad-input/api-server";
import { answers } from "../bad-input/crashing";

describe("the texts of Secrets", () => {
  const api = new ApiServer();
  before(() => api.start());
  after(() => api.stop());

  const secret = (name: string, data: Record<string, string>) => ({
    kind: "Secret",
    metadata: { name },
    data,
  });
  const read = (...names: [string, ...string[]][]) =>
    secretTexts(
      connect({ kubeconfig: api.kubeconfig("token") }),
      "bsr",
      names.map(([name, ...keys]) => ({ name, keys })),
    );

  it("are those under the keys that are told, and of no Secret that is not there", async () => {
    const one = secret("db", { password: base64("the password"), username: base64("postgres") });
    api.world = { ...goodWorld, secrets: [one] };
    assert.deepEqual(await read(["db", "password", "other"], ["redis", "auth"]), {
      texts: [base64("the password"), "the password"],
      unread: [],
    });
  });

  it("mask a password that was stored with the end of its line", async () => {
    api.world = { ...goodWorld, secrets: [secret("db", { password: base64("hunter2!\n") })] };
    const { texts } = await read(["db", "password"]);
    assert.equal(new Masks(texts).mask("as hunter2! at db"), "as [secret] at db");
  });

  it("mask a binary file as the Secret has it", async () => {
    const data = Buffer.from("feedfeed00ff00ff", "hex").toString("base64");
    api.world = { ...goodWorld, secrets: [secret("store", { cacerts: data })] };
    const { texts } = await read(["store", "cacerts"]);
    assert.equal(new Masks(texts).mask(`data: ${data}`), "data: [secret]");
  });

  it("are of a pull secret its password and its log-in, and not its user", async () => {
    const config = dockerConfig("oci://r.example.com/bsr", { username: "the-robot", password: "hunter2!" });
    api.world = { ...goodWorld, secrets: [secret("pull", { ".dockerconfigjson": base64(config) })] };
    const { mask } = new Masks((await read(["pull", ".dockerconfigjson"])).texts);
    assert.equal(mask(`the-robot hunter2! ${base64("the-robot:hunter2!")}`), "the-robot [secret] [secret]");
  });

  it("are told to be unknown where the cluster denies them, in one line", async () => {
    api.world = {
      ...goodWorld,
      raw: {
        "/secrets/": answers({ kind: "Status", code: 403, message: "secrets is forbidden" }, 403),
      },
    };
    assert.deepEqual(await read(["db", "password"], ["redis", "auth"]), {
      texts: [],
      unread: ["not masked, as the Secrets cannot be read: db, redis (HTTP 403: secrets is forbidden)"],
    });
  });
});

describe("the credentials of a kubeconfig", () => {
  const credentials = (...users: object[]) => {
    const config = new KubeConfig();
    config.loadFromString(
      JSON.stringify({
        "current-context": "one",
        contexts: [{ name: "one", context: { cluster: "one", user: "0" } }],
        clusters: [{ name: "one", cluster: { server: "https://127.0.0.1:2" } }],
        users: users.map((user, index) => ({ name: String(index), user })),
      }),
    );
    return credentialsOf(config);
  };

  const rows: [object, string[], string][] = [
    [{ token: "the token" }, ["the token"], "a token"],
    [{ token: 12345678 }, ["12345678"], "which YAML may take for a number"],
    [{ username: "me", password: "the password" }, ["the password"], "a password, and not its user"],
    [
      { "client-certificate-data": base64("CERT"), "client-key-data": base64("KEY") },
      [base64("KEY"), "KEY"],
      "a key, as it is and as PEM",
    ],
    [
      {
        exec: {
          command: "aws",
          args: ["eks"],
          env: [
            { name: "AWS_SECRET_ACCESS_KEY", value: "the key" },
            { name: "AWS_PROFILE", value: "production" },
            { name: "AWS_REGION", value: "eu-central-1" },
          ],
        },
      },
      ["the key"],
      "what a plugin is given, but for what stands in ordinary names",
    ],
    [
      { "auth-provider": { name: "oidc", config: { "id-token": "the token", "client-id": "bsr" } } },
      ["the token"],
      "the token of a provider",
    ],
    [{ exec: "aws", "auth-provider": 5 }, [], "nothing of what cannot be used"],
    [{}, [], "nothing where there is none"],
  ];
  for (const [user, expected, because] of rows) {
    it(`are of ${JSON.stringify(user)}: ${because}`, () => {
      assert.deepEqual(credentials(user), expected);
    });
  }

  it("are those of every user", () => {
    assert.deepEqual(credentials({ token: "one" }, { token: "other" }), ["one", "other"]);
  });
});
