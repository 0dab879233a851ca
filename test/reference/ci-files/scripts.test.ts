import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../cli/run";
import { gitlab, gitlabJob, project, read, scripts, stepScript, workflows } from "./files";
import { Surroundings } from "./surroundings";

describe("the scripts of docs/ci", function () {
  this.timeout(240_000);
  let around: Surroundings;
  beforeEach(() => {
    around = new Surroundings();
  });
  afterEach(() => around.close());

  it("can be read by bash, and run no expression as code", () => {
    assert.ok(scripts.length > 20);
    for (const script of scripts) {
      // Everything comes through variables.
      assert.doesNotMatch(script, /\$\{\{/);
      const { status, stderr } = spawnSync("bash", ["-n", "-c", script], { encoding: "utf8" });
      assert.equal(status, 0, `${script}\n${stderr}`);
    }
  });

  it("call bsr with options that there are", async () => {
    const calls = scripts.flatMap((script) => [...script.matchAll(/npx --no bsr ([^>|\n]+)/g)]);
    assert.ok(calls.length >= 6);
    for (const [, call = ""] of calls) {
      const args = call.trim().replaceAll('"$STACK"', "prod").split(" ");
      const { status, stdout, stderr } = await run([...args, "--cwd", around.folder]);
      assert.deepEqual([status, stderr], [0, ""], call);
      assert.notEqual(stdout, "");
    }
  });

  const files = [...workflows.map((name) => `github-actions/${name}`), "gitlab/.gitlab-ci.yml"];

  it("install the helm and the pulumi that this package is tested with", () => {
    const tools = readFileSync(join(project, "sandbox", "setup", "go-tools.ts"), "utf8");
    const tested = (tool: string) => new RegExp(`const ${tool}Version = "v(.+)";`).exec(tools)?.[1];
    const found = (pattern: RegExp) =>
      files.flatMap((file) => [...read(file).matchAll(pattern)]).map(([, version]) => version);
    const helms = found(/get\.helm\.sh\/helm-v([\d.]+)-linux-amd64\.tar\.gz/g);
    assert.deepEqual([helms.length, new Set(helms)], [3, new Set([tested("helm")])]);
    const pulumis = found(/(?:pulumi-version: |pulumi-nodejs-24:)([\d.]+)/g);
    assert.deepEqual([pulumis.length, new Set(pulumis)], [5, new Set([tested("pulumi")])]);
    assert.match(gitlab["default"]?.image ?? "", /^pulumi\/pulumi-nodejs-24:/);
  });

  it("check the same sum of helm, and install none that has another", () => {
    const installing = [
      stepScript("bsr-review.yml", "Helm"),
      stepScript("bsr-up.yml", "Helm"),
      gitlabJob(".helm").before_script?.find((script) => script.includes("helm")) ?? "",
    ];
    const sums = installing.map((script) => /[0-9a-f]{64}/.exec(script)?.[0]);
    assert.deepEqual([sums.length, new Set(sums).size], [3, 1]);
    assert.notEqual(sums[0], undefined);
    // Whatever is downloaded, it is not helm.
    around.tool("curl", 'while [ "$1" != --output ]; do shift; done; echo other > "$2"');
    around.tool("tar", "touch unpacked");
    for (const script of installing) {
      const { status, stdout } = around.bash(script);
      assert.notEqual(status, 0);
      assert.match(stdout, /helm\.tar\.gz: FAILED/);
      assert.equal(around.left("added-to-path"), "");
    }
    assert.throws(() => readFileSync(around.path("unpacked")));
  });

  it("install helm where its sum is the right one", () => {
    // Of a sum that is right only the tool can be another one.
    around.tool("curl", 'while [ "$1" != --output ]; do shift; done; tar -czf "$2" linux-amd64/helm');
    around.tool("sha256sum", "cat > /dev/null");
    around.bash("mkdir linux-amd64 && echo '#!/bin/sh' > linux-amd64/helm && chmod +x linux-amd64/helm");
    const { status, stderr } = around.bash(stepScript("bsr-up.yml", "Helm"));
    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal(around.left("added-to-path"), `${around.path("temp")}/linux-amd64\n`);
    assert.equal(around.left("temp/linux-amd64/helm"), "#!/bin/sh\n");
  });
});
