import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { cases } from "./bindings";
import { gitlab, gitlabJob, project, read, stepScript } from "./files";
import { Surroundings } from "./surroundings";

const stacks = ["dev", "staging", "prod"];
const jobs = Object.keys(gitlab).filter((name) => !["stages", "default"].includes(name));
const scriptOf = (name: string) => (gitlabJob(name).script ?? []).join("\n");

describe("the pipeline for GitLab", function () {
  this.timeout(240_000);

  describe("has jobs", () => {
    /** Those that docs.gitlab.com/ci/yaml has and that are used here; another one is a mistake. */
    const keys =
      "artifacts before_script environment extends image interruptible needs parallel resource_group rules script stage timeout variables".split(
        " ",
      );

    it("of keys that GitLab knows, whose parts are there", () => {
      const { stages } = gitlab as unknown as { readonly stages: readonly string[] };
      for (const name of jobs) {
        assert.deepEqual(
          Object.keys(gitlab[name] ?? {}).filter((key) => !keys.includes(key)),
          [],
          name,
        );
        const { extends: parents = [], needs = [], stage, script } = gitlabJob(name);
        const others = [
          ...[parents].flat(),
          ...needs.map((need) => (typeof need === "string" ? need : need.job)),
        ];
        assert.deepEqual(
          others.filter((other) => !jobs.includes(other)),
          [],
          name,
        );
        if (name.startsWith(".")) continue;
        assert.ok(stages.includes(stage ?? ""), name);
        assert.ok(script !== undefined && script.length > 0, name);
      }
      for (const [, file = ""] of read("gitlab/.gitlab-ci.yml").matchAll(
        /(?:node|--schemafile) ([a-z]\S+)/g,
      )) {
        assert.ok(existsSync(join(project, file)), file);
      }
    });

    it("for every stack, which each wait only for what is in the pipeline", () => {
      for (const [index, stack] of stacks.entries()) {
        const plan = gitlabJob(`bsr-plan-${stack}`);
        const up = gitlabJob(`bsr-up-${stack}`);
        for (const { variables, interruptible, rules = [] } of [plan, up]) {
          assert.deepEqual(variables, { STACK: stack });
          // A pipeline that is cut off by the next one would leave its stack behind.
          assert.equal(interruptible, false);
          assert.ok(rules[0]?.changes?.includes("stacks/Pulumi.$STACK.yaml"));
        }
        const before = stacks.slice(0, index).map((one) => ({ job: `bsr-up-${one}`, optional: true }));
        assert.deepEqual(plan.needs, before);
        assert.deepEqual(up.needs, [`bsr-plan-${stack}`]);
      }
    });

    it("of which only pulumi up has the environment of the stack, and no review has any", () => {
      const environments = jobs.map((name) => [name, gitlabJob(name).environment?.name] as const);
      assert.deepEqual(
        environments.filter(([name, environment]) => !name.startsWith(".") && environment !== undefined),
        [["bsr-preview", "$STACK-preview"], ...stacks.map((stack) => [`bsr-up-${stack}`, "$STACK"])],
      );
    });
  });

  describe("hands the hash on", () => {
    let around: Surroundings;
    beforeEach(() => {
      around = new Surroundings();
    });
    afterEach(() => around.close());

    it("as the workflow for GitHub does", () => {
      const programIn = (script: string) =>
        /node -e '\n([^']+)'/.exec(script)?.[1]?.replaceAll(/^ +/gm, "") ?? "";
      assert.notEqual(programIn(scriptOf(".plan")), "");
      assert.equal(programIn(scriptOf(".plan")), programIn(stepScript("bsr-up.yml", "Review")));
    });

    for (const { when, stack, binding, told } of cases) {
      it(`${binding === null ? "not at all" : `as "${binding}"`} where the review has ${when}`, async () => {
        around.stack(...stack);
        await around.answerNow();
        const { status, stdout, stderr } = around.bash(scriptOf("bsr-plan-prod"));
        assert.deepEqual([status, stderr], [binding === null ? 3 : 0, ""]);
        assert.equal(around.left("plan.env"), binding === null ? "" : `binding=${binding}\n`);
        assert.match(stdout, /^(prod: |Refused)/);
        assert.equal(/pulumi up is not bound to a plan/.test(stdout), told === true);
      });
    }

    it("to pulumi up, with the policy pack where there is one", () => {
      const up = (env: NodeJS.ProcessEnv) => {
        assert.equal(around.bash(scriptOf("bsr-up-prod"), env).status, 0);
        return around.lastCall();
      };
      const always = "up --stack prod --yes --non-interactive --color never";
      assert.equal(up({}), always);
      assert.equal(up({ binding: "" }), always);
      assert.equal(
        up({ binding: "e278eb6e951cd277" }),
        `${always} --config bsr:approvedPlan=e278eb6e951cd277`,
      );
      assert.equal(up({ BSR_POLICY_PACK: "pack" }), `${always} --policy-pack pack`);
    });
  });

  describe("comments on a merge request", () => {
    interface Asked {
      readonly request: string;
      readonly token: IncomingMessage["headers"][string];
      readonly body: string | undefined;
    }
    let around: Surroundings;
    let server: Server;
    let asked: Asked[];
    /** The notes of the merge request, page by page; a number is the status of a refusal. */
    let pages: readonly (readonly object[])[] | number;

    beforeEach(async () => {
      around = new Surroundings();
      writeFileSync(around.path("review.md"), "### prod: …\n");
      asked = [];
      server = createServer((request, response) => {
        void text(request).then((body) => {
          asked.push({
            request: `${request.method} ${request.url}`,
            token: request.headers["private-token"],
            body: body === "" ? undefined : (JSON.parse(body) as { body: string }).body,
          });
          if (typeof pages === "number") return response.writeHead(pages).end("{}");
          const page = Number(new URL(request.url ?? "", "http://localhost").searchParams.get("page"));
          response.setHeader("x-next-page", page < pages.length ? page + 1 : "");
          return response.end(JSON.stringify(pages[page - 1] ?? {}));
        });
      });
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    });
    afterEach(async () => {
      await new Promise((closed) => server.close(closed));
      around.close();
    });

    /** Runs the script as the job does; answers its status and what it wrote on standard error. */
    async function comment(): Promise<[status: number | null, stderr: string]> {
      const script = join(project, "docs", "ci", "gitlab", "comment.mjs");
      const child = spawn(process.execPath, [script, "review.md"], {
        cwd: around.folder,
        env: {
          ...process.env,
          CI_API_V4_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4`,
          CI_PROJECT_ID: "5",
          CI_MERGE_REQUEST_IID: "7",
          BSR_REVIEW_TOKEN: "a-token",
          STACK: "prod",
        },
      });
      const [stderr, status] = await Promise.all([
        text(child.stderr),
        new Promise<number | null>((closed) => child.on("close", closed)),
      ]);
      return [status, stderr];
    }

    const notes = "/api/v4/projects/5/merge_requests/7/notes";
    const body = "<!-- bsr review of prod -->\n### prod: …\n";
    const other = { id: 1, body: "<!-- bsr review of dev -->\n" };

    it("first with a note of its own", async () => {
      pages = [[other]];
      assert.deepEqual(await comment(), [0, ""]);
      assert.deepEqual(asked, [
        { request: `GET ${notes}?per_page=100&page=1`, token: "a-token", body: undefined },
        { request: `POST ${notes}`, token: "a-token", body },
      ]);
    });

    it("then by bringing that one up to date, on whatever page it is", async () => {
      pages = [[other], [{ id: 2, body: "<!-- bsr review of prod -->\nearlier" }]];
      assert.deepEqual(await comment(), [0, ""]);
      assert.deepEqual(
        asked.map(({ request }) => request),
        [`GET ${notes}?per_page=100&page=1`, `GET ${notes}?per_page=100&page=2`, `PUT ${notes}/2`],
      );
      assert.equal(asked.at(-1)?.body, body);
    });

    it("or says why it cannot, and shows no token", async () => {
      pages = 403;
      const [status, stderr] = await comment();
      assert.equal(status, 1);
      assert.match(stderr, /GET http:\S+\/notes\S+: 403; BSR_REVIEW_TOKEN needs the scope api/);
      assert.doesNotMatch(stderr, /a-token/);
    });
  });
});
