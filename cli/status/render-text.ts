import { statusPage as facts } from "../../components/migrations/facts";
import type { SnapshotSummary } from "../../components/migrations/cluster/record/snapshot-summary";
import { moment } from "../moment";
import type { Status } from "./status";
import type { WorkloadState } from "./workloads";

const headlines: Readonly<Record<Status["state"], string>> = {
  healthy: "healthy",
  "in-transition": "in transition",
  "needs-attention": "needs attention",
};

/** Renders an instance's status for a terminal. Its last line says what to do, if anything is to be done. */
export function textOf(status: Status): string {
  const { namespace, release, state, transition, attention } = status;
  const reason = transition === null ? "" : `: ${transition}`;
  const blocks = [
    [`Release ${release} in namespace ${namespace}: ${headlines[state]}${reason}`],
    position(status),
    section("Snapshots", status.snapshots.map(snapshotLine)),
    section("Pods", status.workloads.map(workload)),
    section("Status page", pageLines(status)),
    section(
      "Needs attention",
      attention.map(({ code, found }) => `${code}: ${found}`),
    ),
    attention[0] === undefined ? [] : [`Next: ${attention[0].remedy}`],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function position(status: Status): string[] {
  const { database, recorded, deployed, live, attempted, schemaOwner, highWaterMark, settled } = status;
  const rows: [string, string][] = [
    [
      "deployed",
      deployed === null
        ? "nothing verified"
        : `${deployed.version}, verified at revision ${deployed.revision}, ${moment(deployed.at)}`,
    ],
    ["live", liveLine(live)],
    ...(attempted === null
      ? []
      : [
          [
            "attempted",
            `${attempted.version} for revision ${attempted.revision}, begun by ${attempted.stack}, ${moment(attempted.at)}`,
          ] as [string, string],
        ]),
    ["schema owner", schemaOwner ?? "none"],
    ["schema version", schemaLine(status)],
    ["high-water mark", highWaterMark ?? "none"],
    ["settled", settled ? "yes" : "no"],
    ["maintenance", status.maintenance ? "on" : "off"],
    ["lease", leaseLine(status.lease)],
    ...(status.restoring === null ? [] : [["restore", restoreLine(status.restoring)] as [string, string]]),
    [
      "record",
      recorded ? `of database ${database}` : database === null ? "none" : `none of database ${database}`,
    ],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}   ${value}`);
}

function liveLine(live: Status["live"]): string {
  if (live === null) return "nothing";
  const { version, revision, status, verified } = live;
  return `${version} at revision ${revision}, ${status}, ${verified ? "verified" : "not verified"}`;
}

function schemaLine({ schemaVersion }: Status): string {
  if (schemaVersion === null) return "unknown";
  if (schemaVersion.source === "assumed") {
    return `${schemaVersion.current} (assumed: that of the schema owner; no status page shows it before ${facts.since})`;
  }
  const { current, target } = schemaVersion;
  return current === target ? `${current}` : `${current}, target ${target}`;
}

function leaseLine(lease: Status["lease"]): string {
  if (lease === null) return "free";
  const { state, holder, since, runsOut } = lease;
  return state === "held"
    ? `held by ${holder} since ${moment(since)}`
    : `free: ${holder} took it ${moment(since)} and let it run out ${moment(runsOut)}`;
}

function restoreLine({ snapshot, since, done }: NonNullable<Status["restoring"]>): string {
  return `of ${snapshot}, begun ${moment(since)}, ${done ? "done, and no deploy verified since" : "not ended"}`;
}

function snapshotLine({
  id,
  version,
  schemaVersion,
  at,
  bytes,
  place,
  method,
  maintenance,
}: SnapshotSummary) {
  const schema = schemaVersion === null ? "schema version unknown" : `schema version ${schemaVersion}`;
  const size = bytes === null ? "size unknown" : `${(bytes / 1_048_576).toFixed(1)} MB`;
  const mode = `maintenance ${maintenance ? "on" : "off"}`;
  return `${id}   ${version}, ${schema}, ${moment(at)}, ${size}, ${mode}, ${method}: ${place}`;
}

/** Renders a workload with its pods by version, or by template if the version is not known for sure. */
function workload({ name, wanted, stopped, pods }: WorkloadState): string {
  const groups = new Map<string, { ready: number; all: number }>();
  for (const { version, template, ready } of pods) {
    const key = version ?? `${template} template`;
    const { ready: soFar, all } = groups.get(key) ?? { ready: 0, all: 0 };
    groups.set(key, { ready: soFar + (ready ? 1 : 0), all: all + 1 });
  }
  const parts = [...groups].map(([key, { ready, all }]) => `${key}: ${ready} of ${all} ready`);
  const before = stopped === null ? "" : `, stopped by a restore, ${stopped} before`;
  return `${name} (wants ${wanted}${before})   ${parts.length === 0 ? "no pod" : parts.join(", ")}`;
}

function pageLines({ statusPage }: Status): string[] {
  if (statusPage === null) return [];
  const { pods, unhealthy, unreadable } = statusPage;
  return [
    ...unhealthy.map(({ pod, name, status, message }) => `${name} is ${status} on ${pod}: ${message}`),
    ...unreadable.map((pod) => `not readable on ${pod}`),
    ...(unhealthy.length + unreadable.length === 0 && pods.length > 0
      ? [`every item healthy on ${pods.join(", ")}`]
      : []),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}
