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
 * Masks what the Secrets of the chart hold, and those of Helm's values whose names say that they are secret. No stack is
 * read, which alone knows all that was given as one.
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
/** The name of a Secret or of a key in one, where a value refers to it. */
const plainName = /^[a-z]+([-_.][a-z]+)*$/;

function secretValues(name: string, value: unknown): string[] {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) =>
      secretValues(Array.isArray(value) ? name : key, inner),
    );
  }
  return typeof value === "string" && secretName.test(name) && !plainName.test(value) ? [value] : [];
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
