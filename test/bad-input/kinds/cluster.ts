import { gzipSync } from "node:zlib";
import type { V1Lease } from "@kubernetes/client-node";
import {
  base64,
  goodRecord,
  goodWorld,
  helmSecret,
  instance,
  payload,
  stored,
  type World,
} from "../api-server";
import { recordName } from "../../../components/migrations/cluster/record/record";
import { planted } from "../words";

/** A cluster that answers what it should not. */
export interface ClusterKind {
  readonly what: string;
  readonly world: World;
  /** What every reader of it tells; `null` where it lives with it. */
  readonly told: string | null;
}

const secretName = `sh.helm.release.v1.${instance.release}.v1`;
const configMap = recordName(instance);

function secret(what: string, release: string | undefined): ClusterKind {
  const world = { ...goodWorld, secrets: [helmSecret(release)] };
  return { what: `a Helm Secret ${what}`, world, told: secretName };
}

function revision(what: string, change: object, told: string | null): ClusterKind {
  const world = { ...goodWorld, secrets: [helmSecret(stored(JSON.stringify({ ...payload(), ...change })))] };
  return { what: `a revision ${what}`, world, told };
}

function recordText(what: string, record: string, told = configMap): ClusterKind {
  return { what: `a record ${what}`, world: { ...goodWorld, record }, told };
}

const record = (what: string, change: object, told: string) =>
  recordText(what, JSON.stringify({ ...goodRecord, ...change }), told);

function lease(what: string, spec: object | undefined, told: string | null): ClusterKind {
  const metadata = { name: `${instance.release}-transition`, namespace: instance.namespace };
  return { what: `a Lease ${what}`, world: { ...goodWorld, lease: { metadata, spec } as V1Lease }, told };
}

function server(what: string, path: string, status: number, body: string, told: string): ClusterKind {
  const raw: World["raw"] = {
    [path]: (response) => void response.writeHead(status, { "content-type": "application/json" }).end(body),
  };
  return { what: `an API server ${what}`, world: { ...goodWorld, raw }, told };
}

const attempt = {
  version: "1.12.1",
  revision: 1,
  transition: 1,
  at: "2026-01-01T00:00:00Z",
  stack: "s",
  schemaBefore: null,
};
const workload = (spec: string) => `---\nkind: Deployment\nmetadata: { name: bufd }\nspec: ${spec}\n`;
const log = `<html><form>${planted}</form></html>`;

