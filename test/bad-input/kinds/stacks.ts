import { configOf, exportOf, hidden } from "../../cli/stack-on-disk";
import { planted } from "../words";

/** A stack that `bsr review` cannot read, and what is told. */
export interface StackKind {
  readonly what: string;
  readonly project?: string;
  readonly state?: unknown;
  readonly config?: unknown;
  /** How pulumi answers instead. */
  readonly script?: string;
  readonly told: string;
}

const config = configOf({ version: "1.5.1", host: "bsr.example.com" });
const resource = (rest: object) => ({
  deployment: {
    resources: [
      {
        urn: "urn:pulumi:prod::bsr::pulumi-bsr:index:BsrRelease$pulumi-nodejs:dynamic:Resource::bsr-ledger",
        type: "pulumi-nodejs:dynamic:Resource",
        ...rest,
      },
    ],
  },
});
const ledger = {
  target: "1.5.1",
  strategy: "sequential",
  namespace: "bsr",
  releaseName: "bsr",
  database: "db:5432/bsr",
  position: { settled: true },
};
const plan = {
  transition: 1,
  lineage: 1,
  direction: "install",
  to: "1.5.1",
  steps: ["deploy 1.5.1"],
  warnings: [],
  description: "",
  highWaterMark: "1.5.1",
  schemaOwner: "1.5.1",
  downtime: false,
  mayLoseData: false,
  hash: "e278eb6e951cd277",
};
const failing = (text: string) => `echo '${text}' >&2; exit 1`;

export const stackKinds: readonly StackKind[] = [
  {
    what: "a project without a name",
    project: "runtime: nodejs\n",
    told: "Pulumi.yaml has no project name",
  },
  { what: "a project that is no YAML", project: "{ [", told: "Pulumi.yaml has no project name" },
  { what: "a project that is a list", project: "[]", told: "Pulumi.yaml has no project name" },
  {
    what: "no such stack",
    script: failing("error: no stack named 'x' found"),
    told: "pulumi stack ls lists",
  },
  {
    what: "no stack selected",
    script: failing("error: no stack selected; please use `pulumi stack select`"),
    told: "name one with --stack",
  },
  {
    what: "no log-in",
    script: failing("error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions"),
    told: "pulumi login, or set PULUMI_ACCESS_TOKEN",
  },
  {
    what: "a backend that does not answer, with a log-in in its address",
    script: failing(`error: could not open postgres://u:${planted}@db/state: connection refused`),
    told: "could not open postgres://db/state",
  },
  { what: "no word", script: "exit 1", told: "pulumi stack export failed: it wrote no reason" },
  { what: "no JSON", script: "echo hello", told: "pulumi stack export wrote no JSON" },
  { what: "nothing", script: "exit 0", told: "pulumi stack export wrote no JSON" },
  { what: "a state that is a list", state: [], told: "must be a map" },
  { what: "a state that is null", state: null, told: "a state that this version cannot use" },
  { what: "a state without a deployment", state: { version: 3 }, told: "deployment must be given" },
  {
    what: "resources that are none",
    state: { deployment: { resources: [planted] } },
    told: "deployment.resources.0 must be a map",
  },
  {
    what: "a ledger with a plan that is none",
    state: resource({ inputs: { ...ledger, plan: planted } }),
    told: "plan must be a map",
  },
  {
    what: "a ledger with a secret in it",
    state: resource({
      inputs: { ...ledger, plan: { "4dabf18193072939515e22adb298388d": "x", ciphertext: planted } },
    }),
    told: "plan.transition must be given",
  },
  {
    what: "a step that is none",
    state: resource({ inputs: { ...ledger, plan: { ...plan, steps: [planted] } } }),
    told: "a state that this version cannot use",
  },
  {
    what: "a plan to a version that is none",
    state: resource({ inputs: { ...ledger, plan: { ...plan, to: "latest" } } }),
    told: "a version that is not valid",
  },
  { what: "a configuration that is a list", config: [], told: "pulumi config --json" },
  {
    what: "a configuration with another shape",
    config: { "bsr:version": planted },
    told: "pulumi config --json",
  },
  { what: "no version", config: configOf({ host: "bsr.example.com" }), told: "bsr:version: must be given" },
  {
    what: "a secret version",
    config: configOf({ version: hidden, host: "bsr.example.com" }),
    told: "bsr:version: has a secure value, and decides the plan",
  },
  {
    what: "an unknown key",
    config: configOf({ version: "1.5.1", host: "h", strategi: planted }),
    told: "bsr:strategi: there is no such key; did you mean strategy?",
  },
  {
    what: "a block that is no JSON",
    config: configOf({ version: "1.5.1", host: "h", snapshot: planted }),
    told: "bsr:snapshot: is not JSON",
  },
  {
    what: "a values file that is not there",
    config: configOf({ version: "1.5.1", host: "h", valuesFile: "nowhere.yaml" }),
    told: "nowhere.yaml does not exist",
  },
  {
    what: "two ledgers",
    state: {
      deployment: {
        resources: [
          ...resource({ inputs: { ...ledger, plan } }).deployment.resources,
          ...resource({ inputs: { ...ledger, plan } }).deployment.resources,
        ],
      },
    },
    told: "name one of them with --component",
  },
].map((kind) => ({ state: exportOf([]), config, ...kind }));
