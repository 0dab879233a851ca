import { planted } from "../words";

/** A way to call `bsr` wrongly, and what is told on standard error, or on standard output where a plan is refused. */
export interface OptionKind {
  readonly args: readonly string[];
  readonly status: 1 | 2 | 3;
  readonly told: string;
}

const from14 = ["plan", "--from", "1.4.0"];
const plan = [...from14, "--to", "1.6.0"];
const check = ["releases", "--check"];
const usage = 2;
const refused = 3;
const unreadable = 1;

export const optionKinds: readonly OptionKind[] = [
  { args: ["plna"], status: usage, told: "unknown command 'plna'" },
  { args: ["--nope"], status: usage, told: "unknown option '--nope'" },
  { args: ["constructor"], status: usage, told: "unknown command 'constructor'" },
  { args: from14, status: usage, told: "'--to <version>' not specified" },
  { args: [...from14, "--to"], status: usage, told: "'--to <version>' argument missing" },
  { args: [...from14, "--to", "--json"], status: usage, told: "It needs a value, but an option follows." },
  { args: [...plan, "1.7.0"], status: usage, told: "too many arguments for 'plan'" },
  { args: [...plan, "--json", "--markdown"], status: usage, told: "'--json' cannot be used with option" },
  {
    args: [...plan, "--strategy", "fast"],
    status: usage,
    told: "Allowed choices are sequential, maintenance.",
  },
  { args: [...plan, "--strategy", "__proto__"], status: usage, told: "Allowed choices are sequential" },
  {
    args: [...plan, "--restore", "1.4.0"],
    status: usage,
    told: "a version and a schema version, as in 1.7.0,266",
  },
  { args: [...plan, "--restore", "1.4.0,0"], status: usage, told: "a version and a schema version" },
  { args: [...plan, "--restore", "1.4.0,1e99"], status: usage, told: "a version and a schema version" },
  {
    args: [...from14, "--to", ""],
    status: refused,
    told: 'The target is "", which is not an exact version.',
  },
  { args: [...from14, "--to", "-1"], status: refused, told: 'The target is "-1"' },
  { args: [...from14, "--to", "1.6.0\u001b[2J"], status: refused, told: 'The target is "1.6.0\\u001b[2J"' },
  { args: [...from14, "--to", "1.6.0 "], status: refused, told: 'The target is "1.6.0 "' },
  {
    args: [...from14, "--to", "9007199254740993.0.0"],
    status: refused,
    told: "which is not an exact version",
  },
  {
    args: ["plan", "--from", "NONE", "--to", "1.6.0"],
    status: refused,
    told: 'The deployed version is "NONE"',
  },
  { args: [...plan, "--high-water-mark", "high"], status: refused, told: 'The high-water mark is "high"' },
  { args: [...plan, "--schema-owner", "none"], status: refused, told: 'The schema owner is "none"' },
  {
    args: [...plan, "--acknowledge-data-loss", "yes"],
    status: refused,
    told: 'acknowledgeDataLoss is "yes"',
  },
  { args: ["review", "prod"], status: usage, told: "too many arguments for 'review'" },
  { args: ["review", "--stack", ""], status: usage, told: "It must not be empty." },
  { args: ["review", "--component", " "], status: usage, told: "It must not be empty." },
  { args: ["review", "--to", ""], status: usage, told: "It must not be empty." },
  { args: ["review", "--cwd", ""], status: usage, told: "It must not be empty." },
  { args: ["review", "--json", "--markdown"], status: usage, told: "'--json' cannot be used with option" },
  {
    args: ["review", "--cwd", "/nowhere"],
    status: unreadable,
    told: "no Pulumi.yaml in /nowhere or above it",
  },
  { args: ["status", "bsr"], status: usage, told: "too many arguments for 'status'" },
  { args: ["status", "--kubeconfig"], status: usage, told: "'--kubeconfig <path>' argument missing" },
  { args: ["status", "--kubeconfig", ""], status: usage, told: "It must not be empty." },
  { args: ["status", "--context", " "], status: usage, told: "It must not be empty." },
  { args: ["status", "--namespace", ""], status: usage, told: "It needs a name of lower case letters" },
  { args: ["status", "--namespace", "../x"], status: usage, told: "It needs a name of lower case letters" },
  {
    args: ["status", "--release", "a,owner!=helm"],
    status: usage,
    told: "It needs a name of lower case letters",
  },
  { args: ["status", "--kubeconfig", "/nowhere"], status: unreadable, told: "a file that does not exist" },
  { args: ["status", "--kubeconfig", "test"], status: unreadable, told: "the kubeconfig is not valid YAML" },
  { args: ["unlock"], status: usage, told: "'--revision <number>' not specified" },
  { args: ["unlock", "--revision", "-1"], status: usage, told: "It needs a revision's number, as in 12." },
  { args: ["unlock", "--revision", "1.5"], status: usage, told: "It needs a revision's number, as in 12." },
  { args: ["unlock", "--revision", "0x10"], status: usage, told: "It needs a revision's number, as in 12." },
  { args: ["unlock", "--revision", "9".repeat(30)], status: usage, told: "It needs a revision's number" },
  {
    args: ["unlock", "--revision", "1", "--release", "B S R"],
    status: usage,
    told: "It needs a name of lower case",
  },
  { args: ["unlock", "--revision", "1", "--kubeconfig", ""], status: usage, told: "It must not be empty." },
  { args: ["releases", "--chart", "oci://a/b"], status: usage, told: "need option '--check'" },
  { args: [...check, "--password-stdin"], status: usage, told: "need each other" },
  { args: [...check, "--username", "x"], status: usage, told: "need each other" },
  { args: [...check, "--username", "", "--password-stdin"], status: usage, told: "It must not be empty." },
  { args: [...check, "--chart", ""], status: unreadable, told: 'the address ""' },
  { args: [...check, "--chart", "bsr"], status: unreadable, told: 'the address "bsr"' },
  { args: [...check, "--chart", "oci://"], status: unreadable, told: 'the address "oci://"' },
  { args: [...check, "--chart", "oci://[::1/bsr"], status: unreadable, told: 'the address "oci://[::1/bsr"' },
  {
    args: [...check, "--chart", "oci://h:99999/bsr"],
    status: unreadable,
    told: 'the address "oci://h:99999/bsr"',
  },
  { args: [...check, "--chart", "oci://%%/bsr"], status: unreadable, told: 'the address "oci://%%/bsr"' },
  { args: [...check, "--chart", "oci://h/bsr:1.0.0"], status: unreadable, told: "with no version" },
  {
    args: [...check, "--chart", `oci://u:${planted}@h/bsr`],
    status: unreadable,
    told: "with no version and no login",
  },
  { args: [...check, "--chart", "oci://127.0.0.1:2/bsr"], status: unreadable, told: "no answer from" },
];
