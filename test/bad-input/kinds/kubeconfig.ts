import { kubeconfigOf } from "../../local-server";
import { planted } from "../words";

/** A kubeconfig that leads nowhere, and what is told of it. `server` is one that answers. */
export interface KubeconfigKind {
  readonly what: string;
  readonly text: (server: string) => string;
  readonly told: string;
}

const cluster = (what: string, part: object, told: string): KubeconfigKind => ({
  what: `with ${what}`,
  text: () => kubeconfigOf(part),
  told,
});

const user = (what: string, part: object, told: string): KubeconfigKind => ({
  what: `with ${what}`,
  text: (server) => kubeconfigOf({ server, "insecure-skip-tls-verify": true }, part),
  told,
});

const plugin = (what: string, script: string, told: string) =>
  user(
    `a credential plugin that ${what}`,
    { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "sh", args: ["-c", script] } },
    told,
  );

const whole = (what: string, text: string, told: string): KubeconfigKind => ({
  what,
  text: () => text,
  told,
});

const notYaml = "the kubeconfig is not valid YAML, or lacks what a kubeconfig must have";
const noContext = "the kubeconfig has no current context, or names no cluster for it";
const noAddress = "no server or proxy-url that is an http or https address";
const https = "https://127.0.0.1:2";

export const kubeconfigKinds: readonly KubeconfigKind[] = [
  whole("that is no YAML", `token: [${planted}\n`, notYaml),
  whole("with tabs", "clusters:\n\t- name: one\n", notYaml),
  whole("of bytes", "\u0000\u0001\n", notYaml),
  whole("that is text", `${planted}\n`, noContext),
  whole("that is a list", "- one\n", noContext),
  whole("that is empty", "{}", noContext),
  whole("of nulls", JSON.stringify({ clusters: null, contexts: null, users: null }), noContext),
  whole(
    "with a context that is null",
    JSON.stringify({ "current-context": "one", contexts: [null] }),
    notYaml,
  ),
  whole(
    "whose context names nothing",
    JSON.stringify({ "current-context": "one", contexts: [{ name: "one" }] }),
    notYaml,
  ),
  whole(
    "whose context names a cluster that is not there",
    JSON.stringify({
      "current-context": "one",
      contexts: [{ name: "one", context: { cluster: "two", user: "one" } }],
    }),
    noContext,
  ),
  cluster("a cluster without a server", {}, notYaml),
  cluster("a server that is a number", { server: 5 }, notYaml),
  cluster("a server that is no address", { server: "not an address" }, noAddress),
  cluster("a server of another protocol", { server: "ftp://example.com" }, noAddress),
  cluster("a proxy that is no address", { server: https, "proxy-url": planted }, noAddress),
  cluster(
    "a certificate authority's file that is not there",
    { server: https, "certificate-authority": "/nowhere" },
    "/nowhere",
  ),
  user(
    "a token with a line break",
    { token: `${planted}\n${planted}` },
    "a token that cannot be sent, such as one with a line break",
  ),
  user("a token of strange letters", { token: `${planted}\u2713` }, "a token that cannot be sent"),
  user(
    "a credential plugin that is not there",
    { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "/nowhere/plugin", args: [planted] } },
    "/nowhere/plugin",
  ),
  plugin("fails", "echo 'log in again' >&2; exit 1", "cannot be used to log in: log in again"),
  plugin("answers no JSON", `echo ${planted}`, "its credential plugin does not answer with a credential"),
  plugin(
    "answers another JSON",
    `echo '{"token":"${planted}"}'`,
    "its credential plugin does not answer with a credential",
  ),
  {
    what: "with a client certificate that is none",
    text: () =>
      kubeconfigOf({ server: https }, { "client-certificate-data": planted, "client-key-data": planted }),
    told: "a certificate or a key of the kubeconfig cannot be read",
  },
];
