import { randomBytes } from "node:crypto";
import { CoreV1Api } from "../../../kubernetes-client";
import { z } from "zod";
import { ifFound, statusOf } from "../../cluster/connection";
import type { Snapshot } from "../../cluster/record/record";
import { jsonOf } from "../../cluster/unusable";
import { JobError, jobName } from "../../cluster/jobs/job";
import { runScript } from "../../cluster/jobs/script-job";
import type { Context } from "../context";
import type { Wait } from "../wait";
import { keptName, restoringName, scratchName } from "./database-names";
import type { PgDumpInput } from "./input";
import {
  SnapshotError,
  type Asked,
  type Note,
  type Restored,
  type SnapshotMethod,
  type Taken,
} from "./method";
import {
  checkRestoreScript,
  checkScript,
  cutOffScript,
  folder,
  pruneScript,
  readScript,
  restoreScript,
  resultPrefix,
  takeScript,
} from "./pg-dump-script";

/** Returns the one Job name for everything that changes anything, so that no two such Jobs ever run at once. */
export function snapshotJobName(release: string): string {
  return jobName(release, "snapshot");
}

const readSchema = z.object({ schemaVersion: z.number() });
const restoredSchema = z.object({ kept: z.string(), schemaVersion: z.number() });
const cutOffSchema = z.object({ switchedOver: z.boolean() });
const resultSchema = z.object({ schemaVersion: z.number(), bytes: z.number(), sha256: z.string() });

/** Dumps the database to a volume of the cluster as Postgres archives, over the connection that the BSR uses. */
export class PgDump implements SnapshotMethod {
  readonly keep: number;

  constructor(private readonly input: PgDumpInput) {
    this.keep = input.keep;
  }

  async prepare(context: Context, wait: Wait, restores: boolean): Promise<void> {
    await this.#ensureClaim(context, wait);
    const makesDatabase = restores || this.input.verify === "restored";
    // Step 0 holds no lease, so another run may have a Job at work, perhaps the same check.
    const name = jobName(context.setting.release, `snapshot-check-${randomBytes(4).toString("hex")}`);
    await this.#run(context, wait, checkScript, { BESIDE: String(makesDatabase) }, { name });
  }

  async take(context: Context, wait: Wait, { id, quiet }: Asked): Promise<Taken> {
    await this.#ensureClaim(context, wait);
    const name = nameOf(context, id);
    const lines = await this.#run(context, wait, takeScript, {
      NAME: name,
      RELEASE: context.setting.release,
      QUIET: String(quiet),
      VERIFY: this.input.verify,
      SCRATCH: scratchName(this.input.access.database),
    });
    const taken = resultOf(resultSchema, lines);
    return {
      ...taken,
      place: `volume claim ${this.input.claim}, file ${name}.dump`,
      verified: this.input.verify,
    };
  }

  async checkRestore(context: Context, wait: Wait, snapshot: Snapshot): Promise<void> {
    const { NAME, SUM } = envOf(context, snapshot);
    await this.#run(context, wait, checkRestoreScript, { NAME, SUM });
  }

  async restore(context: Context, wait: Wait, snapshot: Snapshot, note: Note): Promise<Restored> {
    const kept = keptName(this.input.access.database, new Date());
    await note({ kept });
    const env = { ...envOf(context, snapshot), KEPT: kept };
    return resultOf(restoredSchema, await this.#run(context, wait, restoreScript, env));
  }

  async hasSwitchedOver(context: Context, wait: Wait, kept: string): Promise<boolean> {
    const lines = await this.#run(context, wait, cutOffScript, { KEPT: kept }, { onVolume: false });
    return resultOf(cutOffSchema, lines).switchedOver;
  }

  async readSchemaVersion(context: Context, wait: Wait): Promise<number> {
    const lines = await this.#run(context, wait, readScript, {}, { onVolume: false });
    return resultOf(readSchema, lines).schemaVersion;
  }

  async delete(context: Context, wait: Wait, ids: readonly string[]): Promise<void> {
    await this.#run(context, wait, pruneScript, { PRUNE: ids.map((id) => nameOf(context, id)).join(" ") });
  }

  /** Creates the claim outside the stack, so that nothing of ours ever deletes it. */
  async #ensureClaim({ cluster, setting, progress }: Context, wait: Wait): Promise<void> {
    const core = cluster.makeApiClient(CoreV1Api);
    const { namespace } = setting;
    const { claim: name, size, storageClass } = this.input;
    const found = await wait.read(() =>
      ifFound(core.readNamespacedPersistentVolumeClaim({ namespace, name })),
    );
    if (found !== undefined) return;
    const body = {
      metadata: { name, namespace, labels: { "app.kubernetes.io/managed-by": "pulumi-bsr" } },
      spec: {
        accessModes: ["ReadWriteOnce"],
        ...(storageClass === null ? {} : { storageClassName: storageClass }),
        resources: { requests: { storage: size } },
      },
    };
    try {
      await core.createNamespacedPersistentVolumeClaim({ namespace, body });
      progress.say(`volume claim ${name} made, ${size}`);
    } catch (error) {
      // Step 0 of another run was quicker.
      if (statusOf(error) !== 409) throw error;
    }
  }

  async #run(
    { cluster, setting, progress }: Context,
    wait: Wait,
    script: string,
    env: Readonly<Record<string, string>>,
    { name = snapshotJobName(setting.release), onVolume = true } = {},
  ): Promise<string[]> {
    const { access, image, pullSecrets, claim, timeoutSeconds } = this.input;
    const lines: string[] = [];
    try {
      await runScript(
        cluster,
        setting.namespace,
        {
          name,
          image,
          script,
          env: {
            FOLDER: folder,
            PGHOST: access.host,
            PGPORT: String(access.port),
            PGDATABASE: access.database,
            PGUSER: access.user,
            RESTORING: restoringName(access.database),
            PGCONNECT_TIMEOUT: "10",
            PGAPPNAME: `snapshot of ${setting.release}`,
            ...env,
          },
          secretEnv: { PGPASSWORD: { secret: access.passwordSecret, key: "password" } },
          pullSecrets,
          volume: onVolume ? { claim, path: folder } : null,
          timeoutSeconds,
        },
        wait,
        (line) => {
          lines.push(line);
          if (!line.startsWith(resultPrefix)) progress.say(`snapshot: ${line}`);
        },
      );
    } catch (error) {
      if (error instanceof JobError) throw new SnapshotError(`Job ${name}: ${error.message}`);
      throw error;
    }
    return lines;
  }
}

function resultOf<T>(schema: z.ZodType<T>, lines: readonly string[]): T {
  const result = lines.findLast((line) => line.startsWith(resultPrefix));
  if (result === undefined) throw new SnapshotError("the Job ended without a result");
  const parsed = schema.safeParse(jsonOf(result.slice(resultPrefix.length)));
  if (parsed.success) return parsed.data;
  throw new SnapshotError(
    "the Job's result cannot be read; check that the image has the unchanged programs of Postgres (snapshot.pgDump.image)",
  );
}

/** The snapshot's part of the environment of scripts around a restore. */
function envOf(context: Context, { id, sha256, schemaVersion }: Snapshot) {
  return { NAME: nameOf(context, id), SUM: sha256 ?? "", SCHEMA: String(schemaVersion) };
}

/** Names a snapshot's files with the release, as one claim may hold the snapshots of several instances. */
function nameOf({ setting }: Context, id: string): string {
  return `${setting.release}-${id}`;
}
