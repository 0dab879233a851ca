import { planted } from "../words";

/** What helm does when it is asked for something, and what is told of it; `null` where that can be lived with. */
export interface HelmKind {
  readonly what: string;
  readonly script: string;
  readonly told: string | null;
}

const on = (command: string, what: string, script: string, told: string | null): HelmKind => ({
  what: `helm ${command} ${what}`,
  script: `if [ "$1" = ${command} ]; then ${script}; fi`,
  told,
});
const says = (text: string) => `echo '${text}' >&2; exit 1`;

const version = "helm-version\n  found:  helm on PATH ";
const unusable = "chart-unusable\n  found:  oci://127.0.0.1:2/charts/bsr 1.13.0 cannot be used: ";
const refused = "values-refused\n  found:  The chart of 1.13.0 does not take the values it would get: ";

export const helmKinds: readonly HelmKind[] = [
  on("version", "is of the next major", "echo v4.0.1; exit 0", `${version}is v4.0.1.`),
  on("version", "says another word", "echo garbage; exit 0", `${version}is garbage.`),
  on("version", "says nothing", "exit 0", `${version}does not report its version.`),
  on("version", "fails", says("boom"), `${version}cannot be run: helm version failed: boom.`),
  on("version", "is killed", "kill -9 $$", `${version}cannot be run: helm version failed: ended by SIGKILL`),
  on("pull", "brings no chart", "exit 0", `${unusable}helm pull has written no chart`),
  on("pull", "fails in silence", "exit 3", `${unusable}ended with status 3 and said nothing`),
  on("pull", "is killed", "kill -9 $$", `${unusable}ended by SIGKILL`),
  on("pull", "gets a page", says("Error: <html>sign in</html>"), `${unusable}<html>sign in</html>`),
  on("pull", "repeats a secret", says(`Error: ${planted} is wrong`), `${unusable}[secret] is wrong`),
  on(
    "show",
    "finds no archive",
    says("Error: file does not appear to be a gzipped archive"),
    `${unusable}file does not`,
  ),
  on(
    "show",
    "finds no Chart.yaml",
    says("Error: Chart.yaml file is missing"),
    `${unusable}Chart.yaml file is missing`,
  ),
  on(
    "show",
    "finds values that are no YAML",
    `echo 'a: [${planted}'; exit 0`,
    `${unusable}its values.yaml is not YAML`,
  ),
  on("show", "finds values that are a list", "echo '- a'; exit 0", null),
  on("show", "finds no values at all", "exit 0", null),
  on(
    "template",
    "refuses by the schema",
    says("Error: values do not meet the specifications"),
    `${refused}values do not`,
  ),
  on(
    "template",
    "finds a bad schema",
    says("Error: unable to parse values.schema.json"),
    `${refused}unable to parse`,
  ),
  on(
    "template",
    "repeats a secret",
    says(`Error: license ${planted} is over`),
    `${refused}license [secret] is over`,
  ),
  on("template", "fails in silence", "exit 3", `${refused}ended with status 3 and said nothing`),
];
