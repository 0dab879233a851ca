import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publishRelease, tableReleases } from "../../../sandbox/bsr/publish";
import { startPrivateRegistry, type PrivateRegistry } from "../../../sandbox/bsr/private-registry";
import { until } from "../../../sandbox/cluster/until";
import { sandboxEnv } from "../../../sandbox/env";
import { exec, tryExec } from "../../../sandbox/exec";

describe("a private registry", function () {
  this.timeout(120_000);
  const login = { username: "reader", password: "s3cret-of-the-registry" };
  const release = tableReleases().find(({ version }) => version === "1.5.1") ?? assert.fail();
  let env: NodeJS.ProcessEnv;
  let registry: PrivateRegistry;
  let folder: string;

  before(async () => {
    env = sandboxEnv();
    folder = mkdtempSync(join(tmpdir(), "bsr-login-"));
    registry = await startPrivateRegistry(login);
    const published = await publishRelease({
      ...release,
      registry: env["BSR_SANDBOX_REGISTRY"] ?? "",
      prefix: "mirror",
      chartRegistry: registry,
    });
    assert.deepEqual([published.chart, published.changed], [registry.chart("mirror"), true]);
  });
  after(async () => {
    await registry.close();
    rmSync(folder, { recursive: true });
  });

  const pull = (config: string) =>
    tryExec("helm", ["show", "chart", registry.chart("mirror"), "--version", release.version], {
      env: { ...env, HELM_REGISTRY_CONFIG: join(folder, config) },
    });

  it("refuses a pull without login, and a wrong login", async () => {
    const { status, stderr } = await pull("none.json");
    assert.notEqual(status, 0);
    assert.match(stderr, /401|unauthorized|basic credential not found/i);
    assert.equal((await listTags({ ...login, password: "wrong" })).status, 401);
  });

  it("gives the chart to who has logged in, and lists its tags", async () => {
    const args = [
      "registry",
      "login",
      registry.address,
      "--plain-http",
      "--username",
      login.username,
      "--password-stdin",
    ];
    const logged = { ...env, HELM_REGISTRY_CONFIG: join(folder, "logged-in.json") };
    await exec("helm", args, { env: logged, input: login.password });
    assert.match(readFileSync(join(folder, "logged-in.json"), "utf8"), /"auth"/);
    const { status, stdout, stderr } = await pull("logged-in.json");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^version: 1\.5\.1$/m);
    assert.deepEqual(await (await listTags(login)).json(), { name: "mirror/charts/bsr", tags: ["1.5.1"] });
  });

  it("has charts that name their images in the sandbox's registry", async () => {
    const config = { ...env, HELM_REGISTRY_CONFIG: join(folder, "logged-in.json") };
    const args = ["show", "values", registry.chart("mirror"), "--version", release.version];
    const values = await exec("helm", args, { env: config });
    assert.match(values, new RegExp(`registry: "${env["BSR_SANDBOX_REGISTRY"]}/mirror"`));
  });

  it("publishes nothing anew that it has", async () => {
    const again = await publishRelease({
      ...release,
      registry: env["BSR_SANDBOX_REGISTRY"] ?? "",
      prefix: "mirror",
      chartRegistry: registry,
    });
    assert.equal(again.changed, false);
  });

  it("ends with the process that started it, also when that is killed", async () => {
    const program = `
      require("./sandbox/bsr/private-registry")
        .startPrivateRegistry({ username: "u", password: "p" })
        .then(({ address }) => console.log(address));`;
    const starter = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [address] = (await once(starter.stdout, "data")) as [Buffer];
    const answers = () =>
      fetch(`http://${address.toString().trim()}/v2/`).then(
        ({ status }) => status,
        () => undefined,
      );
    assert.equal(await answers(), 401);
    starter.kill("SIGKILL");
    await until("the registry to end", 30, async () => (await answers()) === undefined);
  });

  function listTags({ username, password }: typeof login): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    return fetch(`http://${registry.address}/v2/mirror/charts/bsr/tags/list`, { headers: { authorization } });
  }
});
