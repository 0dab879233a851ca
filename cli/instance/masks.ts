import type { KubeConfig } from "../../components/kubernetes-client";
import { documentedKeys } from "../../components/bsr-release/secrets/documented";
import type { Revision } from "../../components/migrations/cluster/helm/history";
import { eventsOf } from "../../components/migrations/cluster/record/events";
import type { TransitionRecord } from "../../components/migrations/cluster/record/record";
import { credentialsOf, secretTexts } from "../../components/migrations/cluster/secret-texts";
import { Masks } from "../../components/migrations/masks";
import { isOwnDescription } from "../../components/migrations/steps/context";

export type Mask = Masks["mask"];

/** Masks what the Secrets of the chart hold, as far as the cluster tells it: no stack is read that could tell more. */
export async function maskOf(cluster: KubeConfig, namespace: string): Promise<Mask> {
  const { texts } = await secretTexts(cluster, namespace, documentedKeys);
  return new Masks([...credentialsOf(cluster), ...texts]).mask;
}

/** A revision, with Helm's own words masked: they may quote an object or a hook. */
export function maskedRevision(revision: Revision, mask: Mask): Revision {
  const { description } = revision;
  return isOwnDescription(description) ? revision : { ...revision, description: mask(description) };
}

/** A record, with all masked that steps and users' commands have said. */
export function maskedRecord(record: TransitionRecord, mask: Mask): TransitionRecord {
  return {
    ...record,
    events: eventsOf(record).map((event) =>
      event.kind === "failed" ? { ...event, why: mask(event.why) } : event,
    ),
    restores: record.restores.map((restore) => ({ ...restore, kept: mask(restore.kept) })),
    snapshots: record.snapshots.map((snapshot) => ({ ...snapshot, place: mask(snapshot.place) })),
  };
}
