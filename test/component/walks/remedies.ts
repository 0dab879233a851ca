import { isPending } from "../../../components/migrations/cluster/helm/pending";
import { LawBroken } from "./laws";
import { minorsApart, releaseOfSchema } from "./releases";
import type { Ended, Fault, Stack, State } from "./stack";

/** More than the longest way with a remedy for each thing that can be wrong. */
const upsAllowed = 50;

/**
 * Goes to the configured target with no more failures but those that are given, one for each of the first runs, as a user does who follows what is printed: every refusal and
 * failure is answered by its own remedy, read from its text where it tells one. Breaks a law where that leads nowhere.
 */
export function reachTarget(
  stack: Stack,
  states: readonly State[],
  see: (what: string) => void,
  faults: readonly (Fault | null)[] = [],
): void {
  const wanted = stack.config.target;
  const told: string[] = [];
  stack.isPatient = true;
  for (let ups = 0; ups < upsAllowed; ups++) {
    const { target } = stack.config;
    const ended = stack.up(faults[ups] ?? null);
    const goesOn = ended.kind === "done" && ended.changed && stack.config.deploysPerRun !== undefined;
    if (goesOn && stack.cluster.live?.version !== target) continue;
    // Somebody may have deployed just before its end.
    if (ended.kind === "done" && ups < faults.length) continue;
    if (ended.kind === "done" && target === wanted) {
      stack.isPatient = false;
      return isReached(stack);
    }
    told.push(`${target}: ${textOf(ended)}`);
    if (ended.kind === "done") configure(stack, { target: wanted, restoredTo: undefined });
    else {
      const remedy = remedyFor(stack, ended, states, told);
      if (remedy === null) throw new LawBroken(`no remedy leads to ${wanted}:\n${told.join("\n")}`);
      see(`remedy ${remedy}`);
    }
  }
  throw new LawBroken(`${wanted} is not reached with ${upsAllowed} ups:\n${told.join("\n")}`);
}

/** What runs is the target, verified, and a further run changes nothing. */
function isReached(stack: Stack): void {
  const { cluster, config } = stack;
  const { live, pods, rollout, database } = cluster;
  const target = config.target;
  if (live?.version !== target || live.status !== "deployed" || live.maintenance)
    throw new LawBroken(`up ended well, and ${live?.version} is live: ${live?.status}, wanted ${target}`);
  if (rollout !== null || pods.some(({ version, maintenance }) => version !== target || maintenance))
    throw new LawBroken(`up ended well, and other pods than those of ${target} run`);
  if (minorsApart(releaseOfSchema(database.schema), target) > 0)
    throw new LawBroken(`up to ${target} ended well on the schema of ${releaseOfSchema(database.schema)}`);
  let again = stack.up();
  if (again.kind === "done" && again.changed && config.adopt !== undefined) {
    // The number of a revision that was taken out of the history is used again: adopt is to be removed, as is printed.
    configure(stack, { adopt: undefined });
    again = stack.up();
  }
  if (again.kind !== "done" || again.changed)
    throw new LawBroken(`${target} is reached, and a further up is not empty: ${textOf(again)}`);
}

function textOf(ended: Ended): string {
  switch (ended.kind) {
    case "done":
      return ended.changed ? "done" : "nothing to do";
    case "failed":
      return `failed: ${ended.text}`;
    case "refused":
      return ended.reasons.join("\n  ");
  }
}

function configure(stack: Stack, change: Partial<Stack["config"]>): void {
  stack.config = { ...stack.config, ...change };
}

/** Takes the remedy of what ended a run; its name, or `null` where there is none. */
function remedyFor(
  stack: Stack,
  ended: Exclude<Ended, { kind: "done" }>,
  states: readonly State[],
  told: readonly string[],
): string | null {
  if (ended.kind === "failed") return afterFailure(stack, ended.text, told);
  const [reason = ""] = ended.reasons;
  const [code = ""] = reason.split("\n");
  const remedy = reason.split("remedy:")[1] ?? "";
  const version = / (\d+\.\d+\.\d+)/.exec(remedy)?.[1] ?? "";
  switch (code) {
    case "downtime-not-allowed":
      configure(stack, { allowDowntime: true });
      break;
    case "snapshot-required":
    case "snapshot-method-missing":
      configure(stack, { snapshots: true });
      break;
    case "license-required":
      configure(stack, { license: true });
      break;
    case "unknown-snapshot":
      configure(stack, { restore: undefined });
      break;
    case "unknown-schema-version":
      configure(stack, { tells100: true });
      break;
    case "below-high-water-mark":
      configure(stack, { acknowledge: /set acknowledgeDataLoss to "([^"]+)"/.exec(remedy)?.[1] });
      break;
    case "reinstall-owner-first":
      configure(stack, { target: version });
      break;
    case "unfinished-maintenance":
      if (remedy.includes("restoredTo")) tellRestored(stack);
      else configure(stack, { target: version, strategy: "maintenance" });
      break;
    case "drift":
      takeChoice(stack, remedy);
      break;
    case "release-not-owned":
      return takeOver(stack, remedy, states);
    case "adopted-at-its-version":
      configure(stack, { target: version });
      break;
    case "nothing-to-adopt":
      configure(stack, { adopt: undefined });
      break;
    default:
      return null;
  }
  return code;
}

