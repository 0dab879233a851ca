import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { chartArtifact } from "../../../sandbox/bsr/chart";
import { startPrivateRegistry, type PrivateRegistry } from "../../../sandbox/bsr/private-registry";
import { push } from "../../../sandbox/bsr/registry";
import { decode } from "../../../sandbox/plugins/kubernetes/release/inputs";
import { withRegistryLogin } from "../../../sandbox/plugins/kubernetes/release/registry-login";
import { writeChart } from "./chart";
import { watchProcesses } from "./processes";
import { sh, TestStack, whichPlugin } from "./stack";

/** A chart in a registry that wants a login, and that this machine is not logged in to. */
describe("the Kubernetes plugin: a Release of a private chart", function () {
  this.timeout(60_000);
  const namespace = `plugin-${randomBytes(3).toString("hex")}`;
  const login = { username: "reader", password: "s3cret-of-the-chart" };
  let stack: TestStack;
  let registry: PrivateRegistry;

  before(async () => {
    console.log(`      on the ${whichPlugin("kubernetes")}`);
    stack = await TestStack.open("private-chart");
    registry = await startPrivateRegistry(login);
    for (const version of ["1.0.0", "1.1.0"]) {
      const folder = join(stack.folder, "chart");
      writeChart(folder, version);
      const artifact = chartArtifact(filesOf(folder));
      await push(registry.address, "charts/tiny", version, artifact, { login: registry.login });
    }
    sh("kubectl", "create", "namespace", namespace);
  });
  after(async () => {
    await stack.destroy();
    sh("kubectl", "delete", "namespace", namespace, "--wait=false");
    await registry.close();
    stack.close();
  });

  const release =
    (version: string, repositoryOpts?: k8s.helm.v3.ReleaseArgs["repositoryOpts"]): PulumiFn =>
    () => {
      const chart = `oci://${registry.address}/charts/tiny`;
      const args = { name: "tiny", namespace, chart, version, skipAwait: true };
      new k8s.helm.v3.Release("release", { ...args, ...(repositoryOpts && { repositoryOpts }) });
      return Promise.resolve();
    };
  const secretly = { username: login.username, password: pulumi.secret(login.password) };

  it("cannot be had without a login, or with a wrong one", async () => {
    for (const opts of [undefined, { ...login, password: "wrong" }]) {
      const { failed } = await stack.preview(release("1.0.0", opts));
      assert.match(failed, /property chart value \{oci:[^ ]*\} has a problem: .*check the chart name/s);
    }
  });

  it("is installed and upgraded with the login of repositoryOpts", async () => {
    for (const version of ["1.0.0", "1.1.0"]) {
      const watch = watchProcesses([login.password]);
      const run = await stack.up(release(version, secretly));
      assert.equal(run.failed, "");
      assert.deepEqual(watch.stop(), [], "the login is no argument of a process");
      assert.match(sh("helm", "list", "--namespace", namespace), new RegExp(`tiny-${version}`));
    }
  });

  it("leaves the login secret in the state, and the user's own configuration without it", () => {
    const auth = Buffer.from(`${login.username}:${login.password}`).toString("base64");
    const config = sh("sh", "-c", 'cat "${HELM_REGISTRY_CONFIG:-$(helm env HELM_REGISTRY_CONFIG)}" || true');
    for (const text of [login.password, auth]) {
      assert.equal(stack.stateText().includes(text), false);
      assert.equal(config.includes(text), false);
    }
  });
});

describe("the stand-in for the Kubernetes plugin: a registry login", () => {
  const release = (opts: Record<string, string>) =>
    decode({ chart: "oci://registry.example:5000/charts/bsr", repositoryOpts: opts });
  const login = { username: "user", password: "pass:word" };

  it("is in a file that only this user can read, and that is gone afterwards, also after a failure", async () => {
    let file = "";
    const use = (env: NodeJS.ProcessEnv) => {
      file = env.HELM_REGISTRY_CONFIG ?? "";
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), {
        auths: { "registry.example:5000": { auth: Buffer.from("user:pass:word").toString("base64") } },
      });
      return Promise.reject(new Error("no such chart"));
    };
    await assert.rejects(withRegistryLogin(release(login), use), /no such chart/);
    assert.notEqual(file, "");
    assert.equal(existsSync(file), false);
  });

  it("is the user's own where none or half of one is given", async () => {
    for (const opts of [{}, { username: "user" }, { password: "word" }]) {
      assert.deepEqual(await withRegistryLogin(release(opts), (env) => Promise.resolve(env)), {});
    }
  });
});

/** The files of a chart's folder, as publishing takes them. */
function filesOf(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
    }),
  );
}
