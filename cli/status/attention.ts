import {
  finishUninstall,
  isPending,
  isUninstalling,
  unlockCommand,
} from "../../components/migrations/cluster/helm/pending";
import { moment } from "../moment";
import type { Facts } from "./status";

/** Something that somebody has to look at. */
export interface Attention {
  readonly code:
    | "not-deployed"
    | "restore-cut-off"
    | "helm-locked"
    | "uninstalling"
    | "drift"
    | "edited-by-hand"
    | "not-verified"
    | "maintenance-on"
    | "not-ready"
    | "unhealthy";
  readonly found: string;
  readonly remedy: string;
}

/** Returns what needs attention when nobody works on the instance, the most pressing first. */
export function attentionTo(facts: Facts, databases: readonly string[]): Attention[] {
  if (facts.live === null) return [notDeployed(facts, databases)];
  return [
    ...restoreCutOff(facts),
    ...helmLocked(facts),
    ...uninstalling(facts),
    ...drift(facts),
    ...edited(facts),
    ...notVerified(facts),
    ...maintenanceOn(facts),
    ...notReady(facts),
    ...unhealthy(facts),
  ];
}

function notDeployed({ namespace, release, recorded }: Facts, databases: readonly string[]): Attention {
  const past =
    databases.length > 1
      ? `; the records of ${databases.length} databases are left: ${databases.join(", ")}`
      : recorded
        ? "; the record of its database is left"
        : "; nor is there a record";
  return {
    code: "not-deployed",
    found: `there is no Helm release ${release} in namespace ${namespace}${past}`,
    remedy: "check --namespace, --release and --context, or install with pulumi up",
  };
}

/** Reports pods that a restore has stopped and that nothing has started again. */
export function restoreCutOff(facts: Facts): Attention[] {
  const told = toldOfRestore(facts);
  return told === null ? [] : [{ code: "restore-cut-off", ...told }];
}

function toldOfRestore({ restoring, workloads, namespace }: Facts): Omit<Attention, "code"> | null {
  const stopped = workloads.filter((workload) => workload.stopped !== null);
  const pods = `the pods of ${stopped.map(({ name }) => name).join(", ")} are stopped, so nobody is served`;
  if (restoring !== null && !restoring.done) {
    const since = `a restore of ${restoring.snapshot}, begun at ${moment(restoring.since)}, was cut off`;
    return {
      found: stopped.length === 0 ? `${since}, and may have switched over` : `${since}: ${pods}`,
      remedy: "run pulumi up: it finds out what came of the restore, and goes on",
    };
  }
  if (stopped.length === 0) return null;
  if (restoring !== null) {
    return {
      found: `${restoring.snapshot} is restored, and no deploy was verified since: ${pods}`,
      remedy: "run pulumi up: it goes on with the deploy on the restored database",
    };
  }
  const scale = stopped.map(
    ({ kind, name, stopped: before }) =>
      `kubectl scale ${kind.toLowerCase()} ${name} -n ${namespace} --replicas=${before ?? 1}`,
  );
  return {
    found: `a restore that no record knows of has stopped pods: ${pods}`,
    remedy: `run pulumi up; if it has nothing to do: ${scale.join("; ")}`,
  };
}

function helmLocked({ live, namespace, release, attempted }: Facts): Attention[] {
  if (live === null || !isPending(live)) return [];
  const isOwn = attempted?.revision === live.revision;
  const unlock = unlockCommand(live, { namespace, release });
  return [
    {
      code: "helm-locked",
      found: `Helm has revision ${live.revision} (${live.version}) as ${live.status}, and no run of ours is at work`,
      remedy: isOwn
        ? "run pulumi up: it waits until the run that began it is proven dead, ends the lock and goes on"
        : `wait if another Helm operation runs; if one died, ${unlock} ends its lock; then run pulumi up`,
    },
  ];
}

function uninstalling({ live, namespace, release }: Facts): Attention[] {
  if (live === null || !isUninstalling(live)) return [];
  return [
    {
      code: "uninstalling",
      found: `Helm has revision ${live.revision} (${live.version}) as uninstalling: an uninstall is at work, or broke off`,
      remedy: `wait until there is no release any more; if it broke off, finish it: ${finishUninstall({ namespace, release })}`,
    },
  ];
}

function drift({ live, drift, deployed, recorded }: Facts): Attention[] {
  if (live === null || !drift) return [];
  const known =
    deployed !== null
      ? `${deployed.version} at revision ${deployed.revision} is the last one that was verified`
      : recorded
        ? "nothing that is left in Helm was verified"
        : "there is no record of its database";
  return [
    {
      code: "drift",
      found: `${live.version} at revision ${live.revision} was deployed by no transition on record (${live.description}), and ${known}`,
      remedy: "run pulumi preview: it names the choices, to take over what runs or to go back",
    },
  ];
}

function edited({ edited: found }: Facts): Attention[] {
  if (found.length === 0) return [];
  return [
    {
      code: "edited-by-hand",
      found: found.join("; "),
      remedy: "pulumi up deploys again what was verified; pulumi preview shows it",
    },
  ];
}

function notVerified({ live, drift, attempted }: Facts): Attention[] {
  if (live === null || drift || live.verified || isPending(live) || isUninstalling(live)) return [];
  const began =
    attempted?.revision === live.revision ? `, begun by ${attempted.stack} at ${moment(attempted.at)},` : "";
  return [
    {
      code: "not-verified",
      found: `${live.version} at revision ${live.revision}${began} was not verified; Helm says ${live.status}: ${live.description}`,
      remedy: "fix the cause, then run pulumi up: it goes on there",
    },
  ];
}

function maintenanceOn({ live, maintenance }: Facts): Attention[] {
  if (live === null || !maintenance) return [];
  return [
    {
      code: "maintenance-on",
      found: `${live.version} runs in maintenance mode and refuses its users, and no run is at work`,
      remedy: "run pulumi up: it goes on, and ends with maintenance off",
    },
  ];
}

function notReady({ rollout, namespace }: Facts): Attention[] {
  if (rollout?.state !== "stuck" && rollout?.state !== "not-ready") return [];
  const troubles = rollout.troubles.length === 0 ? "" : ` (${rollout.troubles.join("; ")})`;
  return [
    {
      code: "not-ready",
      found: `pods are not as they should be: ${rollout.line}${troubles}`,
      remedy: `look at them with kubectl describe pods -n ${namespace}`,
    },
  ];
}

function unhealthy({ statusPage }: Facts): Attention[] {
  if (statusPage === null) return [];
  const items = statusPage.unhealthy.map(
    ({ pod, name, status, message }) => `${name} is ${status} on ${pod} (${message})`,
  );
  const unreadable = statusPage.unreadable.map((pod) => `the status page of ${pod} could not be read`);
  const found = [...items, ...unreadable];
  return found.length === 0
    ? []
    : [{ code: "unhealthy", found: found.join("; "), remedy: "fix what the status page names" }];
}
