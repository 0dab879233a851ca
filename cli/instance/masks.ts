import type { KubeConfig } from "../../components/kubernetes-client";
import { documentedKeys } from "../../components/bsr-release/secrets/documented";
import type { Revision } from "../../components/migrations/cluster/helm/history";
import { eventsOf } from "../../components/migrations/cluster/record/events";
import type { TransitionRecord } from "../../components/migrations/cluster/record/record";
import { credentialsOf, secretTexts } from "../../components/migrations/cluster/secret-texts";
import { Masks } from "../../components/migrations/masks";
import { isOwnDescription } from "../../components/migrations/steps/context";

export type Mask = Masks["mask"];

/**
 * Returns a mask for what the chart's Secrets hold, and for Helm's values whose names say that they are secret. Only a
 * stack knows everything that was given as a secret, and none is read here.
 */
export async function maskOf(
  cluster: KubeConfig,
  namespace: string,
  history: readonly Pick<Revision, "values">[],
): Promise<Mask> {
  const { texts } = await secretTexts(cluster, namespace, documentedKeys);
  const values = history.flatMap((revision) => secretValues("", revision.values));
  return new Masks([...credentialsOf(cluster), ...texts, ...values]).mask;
}

const secretName = /password|passwd|secret|token|credential|key$/i;
/** The name of a Secret or of a key in one, when a value refers to it. */
const plainName = /^[a-z]+([-_.][a-z]+)*$/;

function secretValues(name: string, value: unknown): string[] {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) =>
      secretValues(Array.isArray(value) ? name : key, inner),
    );
  }
  return typeof value === "string" && secretName.test(name) && !plainName.test(value) ? [value] : [];
}

/** Masks Helm's own description of a revision: it may quote an object or a hook. */
export function maskedRevision(revision: Revision, mask: Mask): Revision {
  const { description } = revision;
  return isOwnDescription(description) ? revision : { ...revision, description: mask(description) };
}

/** Masks everything in a record that steps and users' commands have written. */
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