/** The first choice that a drift leaves: to take over what runs, or to bring back by hand what is printed. */
function takeChoice(stack: Stack, remedy: string): void {
  const [, how = "", version = ""] =
    /(Take over|go back|owner back).*? version: (\d+\.\d+\.\d+)/.exec(remedy) ?? [];
  if (how !== "Take over") bringBack(stack, version, /helm rollback bsr (\d+)/.exec(remedy)?.[1]);
  configure(stack, { target: version });
}

/** The revision is taken over, or a state that was kept is brought back, where nobody has to wait for Helm. */
function takeOver(stack: Stack, remedy: string, states: readonly State[]): string {
  const [, version, revision] = /version: (\d+\.\d+\.\d+) and adopt: (\d+)/.exec(remedy) ?? [];
  if (version === undefined || revision === undefined) {
    stack.cluster.byHand(() => stack.cluster.unlock());
    return "bsr unlock";
  }
  const kept = states.at(-1);
  // Either, so that walks reach both.
  if (kept !== undefined && Number(revision) % 2 === 0) {
    stack.bringsBack(kept);
    return "pulumi stack import";
  }
  configure(stack, { target: version, adopt: Number(revision) });
  return "adopt";
}

/** Reads the database, and tells the lowest release that has its schema version or a higher one. */
function tellRestored(stack: Stack): void {
  const { schema } = stack.cluster.database;
  const target = releaseOfSchema(schema);
  configure(stack, {
    target,
    restoredTo: `${target},${schema}`,
    snapshots: true,
    tells100: true,
  });
}

/** What the user is told to do with helm. */
function bringBack({ cluster }: Stack, version: string, revision: string | undefined): void {
  const earlier = cluster.history.find((one) => one.revision === Number(revision));
  if (revision !== undefined && earlier?.version !== version)
    throw new LawBroken(`revision ${revision} is to bring ${version} back, and is ${earlier?.version}`);
  const maintenance = earlier?.maintenance ?? false;
  cluster.byHand(() => {
    if (cluster.live !== undefined && isPending(cluster.live)) cluster.unlock();
    cluster.upgrade({ version, maintenance, description: "by hand", jump: true }, () => undefined);
    while (cluster.rollout !== null) cluster.advance();
  });
}

function afterFailure(stack: Stack, text: string, told: readonly string[]): string | null {
  const { cluster } = stack;
  const { live } = cluster;
  if (live !== undefined && isPending(live) && /Helm holds release|another operation/.test(text)) {
    cluster.byHand(() => cluster.unlock());
    return "bsr unlock";
  }
  // As docs/operations.md has it, where a state is brought back that is older than the Release.
  if (/cannot re-use a name/.test(text) && live !== undefined && stack.isBroughtBack) {
    configure(stack, { target: live.version, adopt: live.revision });
    return "adopt, as the name is in use";
  }
  if (text === "has no deployed releases" && live === undefined) {
    stack.refresh();
    return "pulumi refresh";
  }
  // A state from before the Release was made: docs/operations.md says to take it over.
  if (text === "cannot re-use a name that is still in use" && live !== undefined) {
    configure(stack, { adopt: live.revision, target: live.version });
    return "adopt";
  }
  if (/snapshot.pgDump|rehearsal/.test(text) && !stack.config.snapshots) {
    configure(stack, { snapshots: true });
    return "snapshot.pgDump";
  }
  // All others say: run pulumi up again.
  const same = told.filter((one) => one === told.at(-1)).length;
  return same > 2 ? null : "pulumi up again";
}
