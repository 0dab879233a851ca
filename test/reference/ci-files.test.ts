import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { run } from "../cli/run";
import { configOf, exportOf, StackOnDisk } from "../cli/stack-on-disk";

const project = join(__dirname, "..", "..");
const folder = join(project, "docs", "ci");
const read = (path: string) => readFileSync(join(folder, path), "utf8");

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
}
interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps?: readonly Step[]; readonly uses?: string }>>;
}
interface GitLabJob {
  readonly stage?: string;
  readonly extends?: string | readonly string[];
  readonly needs?: readonly string[];
  readonly script?: readonly string[];
  readonly before_script?: readonly string[];
}

const workflows = readdirSync(join(folder, "github-actions"));
const stepsOf = (name: string) =>
  Object.values((parse(read(`github-actions/${name}`)) as Workflow).jobs).flatMap(({ steps = [] }) => steps);
const gitlab = parse(read("gitlab/.gitlab-ci.yml"), { merge: true }) as Readonly<Record<string, GitLabJob>>;
const scripts = [
  ...workflows.flatMap((name) => stepsOf(name).map(({ run: script }) => script ?? "")),
  ...Object.values(gitlab).flatMap(({ script = [], before_script: before = [] }) => [...before, ...script]),
].filter((script) => script !== "");

/** A stack in its folder, which the pulumi on PATH tells of. */
function surroundings(): StackOnDisk {
  const disk = new StackOnDisk();
  disk.holds(exportOf([]), configOf({ version: "1.5.1", host: "bsr.example.com" }));
  return disk;
}

/** Puts an npx on PATH that answers `npx --no bsr review` with what the command answers now. */
async function answerNow(disk: StackOnDisk): Promise<void> {
  const cases: string[] = [];
  for (const form of ["markdown", "json"]) {
    const { status, stdout } = await run(["review", "--cwd", disk.folder, "--stack", "prod", `--${form}`]);
    writeFileSync(join(disk.folder, form), stdout);
    cases.push(`"--no bsr review --stack prod --${form}") cat ${form}; exit ${status};;`);
  }
  tool(disk, "npx", ['case "$*" in', ...cases, "esac", "exit 90"].join("\n"));
}

function tool(disk: StackOnDisk, name: string, script: string): void {
  const program = join(disk.folder, "bin", name);
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
}

/** Runs a step's script as GitHub does. */
function bash(disk: StackOnDisk, script: string, env: NodeJS.ProcessEnv = {}) {
  return spawnSync("bash", ["-e", "-o", "pipefail", "-c", script], {
    cwd: disk.folder,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: `${join(disk.folder, "bin")}${delimiter}${process.env["PATH"]}`,
      STACK: "prod",
      GITHUB_STEP_SUMMARY: join(disk.folder, "summary"),
      GITHUB_OUTPUT: join(disk.folder, "output"),
      ...env,
    },
  });
}