/** Read by `bsr status`, by `bsr history` and by the ledger alike. */
export const historyKinds: readonly ClusterKind[] = [
  secret("without data", undefined),
  secret("with an empty release", ""),
  secret("that is no base64", "%%%"),
  secret("that is base64 once only", base64(JSON.stringify(payload()))),
  secret("that is not packed", base64(base64(JSON.stringify({ ...payload(), manifest: planted })))),
  secret("that is cut off", base64(gzipSync(JSON.stringify(payload())).subarray(0, 60).toString("base64"))),
  secret("that is no JSON", stored(`password: ${planted}`)),
  secret("that is half a JSON", stored(JSON.stringify({ planted }).slice(0, -2))),
  secret("that unpacks to far too much", stored(" ".repeat(110_000_000))),
  secret("that is null", stored("null")),
  secret("that is a list", stored("[]")),
  secret("that is text", stored(JSON.stringify(planted))),
  revision("without info", { info: undefined }, "info must be given"),
  revision("whose info is text", { info: planted }, "info must be a map"),
  revision("whose status is a number", { info: { status: 5 } }, "info.status must be text"),
  revision("whose number is text", { version: "1" }, "version must be a number"),
  revision("whose number is 0", { version: 0 }, "version must be more than 0"),
  revision("whose number is 1.5", { version: 1.5 }, "version must be a whole number"),
  revision("without a chart", { chart: null }, "chart must be given"),
  revision(
    "whose chart has no version",
    { chart: { metadata: { name: "bsr" } } },
    "chart.metadata.version must be",
  ),
  revision(
    "whose chart is latest",
    { chart: { metadata: { name: "bsr", version: "latest" } } },
    "such as 1.5.1",
  ),
  revision("whose chart is 1.12", { chart: { metadata: { name: "bsr", version: "1.12" } } }, "such as 1.5.1"),
  revision("whose values are text", { config: planted }, "config must be a map"),
  revision("whose manifest is a number", { manifest: 5 }, "manifest must be text"),
  revision("whose hooks are text", { hooks: "x" }, "hooks must be a list"),
  revision("whose hook has no kind", { hooks: [{ name: "x" }] }, "hooks.0.kind must be given"),
  revision("with more than is known", { colour: "red", info: { status: "deployed", colour: "red" } }, null),
  revision("of a status that Helm has not", { info: { status: "frobnicated" } }, null),
  revision(
    "with 3 MB of values",
    { config: { ...(payload()["config"] as object), a: "x".repeat(3e6) } },
    null,
  ),
  {
    what: "a Helm Secret without labels",
    world: {
      ...goodWorld,
      secrets: [{ ...helmSecret(stored(JSON.stringify(payload()))), metadata: { name: secretName } }],
    },
    told: null,
  },
  {
    what: "a Helm Secret whose label says another status",
    world: { ...goodWorld, secrets: [helmSecret(stored(JSON.stringify(payload())), 1, "pending-upgrade")] },
    told: null,
  },
  recordText("that is empty", ""),
  record("whose events are text", { events: planted }, "events must be a list"),
  {
    what: "a record with events that say nothing",
    world: { ...goodWorld, record: JSON.stringify({ ...goodRecord, events: [7, null, { kind: "done" }] }) },
    told: null,
  },
  recordText("that is cut off", JSON.stringify(goodRecord).slice(0, 80)),
  recordText("that is a page", log),
  recordText("that is null", "null"),
  recordText("that is a list", "[]"),
  record(
    "of a newer format",
    { format: 2, transition: { number: 1 } },
    `${configMap} in the namespace bsr has the format 2`,
  ),
  record("without a format", { format: undefined }, "format must be given"),
  record("whose mark is a number", { highWaterMark: 1 }, "highWaterMark must be text"),
  record("whose mark is no version", { highWaterMark: planted }, "highWaterMark must be a version"),
  record("whose owner is latest", { schemaOwner: "latest" }, "schemaOwner must be a version"),
  record("whose transition is text", { transition: "1" }, "transition must be a number"),
  record(
    "verified at no time",
    { verified: { version: "1.12.1", revision: 1, at: "soon" } },
    "verified.at must be a time",
  ),
  record("whose attempts are text", { attempts: planted }, "attempts must be a list"),
  record(
    "with an attempt at no time",
    { attempts: [{ ...attempt, at: "" }] },
    "attempts.0.at must be a time",
  ),
  record(
    "with an attempt at no version",
    { attempts: [{ ...attempt, version: "x" }] },
    "attempts.0.version must be",
  ),
  record("with 100 broken attempts", { attempts: Array(100).fill({}) }, "more"),
  record("that learned a text", { learned: { "1.12.1": planted } }, "learned.1.12.1 must be a number"),
  record(
    "with a snapshot by no method",
    { snapshots: [{ method: "rsync" }] },
    "method must be pgDump or command",
  ),
  record("in a restore that is text", { restoring: planted }, "restoring must be a map"),
  server("that is a log-in page", "/secrets", 200, log, "not as a Kubernetes API server does"),
  server("that answers nothing", "/secrets", 200, "", "not as a Kubernetes API server does"),
  server("that answers null", "/secrets", 200, "null", "not as a Kubernetes API server does"),
  server(
    "that is cut off",
    "/secrets",
    200,
    '{"kind":"SecretList","items":[{',
    "not as a Kubernetes API server does",
  ),
  server(
    "that lists nothing",
    "/secrets",
    200,
    '{"kind":"SecretList"}',
    "GET /api/v1/namespaces/bsr/secrets",
  ),
  server(
    "that lists null",
    "/secrets",
    200,
    '{"kind":"SecretList","items":null}',
    "GET /api/v1/namespaces/bsr/secrets",
  ),
  server("that is another service", "/configmaps/", 200, "{}", `/configmaps/${configMap}`),
  server("that fails with a page", "/secrets", 500, "<html>".repeat(1000), "HTTP 500: <html>"),
  server("that fails with nothing", "/secrets", 503, "", "HTTP 503"),
  server("that denies in odd words", "/secrets", 403, '{"message":{"a":1}}', "HTTP 403"),
  {
    what: "an API server that breaks off",
    world: { ...goodWorld, raw: { "/secrets": (response) => void response.destroy() } },
    told: "fetch failed: other side closed",
  },
];

