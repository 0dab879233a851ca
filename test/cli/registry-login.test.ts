import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findLogin, loginFiles } from "../../cli/releases/registry-login";
import { bearerToken } from "../../cli/releases/bearer-token";
import { readTags } from "../../cli/releases/registry-tags";
import { Unreadable } from "../../cli/unreadable";
import { startRegistry, user } from "./registry";

const host = "registry.example.com";
const auth = (text: string) => Buffer.from(text).toString("base64");

describe("the login of a registry", () => {
  let home: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "bsr-login-"));
    env = { HOME: home, PATH: `${home}/bin:${process.env["PATH"]}` };
  });

  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  function write(path: string, content: object | string): string {
    const file = join(home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  function helper(name: string, script: string): void {
    chmodSync(write(`bin/docker-credential-${name}`, `#!/bin/sh\n${script}\n`), 0o755);
  }

  const helms = (content: object | string) => {
    const file = write("helm.json", content);
    env["HELM_REGISTRY_CONFIG"] = file;
    return file;
  };

  it("is looked for where Helm keeps it, then where Docker does", () => {
    assert.deepEqual(loginFiles({ HOME: "/h", XDG_CONFIG_HOME: "/x" }), [
      "/x/helm/registry/config.json",
      "/h/.docker/config.json",
    ]);
    assert.deepEqual(
      loginFiles({ HOME: "/h", XDG_CONFIG_HOME: "/x", HELM_CONFIG_HOME: "/c", DOCKER_CONFIG: "/d" }),
      ["/c/registry/config.json", "/d/config.json"],
    );
    assert.equal(
      loginFiles({ HOME: "/h", HELM_CONFIG_HOME: "/c", HELM_REGISTRY_CONFIG: "/r.json" })[0],
      "/r.json",
    );
  });

  it("is none where no file is, and where no file has it", async () => {
    assert.equal(await findLogin(host, env), null);
    helms({ auths: { "other.example.com": { auth: auth("a:b") } } });
    assert.equal(await findLogin(host, env), null);
  });

  it("is name and password of Helm's file, whatever colons the password has", async () => {
    const source = helms({ auths: { [host]: { auth: auth("reader:pass:word") } } });
    assert.deepEqual(await findLogin(host, env), {
      kind: "password",
      name: "reader",
      password: "pass:word",
      source,
    });
  });

  it("is Docker's where Helm has none, also under an address", async () => {
    helms({ auths: {} });
    const source = write(".docker/config.json", {
      auths: { [`https://${host}/v1/`]: { username: "me", password: "p" } },
    });
    assert.deepEqual(await findLogin(host, env), { kind: "password", name: "me", password: "p", source });
  });

  it("is what the registry's own credential helper gets, before the one for all and before the file", async () => {
    helper(
      "own",
      `read -r asked; echo "{\\"ServerURL\\":\\"$asked\\",\\"Username\\":\\"for $asked\\",\\"Secret\\":\\"s\\"}"`,
    );
    helper("all", "exit 3");
    helms({ credsStore: "all", credHelpers: { [host]: "own" }, auths: { [host]: { auth: auth("a:b") } } });
    assert.deepEqual(await findLogin(host, env), {
      kind: "password",
      name: `for ${host}`,
      password: "s",
      source: "docker-credential-own",
    });
  });

  it("is that of the file where the helper has none", async () => {
    helper("all", "echo 'credentials not found in native keychain'; exit 1");
    helms({ credsStore: "all", auths: { [host]: { auth: auth("a:b") } } });
    assert.equal((await findLogin(host, env))?.name, "a");
  });

  it("may be an identity token, of a helper or of a file", async () => {
    helper("all", `echo '{"Username":"<token>","Secret":"t"}'`);
    helms({ credsStore: "all" });
    assert.deepEqual(await findLogin(host, env), {
      kind: "identity-token",
      name: "<token>",
      token: "t",
      source: "docker-credential-all",
    });
    const source = helms({ auths: { [host]: { auth: auth("0000:"), identitytoken: "t" } } });
    assert.deepEqual(await findLogin(host, env), {
      kind: "identity-token",
      name: "0000",
      token: "t",
      source,
    });
  });

  const broken: [string, () => unknown, RegExp][] = [
    [
      "a file that is no JSON, and quotes nothing of it",
      () => helms('{"auths": secret'),
      /helm\.json is not a file of registry logins/,
    ],
    ["a file of another shape", () => helms({ auths: [] }), /helm\.json is not a file of registry logins/],
    ["a helper that is missing", () => helms({ credsStore: "gone" }), /docker-credential-gone cannot be run/],
    [
      "a helper that fails",
      () => {
        helper("all", "echo locked; exit 1");
        helms({ credsStore: "all" });
      },
      /docker-credential-all failed: locked/,
    ],
    [
      "a helper that answers nonsense, and quotes nothing of it",
      () => {
        helper("all", "echo secret");
        helms({ credsStore: "all" });
      },
      /docker-credential-all does not answer with a login/,
    ],
  ];
  for (const [what, make, expected] of broken) {
    it(`is refused with the remedy: ${what}`, async () => {
      make();
      await assert.rejects(findLogin(host, env), (error: unknown) => {
        assert.ok(error instanceof Unreadable);
        assert.match(error.message, expected);
        assert.match(error.message, /--username and --password-stdin/);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
    });
  }

  it("gets a token for an identity token", async () => {
    const registry = await startRegistry({ auth: "token", tags: ["1.5.1"] });
    try {
      const login = {
        kind: "identity-token",
        name: "<token>",
        token: user.refresh,
        source: "a helper",
      } as const;
      const repository = { registry: registry.host, path: "mirror/charts/bsr" };
      assert.deepEqual(await readTags(repository, login), ["1.5.1"]);
      await assert.rejects(
        readTags(repository, { ...login, token: "another" }),
        /refused the login <token> of a helper/,
      );
    } finally {
      await registry.close();
    }
  });

  it("goes to the token service, also where the registry would take it itself", async () => {
    const challenge =
      'Basic realm="charts", Bearer realm="https://tokens.example.com/t?a=b",service="s", Basic realm="x"';
    const asked: string[] = [];
    const ask = (url: URL) => {
      asked.push(url.href);
      return Promise.resolve(Response.json({ token: "a-token" }));
    };
    assert.equal(await bearerToken({ registry: host, path: "charts/bsr" }, challenge, null, ask), "a-token");
    assert.deepEqual(asked, [
      "https://tokens.example.com/t?a=b&service=s&scope=repository%3Acharts%2Fbsr%3Apull",
    ]);
  });

  it("is sent to no token service that is reached without https", async () => {
    const challenge = 'Bearer realm="http://tokens.example.com/token",service="s"';
    const login = { kind: "password", name: "a", password: "b", source: "f" } as const;
    const ask = () => assert.fail("it was asked");
    await assert.rejects(
      bearerToken({ registry: host, path: "charts/bsr" }, challenge, login, ask),
      /sends for a token to "http:\/\/tokens\.example\.com\/token"/,
    );
  });
});
