import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { dirname } from "node:path";
import { cases } from "./bindings";
import { read, stepScript, stepsOf, workflow, workflows } from "./files";
import { Surroundings } from "./surroundings";

describe("the workflows for GitHub", function () {
  this.timeout(240_000);
  let around: Surroundings;
  beforeEach(() => {
    around = new Surroundings();
  });
  afterEach(() => around.close());

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

    it(`${name} runs its scripts so that a failure within a pipe is one`, () => {
      assert.deepEqual(workflow(name).defaults, { run: { shell: "bash" } });
    });
  }

  it("keep what may write out of jobs that run a pull request's code", () => {
    const review = read("github-actions/bsr-review.yml");
    assert.doesNotMatch(review, /secrets\.PULUMI_ACCESS_TOKEN/);
    assert.match(review, /secrets\.PULUMI_REVIEW_TOKEN/);
    assert.deepEqual(
      Object.values(workflow("bsr-review.yml").jobs).flatMap(({ environment = [] }) => environment),
      ["${{ matrix.stack }}-preview"],
    );
  });

  describe("bsr-review.yml", () => {
    const script = (name: string) => stepScript("bsr-review.yml", name);
    const bot = (id: number, body: string) => ({ user: { type: "Bot" }, body, url: `https://x.test/${id}` });
    const pull = { GITHUB_REPOSITORY: "acme/bsr", PULL_REQUEST: "7" };

    /** Comments as GitHub has them, page by page; answers what gh was called with last. */
    function comment(pages: readonly object[][]): string | undefined {
      writeFileSync(around.path("pages"), JSON.stringify(pages));
      around.tool("gh", `echo "$*" >> gh-calls; case "$*" in *"--paginate --slurp "*) cat pages;; esac`);
      const { status, stderr } = around.bash(script("Comment"), pull);
      assert.deepEqual([status, stderr], [0, ""]);
      return around.left("gh-calls").trimEnd().split("\n").at(-1);
    }

    it("shows the plan, also where it is refused, and fails then", async () => {
      await around.answerNow();
      assert.equal(around.bash(script("Review")).status, 0);
      assert.equal(around.left("output"), "status=0\n");
      assert.match(around.left("summary"), /^### prod: Install 1\.5\.1/);

      around.stack({ version: "1.99.0" });
      await around.answerNow();
      assert.equal(around.bash(script("Review")).status, 0);
      assert.equal(around.left("output"), "status=0\nstatus=3\n");
      assert.match(around.left("summary"), /unknown-release/);

      around.isGone();
      await around.answerNow();
      assert.equal(around.bash(script("Review")).status, 1);
    });

    it("comments once, and keeps that comment up to date", () => {
      writeFileSync(around.path("review.md"), "### prod: …\n");
      const first = "api --silent --method POST repos/acme/bsr/issues/7/comments --field body=@comment.md";
      assert.equal(comment([[]]), first);
      assert.equal(around.left("comment.md"), "<!-- bsr review of prod -->\n### prod: …\n");

      const marked = "<!-- bsr review of prod -->\n### prod: earlier";
      const others = [bot(1, "<!-- bsr review of dev -->\n"), { ...bot(2, marked), user: { type: "User" } }];
      assert.equal(comment([others]), first);
      assert.equal(
        comment([others, [bot(3, marked), bot(4, marked)]]),
        "api --silent --method PATCH https://x.test/3 --field body=@comment.md",
      );
    });

    it("fails where the comments cannot be read", () => {
      writeFileSync(around.path("review.md"), "");
      around.tool("gh", "exit 1");
      assert.notEqual(around.bash(script("Comment"), pull).status, 0);
    });
  });

  describe("bsr-up.yml", () => {
    const script = (name: string) => stepScript("bsr-up.yml", name);

    for (const { when, stack, binding, told } of cases) {
      it(`hands on ${binding === null ? "nothing" : `"${binding}"`} where the review has ${when}`, async () => {
        around.stack(...stack);
        await around.answerNow();
        const { status, stderr } = around.bash(script("Review"));
        assert.deepEqual([status, stderr], [binding === null ? 3 : 0, ""]);
        assert.equal(around.left("output"), binding === null ? "" : `binding=${binding}\n`);
        assert.match(around.left("summary"), /^### /);
        assert.equal(/pulumi up is not bound to a plan/.test(around.left("summary")), told === true);
      });
    }

    it("does nothing where the stack cannot be read", async () => {
      around.isGone();
      await around.answerNow();
      assert.equal(around.bash(script("Review")).status, 1);
      assert.equal(around.left("output"), "");
    });

    it("gives pulumi up the hash and the policy pack, where there are any", () => {
      const up = (env: NodeJS.ProcessEnv) => {
        const { status } = around.bash(script("Up"), { KUBECONFIG_CONTENT: "kind: Config", ...env });
        assert.equal(status, 0);
        return around.lastCall();
      };
      const always = "up --stack prod --yes --non-interactive --color never";
      assert.equal(up({ BINDING: "", POLICY_PACK: "" }), always);
      assert.equal(
        up({ BINDING: "e278eb6e951cd277" }),
        `${always} --config bsr:approvedPlan=e278eb6e951cd277`,
      );
      assert.equal(up({ POLICY_PACK: "policy pack" }), `${always} --policy-pack policy pack`);
      assert.equal(around.left("temp/kubeconfig"), "kind: Config");
    });
  });

  describe("bsr-deploy.yml", () => {
    const { on, jobs } = workflow("bsr-deploy.yml");
    const stacks = ["dev", "staging", "prod"];

    function git(...args: string[]): string {
      const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
      const { status, stdout, stderr } = spawnSync("git", [...identity, ...args], {
        cwd: around.folder,
        encoding: "utf8",
      });
      assert.equal(status, 0, stderr);
      return stdout.trim();
    }

    /** Commits a change of a file; answers the commit before it. */
    function change(file: string): string {
      const before = git("rev-parse", "HEAD");
      mkdirSync(dirname(around.path(file)), { recursive: true });
      writeFileSync(around.path(file), before);
      git("add", file);
      git("commit", "--quiet", "--message", "change");
      return before;
    }

    /** The stacks that are brought up. */
    function which(env: NodeJS.ProcessEnv): string[] {
      writeFileSync(around.path("output"), "");
      const { status } = around.bash(stepScript("bsr-deploy.yml", "Which stacks"), env);
      assert.equal(status, 0);
      return stacks.filter((stack) => around.left("output").includes(`${stack}=true\n`));
    }

    it("brings up the stacks whose file has changed, and all where the program has", () => {
      git("init", "--quiet");
      git("commit", "--quiet", "--allow-empty", "--message", "first");
      const first = git("rev-parse", "HEAD");
      assert.deepEqual(which({ BEFORE: change("stacks/Pulumi.prod.yaml") }), ["prod"]);
      assert.deepEqual(which({ BEFORE: change("stacks/Pulumi.dev.yaml") }), ["dev"]);
      assert.deepEqual(which({ BEFORE: first }), ["dev", "prod"]);
      assert.deepEqual(which({ BEFORE: change("README.md") }), []);
      assert.deepEqual(which({ BEFORE: change("package-lock.json") }), stacks);
      assert.deepEqual(which({ BEFORE: "0".repeat(40) }), stacks);
      assert.deepEqual(which({ BEFORE: "", ASKED: "staging" }), ["staging"]);
    });

    it("asks by hand for one of the stacks that it has jobs for", () => {
      assert.deepEqual(on.workflow_dispatch?.inputs.stack.options, stacks);
      assert.deepEqual(Object.keys(jobs), ["stacks", ...stacks]);
    });

    /** The jobs that GitHub runs. Expressions as simple as these are JavaScript as well. */
    function run(asked: readonly string[], failing?: string): string[] {
      const outputs = Object.fromEntries(asked.map((stack) => [stack, "true"]));
      const results: Record<string, string> = {};
      for (const [name, { needs = [], if: condition = "" }] of Object.entries(jobs)) {
        const before = [needs].flat().map((job) => results[job]);
        const failure = () => before.includes("failure");
        const hasStatus = /\b(success|failure|cancelled|always)\(\)/.test(condition);
        const expression = condition.replace(/^\$\{\{|\}\}$/g, "").trim() || "true";
        // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
        const holds: unknown = new Function("needs", "failure", "cancelled", `return ${expression}`)(
          { stacks: { outputs } },
          failure,
          () => false,
        );
        const isRun = holds === true && (hasStatus || before.every((result) => result === "success"));
        results[name] = !isRun ? "skipped" : name === failing ? "failure" : "success";
      }
      return Object.keys(results).filter((name) => results[name] !== "skipped" && name !== "stacks");
    }

    it("lets what happens to one stack hold up no other, and a program no further than it comes", () => {
      assert.deepEqual(run(["prod"]), ["prod"]);
      assert.deepEqual(run(["staging"]), ["staging"]);
      assert.deepEqual(run(["dev", "prod"]), ["dev", "prod"]);
      assert.deepEqual(run(stacks), stacks);
      assert.deepEqual(run(stacks, "staging"), ["dev", "staging"]);
      assert.deepEqual(run(stacks, "dev"), ["dev"]);
      assert.deepEqual(run(stacks, "stacks"), []);
    });
  });
});