/** Read by `bsr status` only: the ledger asks neither pods nor lease. */
export const statusKinds: readonly ClusterKind[] = [
  revision("whose manifest is no YAML", { manifest: `a: [${planted}\n b` }, "a manifest that is not YAML"),
  revision("whose manifest has a strange tag", { manifest: `---\n!!js/function '${planted}'\n` }, "not YAML"),
  revision(
    "whose manifest has no containers",
    { manifest: workload("{ template: { spec: {} } }") },
    "Deployment bufd",
  ),
  revision(
    "whose manifest has containers as text",
    { manifest: workload("{ template: { spec: { containers: x } } }") },
    "containers must be a list",
  ),
  revision(
    "whose manifest has a selector as text",
    { manifest: workload(`{ selector: ${planted} }`) },
    "spec.selector must be a map",
  ),
  revision(
    "whose manifest selects in a strange way",
    { manifest: workload("{ selector: { matchExpressions: [{ key: a, operator: Near }] } }") },
    "operator must be In, NotIn, Exists or DoesNotExist",
  ),
  revision(
    "whose manifest has documents that are no objects",
    { manifest: "--- \ntext\n---\n- a\n---\n5\n" },
    null,
  ),
  revision("whose manifest has a workload without anything", { manifest: "---\nkind: Deployment\n" }, null),
  revision("whose manifest is empty", { manifest: "" }, null),
  lease("with no spec", undefined, null),
  lease("with no holder", { renewTime: "2026-01-01T00:00:00.000000Z" }, null),
  lease("with a holder and no time", { holderIdentity: "somebody" }, null),
  lease(
    "renewed at no time",
    { holderIdentity: "somebody", renewTime: "yesterday" },
    "kubectl delete lease bsr-transition -n bsr",
  ),
  lease(
    "acquired at no time",
    { holderIdentity: "somebody", renewTime: "2026-01-01T00:00:00Z", acquireTime: "x" },
    "the Lease bsr-transition",
  ),
  lease(
    "held for ever",
    { holderIdentity: "somebody", renewTime: "2026-01-01T00:00:00Z", leaseDurationSeconds: 1e300 },
    "leaseDurationSeconds must be",
  ),
  lease(
    "held for a text",
    { holderIdentity: "somebody", renewTime: "2026-01-01T00:00:00Z", leaseDurationSeconds: planted },
    "leaseDurationSeconds must be",
  ),
  lease(
    "held by a number",
    { holderIdentity: 5, renewTime: "2026-01-01T00:00:00Z" },
    "holderIdentity must be text",
  ),
];

/** What bufd's pod serves as its status page. */
export const pageKinds: readonly {
  readonly what: string;
  readonly page: World["page"];
  readonly told: string;
}[] = [
  { what: "empty", page: "", told: "it is not JSON" },
  { what: "a web page", page: log, told: "it is not JSON" },
  { what: "null", page: "null", told: "it is not JSON" },
  { what: "a list", page: "[]", told: "must be a map" },
  { what: "text", page: JSON.stringify(planted), told: "is not a status page" },
  { what: "5 MB of x", page: "x".repeat(5e6), told: "is not a status page" },
  { what: "without results", page: '{"overall_status":"healthy"}', told: "results must be given" },
  {
    what: "with results as text",
    page: `{"overall_status":"healthy","results":"${planted}"}`,
    told: "results must be a list",
  },
  {
    what: "with an item that is a number",
    page: '{"overall_status":"healthy","results":[5]}',
    told: "results.0 must be a map",
  },
  {
    what: "with an item without a status",
    page: '{"overall_status":"healthy","results":[{"name":"redis"}]}',
    told: "results.0.status must be given",
  },
  {
    what: "with a message that is a number",
    page: '{"overall_status":"healthy","results":[{"name":"x","status":"healthy","message":5}]}',
    told: "results.0.message must be text",
  },
  {
    what: "an error of the pod",
    page: (response) => void response.writeHead(500).end(log.slice(0, 12)),
    told: "HTTP 500",
  },
  {
    what: "broken off",
    page: (response) =>
      void response.writeHead(200, { "content-length": "9" }).write("{", () => response.destroy()),
    told: "other side closed",
  },
  {
    what: "without an end",
    page: (response) => void response.writeHead(200).write("{"),
    told: "did not answer in time",
  },
];
