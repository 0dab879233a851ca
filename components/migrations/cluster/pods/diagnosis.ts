import { BatchV1Api, CoreV1Api, type CoreV1Event, type KubeConfig } from "../../../kubernetes-client";
import { reasonOf } from "../connection";
import { findingsOf, isInvolved, lastSeen, type Finding, type Scene } from "./findings";
import { observeAll, type Workload } from "./workloads";

const logLines = 5;
const shownEvents = 5;
/** A line of a log may be a whole document. */
const lineLength = 500;

/** The workloads and Jobs that may be the cause. */
export interface Suspects {
  readonly workloads?: readonly Workload[];
  readonly suspectJobs?: readonly string[];
}

/** A container's last log lines: from before its last restart, and since then. */
export interface Log {
  readonly before: string;
  readonly now: string;
}

/** Findings that say the same about several objects, merged into one. */
interface Reason extends Finding {
  readonly subjects: readonly string[];
}

/**
 * Says why the suspects do not become ready, in lines to print: the reasons of each pod with the last lines of its log,
 * then the last warnings that say something else. It says what cannot be read, and never fails.
 */
export async function diagnose(
  config: KubeConfig,
  namespace: string,
  suspects: Suspects,
  mask: (text: string) => string,
): Promise<string[]> {
  const { scene, unread } = await readScene(config, namespace, suspects);
  const findings = findingsOf(scene);
  const reasons = reasonsOf(findings);
  const told = await Promise.all(
    reasons.map(async (reason) => {
      const { container } = reason;
      const log =
        container === undefined
          ? undefined
          : await readLog(config, { namespace, name: reason.subject, container });
      return reasonLines(reason, log, mask);
    }),
  );
  return [...told.flat(), ...eventLines(scene, findings, Date.now(), mask), ...unread];
}

/** Says briefly why the suspects are not ready yet, for a line of progress; nothing if no reason is known. */
export async function diagnoseBriefly(
  config: KubeConfig,
  namespace: string,
  suspects: Suspects,
  mask: (text: string) => string,
): Promise<string[]> {
  const { scene } = await readScene(config, namespace, suspects);
  return reasonsOf(findingsOf(scene)).map((reason) => headOf(reason, mask));
}

/** Merges equal findings: replicas fail alike, so the same reason is given once for all of them. */
export function reasonsOf(findings: readonly Finding[]): Reason[] {
  const byText = new Map<string, Reason>();
  for (const finding of findings) {
    // Some messages of the kubelet contain the name of the pod.
    const text = finding.text.replaceAll(finding.subject, "<pod>");
    const same = byText.get(text);
    const subjects = [...new Set([...(same?.subjects ?? []), finding.subject])];
    byText.set(text, { ...(same ?? finding), subjects });
  }
  return [...byText.values()];
}

/** Prints one reason with the log lines that belong to it. */
export function reasonLines(
  reason: Pick<Reason, "subjects" | "text">,
  log: Log | undefined,
  mask: (text: string) => string,
): string[] {
  // Masked before anything is cut or joined, as half a secret would no longer be found.
  const [before, now] = [log?.before ?? "", log?.now ?? ""].map((part) =>
    mask(part)
      .split("\n")
      .map((line) => line.trimEnd().slice(0, lineLength))
      .filter((line) => line !== "")
      .slice(-logLines),
  ) as [string[], string[]];
  const head = headOf(reason, mask);
  // Between two runs, both are the log of the one that ended.
  if (before.length === 0 || before.join("\n") === now.join("\n")) return [head, ...now.map(indented)];
  return [
    head,
    ...before.map(indented),
    ...(now.length === 0 ? [] : ["  after it was started again:", ...now.map(indented)]),
  ];
}

/** Prints the newest warnings that no finding covers, each once with its count and age. */
export function eventLines(
  scene: Scene,
  told: readonly Finding[],
  now: number,
  mask: (text: string) => string,
): string[] {
  const isTold = ({ involvedObject, reason = "", message = "" }: CoreV1Event) =>
    told.some(
      ({ uid, covers, text }) =>
        (uid !== undefined && uid === involvedObject.uid && covers.includes(reason)) ||
        (message !== "" && text.includes(message)),
    );
  const groups = new Map<
    string,
    { readonly event: CoreV1Event; readonly names: Set<string>; count: number }
  >();
  const newestFirst = scene.events
    .filter((event) => isInvolved(scene, event) && !isTold(event))
    .sort((a, b) => lastSeen(b) - lastSeen(a));
  for (const event of newestFirst) {
    const { kind = "", name = "", uid = "" } = event.involvedObject;
    const message = event.message?.replaceAll(name, "<name>").replaceAll(uid, "<uid>");
    const key = JSON.stringify([kind, event.reason, message]);
    const group = groups.get(key) ?? { event, names: new Set(), count: 0 };
    group.names.add(name);
    group.count += event.count ?? event.series?.count ?? 1;
    groups.set(key, group);
  }
  const lines = [...groups.values()].slice(0, shownEvents).map(({ event, names, count }) => {
    const age = Math.max(0, Math.round((now - lastSeen(event)) / 1000));
    const times = count === 1 ? "" : `, ${count} times`;
    const { kind = "" } = event.involvedObject;
    const text = oneLine(mask(`${event.reason ?? ""}: ${event.message ?? ""}`));
    return `  ${age} s ago${times}, ${kind} ${[...names].join(", ")}: ${text}`;
  });
  if (lines.length === 0) return [];
  return [told.length === 0 ? "last warnings:" : "other warnings:", ...lines];
}

async function readScene(
  config: KubeConfig,
  namespace: string,
  { workloads = [], suspectJobs = [] }: Suspects,
): Promise<{ readonly scene: Scene; readonly unread: readonly string[] }> {
  const unread: string[] = [];
  const orElse = async <T>(what: string, reading: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await reading;
    } catch (error) {
      unread.push(`${what} could not be read: ${reasonOf(error)}`);
      return otherwise;
    }
  };
  const nothing = { deployments: [], statefulSets: [], daemonSets: [], replicaSets: [], pods: [] };
  const [running, jobs, events] = await Promise.all([
    orElse("pods", observeAll(config, namespace), nothing),
    suspectJobs.length === 0
      ? { items: [] }
      : orElse("Jobs", config.makeApiClient(BatchV1Api).listNamespacedJob({ namespace }), { items: [] }),
    orElse(
      "events",
      config.makeApiClient(CoreV1Api).listNamespacedEvent({ namespace, fieldSelector: "type=Warning" }),
      { items: [] },
    ),
  ]);
  return { scene: { running, jobs: jobs.items, events: events.items, workloads, suspectJobs }, unread };
}

async function readLog(
  config: KubeConfig,
  at: { readonly namespace: string; readonly name: string; readonly container: string },
): Promise<Log> {
  const read = async (previous: boolean): Promise<string> => {
    try {
      const api = config.makeApiClient(CoreV1Api);
      // More lines than are shown, because empty ones are left out.
      return await api.readNamespacedPodLog({ ...at, previous, tailLines: logLines * 4 });
    } catch {
      return ""; // the pod may be gone by now, or has not started before; the reason is given without a log
    }
  };
  const [before, now] = await Promise.all([read(true), read(false)]);
  return { before, now };
}

function headOf(
  { subjects, text }: Pick<Reason, "subjects" | "text">,
  mask: (text: string) => string,
): string {
  return `${subjects.join(", ")}: ${oneLine(mask(text))}`;
}

function indented(line: string): string {
  return `  | ${line}`;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, " ");
}