describe("the workflows of docs/ci", function () {
  this.timeout(240_000);

  for (const name of workflows) {
    it(`${name} is a workflow to GitHub's own parser`, async () => {
      // The parser is written for bundlers: it names no type where it imports JSON.
      const hooks = registerHooks({
        load: (url, context, next) =>
          next(
            url,
            url.includes("/@actions/") && url.endsWith(".json")
              ? { ...context, importAttributes: { type: "json" } }
              : context,
          ),
      });
      const parser = await import("@actions/workflow-parser").finally(() => hooks.deregister());
      const trace = { error: () => {}, verbose: () => {}, info: () => {} };
      const file = { name, content: read(`github-actions/${name}`) };
      const { context, value } = parser.parseWorkflow(file, trace);
      assert.ok(value);
      await parser.convertWorkflowTemplate(context, value);
      assert.deepEqual(
        context.errors.getErrors().map(({ message }) => message),
        [],
      );
    });

    it(`${name} pins every action to a commit, and calls only workflows that are there`, () => {
      for (const { uses } of stepsOf(name)) {
        if (uses !== undefined) assert.match(uses, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      }
      const called = [...read(`github-actions/${name}`).matchAll(/uses: \.\/\.github\/workflows\/(\S+)/g)];
      assert.ok(called.every(([, file = ""]) => workflows.includes(file)));
    });
  }

  it("have scripts that bash can read, in which no expression is run as code", () => {
    assert.ok(scripts.length > 10);
    for (const script of scripts) {
      // Everything comes through variables.
      assert.doesNotMatch(script, /\$\{\{/);
      const { status, stderr } = spawnSync("bash", ["-n", "-c", script], { encoding: "utf8" });
      assert.equal(status, 0, `${script}\n${stderr}`);
    }
  });

  it("call bsr with options that there are", async () => {
    const disk = surroundings();
    try {
      const calls = scripts.flatMap((script) => [...script.matchAll(/npx --no bsr ([^>|\n]+)/g)]);
      assert.ok(calls.length >= 5);
      for (const [, call = ""] of calls) {
        const args = call.trim().replaceAll('"$STACK"', "prod").split(" ");
        const { status, stdout, stderr } = await run([...args, "--cwd", disk.folder]);
        assert.deepEqual([status, stderr], [0, ""], call);
        assert.notEqual(stdout, "");
      }
    } finally {
      disk.close();
    }
  });

  it("comment once on a pull request, keep that comment up to date, and fail where the plan is refused", async () => {
    const disk = surroundings();
    try {
      const steps = stepsOf("bsr-review.yml");
      const script = (name: string) => steps.find((step) => step.name === name)?.run ?? "";
      const ghCalls = () => readFileSync(join(disk.folder, "gh-calls"), "utf8").trimEnd().split("\n");
      const pull = { GITHUB_REPOSITORY: "acme/bsr", PULL_REQUEST: "7" };
      tool(disk, "gh", `echo "$*" >> gh-calls; case "$*" in *--jq*) cat earlier;; esac`);

      writeFileSync(join(disk.folder, "earlier"), "");
      await answerNow(disk);
      assert.equal(bash(disk, script("Review")).status, 0);
      assert.equal(readFileSync(join(disk.folder, "output"), "utf8"), "status=0\n");
      assert.match(readFileSync(join(disk.folder, "summary"), "utf8"), /^### prod: Install 1\.5\.1/);
      assert.equal(bash(disk, script("Comment"), pull).status, 0);
      assert.match(
        readFileSync(join(disk.folder, "comment.md"), "utf8"),
        /^<!-- bsr review of prod -->\n### prod: /,
      );
      assert.equal(
        ghCalls().at(-1),
        "api --silent --method POST repos/acme/bsr/issues/7/comments --field body=@comment.md",
      );

      writeFileSync(
        join(disk.folder, "earlier"),
        "https://api.example.com/comments/1\nhttps://api.example.com/2\n",
      );
      disk.holds(exportOf([]), configOf({ version: "1.99.0", host: "bsr.example.com" }));
      await answerNow(disk);
      assert.equal(bash(disk, script("Review")).status, 0);
      assert.equal(readFileSync(join(disk.folder, "output"), "utf8"), "status=0\nstatus=3\n");
      assert.equal(bash(disk, script("Comment"), pull).status, 0);
      assert.match(readFileSync(join(disk.folder, "comment.md"), "utf8"), /unknown-release/);
      assert.equal(
        ghCalls().at(-1),
        "api --silent --method PATCH https://api.example.com/comments/1 --field body=@comment.md",
      );

      disk.answers("echo 'error: no stack named prod found' >&2; exit 6");
      await answerNow(disk);
      assert.equal(bash(disk, script("Review")).status, 1);
    } finally {
      disk.close();
    }
  });

  it("bind pulumi up to the plan that was shown, unless the stack's file does", async () => {
    const disk = surroundings();
    try {
      const script = (name: string) => stepsOf("bsr-up.yml").find((step) => step.name === name)?.run ?? "";
      const hashOf = () => readFileSync(join(disk.folder, "output"), "utf8").trimEnd().split("\n").at(-1);
      // jq is on every runner; what it is asked is so little that node answers it here.
      tool(
        disk,
        "jq",
        `exec node -e 'const r = JSON.parse(require("fs").readFileSync(process.argv[1])); console.log("hash=" + (r.approved ? "" : r.hash ?? ""))' "$3"`,
      );
      await answerNow(disk);
      assert.equal(bash(disk, script("Review")).status, 0);
      assert.equal(hashOf(), "hash=e278eb6e951cd277");
      disk.holds(
        exportOf([]),
        configOf({ version: "1.5.1", host: "b.example.com", approvedPlan: "e278eb6e951cd277" }),
      );
      await answerNow(disk);
      assert.equal(bash(disk, script("Review")).status, 0);
      assert.equal(hashOf(), "hash=");

      mkdirSync(join(disk.folder, "temp"));
      const up = (hash: string) => {
        const env = {
          HASH: hash,
          RUNNER_TEMP: join(disk.folder, "temp"),
          KUBECONFIG_CONTENT: "kind: Config",
        };
        assert.equal(bash(disk, script("Up"), env).status, 0);
        return disk.calls().at(-1);
      };
      const always = "up --stack prod --yes --non-interactive --color never";
      assert.equal(up("e278eb6e951cd277"), `${always} --config bsr:approvedPlan=e278eb6e951cd277`);
      assert.equal(up(""), always);
    } finally {
      disk.close();
    }
  });

  it("of GitLab have jobs whose parts are there", () => {
    const { stages } = gitlab as unknown as { readonly stages: readonly string[] };
    for (const [name, job] of Object.entries(gitlab)) {
      const others = [...[job.extends ?? []].flat(), ...(job.needs ?? [])];
      assert.deepEqual(
        others.filter((other) => !(other in gitlab)),
        [],
        name,
      );
      if (job.stage !== undefined) assert.ok(stages.includes(job.stage), name);
    }
    for (const [, file = ""] of read("gitlab/.gitlab-ci.yml").matchAll(/node (docs\S+)/g)) {
      assert.ok(existsSync(join(project, file)), file);
    }
  });
});

describe("the Renovate configuration of docs/ci", () => {
  const { customManagers, packageRules } = JSON.parse(read("renovate.json")) as {
    readonly customManagers: readonly [{ managerFilePatterns: [string]; matchStrings: [string] }];
    readonly packageRules: readonly { matchFileNames?: readonly string[] }[];
  };
  const [{ managerFilePatterns, matchStrings }] = customManagers;
  const isManaged = (file: string) => new RegExp(managerFilePatterns[0].slice(1, -1)).test(file);
  /** As Renovate finds it. */
  const found = (text: string) =>
    [...text.matchAll(new RegExp(matchStrings[0], "g"))].map(({ groups }) => groups?.["currentValue"]);
  const files = ["dev", "staging", "prod"].map((stack) => `stacks/Pulumi.${stack}.yaml`);

  it("finds the version in each stack's file, and nothing else", () => {
    for (const file of files) {
      const text = readFileSync(join(project, file), "utf8");
      assert.ok(isManaged(file));
      const { config } = parse(text) as { config: Record<string, unknown> };
      assert.deepEqual(found(text), [config["bsr:version"]], file);
    }
    assert.ok(!isManaged("Pulumi.yaml"));
    assert.deepEqual(found('config:\n  bsr:version: "1.5.1"\n'), ["1.5.1"]);
    assert.deepEqual(found("config:\n  bsr:version:\n    secure: v1:1.5.1\n  bsr:releases: 1.5.1\n"), []);
  });

  it("opens a pull request of its own for each stack", () => {
    assert.deepEqual(
      packageRules.flatMap(({ matchFileNames = [] }) => matchFileNames),
      files,
    );
  });
});
