import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** The checkout. */
export const project = join(__dirname, "..", "..", "..");

/** A file of docs/ci. */
export const read = (path: string) => readFileSync(join(project, "docs", "ci", path), "utf8");

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
}
export interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly steps?: readonly Step[];
}
export interface Workflow {
  readonly on: {
    readonly workflow_dispatch?: { readonly inputs: { readonly stack: { options: string[] } } };
  };
  readonly defaults?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** The names of GitHub's workflows. */
export const workflows = readdirSync(join(project, "docs", "ci", "github-actions"));

export const workflow = (name: string) => parse(read(`github-actions/${name}`)) as Workflow;

export const stepsOf = (name: string) =>
  Object.values(workflow(name).jobs).flatMap(({ steps = [] }) => steps);

/** The script of a workflow's step. */
export const stepScript = (name: string, step: string) =>
  stepsOf(name).find((one) => one.name === step)?.run ?? "";

export interface GitLabJob {
  readonly stage?: string;
  readonly extends?: string | readonly string[];
  readonly environment?: { readonly name: string };
  readonly image?: string;
  readonly needs?: readonly (string | { readonly job: string; readonly optional?: boolean })[];
  readonly rules?: readonly { readonly if: string; readonly changes?: readonly string[] }[];
  readonly script?: readonly string[];
  readonly before_script?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly interruptible?: boolean;
}

export const gitlab = parse(read("gitlab/.gitlab-ci.yml")) as Readonly<Record<string, GitLabJob>>;

/** A job with the keys that it takes from others, the later one before the earlier. */
export function gitlabJob(name: string): GitLabJob {
  const job = gitlab[name] ?? {};
  const parents = [job.extends ?? []].flat().map(gitlabJob);
  return Object.assign({}, ...parents, job) as GitLabJob;
}

/** Every script of docs/ci that a shell runs. */
export const scripts = [
  ...workflows.flatMap((name) => stepsOf(name).map(({ run }) => run ?? "")),
  ...Object.values(gitlab).flatMap(({ script = [], before_script = [] }) => [...before_script, ...script]),
].filter((script) => script !== "");
