import { exec } from "../../../../sandbox/exec";
import type { Instance } from "../../../../sandbox/instance";
import { record } from "../helm";

export type Step =
  "preflight" | "snapshot" | "deploy" | "await" | "begin" | "Release" | "verify" | "migrate-down" | "restore";

export type Moment = "begin" | "middle" | "end";

/** When something is done: at a line that pulumi prints, or a moment after it, once the cluster shows what is asked. */
export interface When {
  readonly line: RegExp;
  readonly once?: (instance: Instance) => Promise<boolean>;
}

const begins = (row: string) => new RegExp(`${row} creating \\(0s\\) *$`);
const says = (row: string, text: string) => new RegExp(`${row} creating .*${text}`);
const release = "Release bsr-release";

/** Helm has written the revision that it works on. */
const isPending = async ({ namespace, env }: Instance): Promise<boolean> => {
  const selector = "owner=helm,status in (pending-install,pending-upgrade,pending-rollback)";
  return (
    (await exec("kubectl", ["get", "secrets", "-n", namespace, "-l", selector, "-o", "name"], { env })) !== ""
  );
};

/** Selects the pods of a step's Jobs. The chart has a Job of its own, a hook of every deploy. */
export const jobOfStep = "batch.kubernetes.io/job-name,batch.kubernetes.io/job-name!=bsr-check";

/** A Job's pod runs, or with `isShort` is about to: some are over before anybody sees them run. */
const jobRuns =
  ({ isShort = false } = {}) =>
  async ({ namespace, env }: Instance): Promise<boolean> => {
    const phase = isShort ? "status.phase!=Succeeded,status.phase!=Failed" : "status.phase=Running";
    const args = ["-l", jobOfStep, `--field-selector=${phase}`, "-o", "name"];
    return (await exec("kubectl", ["get", "pods", "-n", namespace, ...args], { env })) !== "";
  };

/** A restore's Job has switched over, and the step has not put that on record yet. */
const hasSwitchedOver = async (instance: Instance): Promise<boolean> => {
  const { database, env } = instance;
  const sql = `SELECT 'database ' || datname FROM pg_database WHERE starts_with(datname, '${database}_before')`;
  const kept = (await exec("psql", ["-d", "postgres", "-Atc", sql], { env })).trim().split("\n");
  const { restores } = await record(instance);
  return kept.some((name) => name !== "" && !restores.some((restore) => restore.kept === name));
};

/** The moments of each kind of step. */
export const moments: Readonly<Record<Step, Readonly<Partial<Record<Moment, When>>>>> = {
  preflight: {
    begin: { line: begins("-0-preflight") },
    // Where snapshots are taken: whether they can be is found out by a Job.
    middle: { line: begins("-0-preflight"), once: jobRuns({ isShort: true }) },
    end: { line: says("-0-preflight", "can be (deployed|taken|restored)") },
  },
  snapshot: {
    begin: { line: begins("-snapshot-\\S+") },
    middle: { line: says("-snapshot-\\S+", "taking the snapshot"), once: jobRuns() },
    end: { line: says("-snapshot-\\S+", "verified as") },
  },
  deploy: {
    begin: { line: begins("-deploy-\\S+") },
    middle: { line: says("-deploy-\\S+", "helm upgrade to"), once: isPending },
    end: { line: says("-deploy-\\S+", ": verified") },
  },
  await: {
    begin: { line: begins("-await-\\S+") },
    middle: { line: says("-await-\\S+", "data migration not completed") },
    end: { line: says("-await-\\S+", "data migration completed") },
  },
  begin: {
    begin: { line: begins("-begin-\\S+") },
    middle: { line: says("-begin-\\S+", "rehearsing"), once: jobRuns({ isShort: true }) },
    end: { line: says("-begin-\\S+", "ready to deploy") },
  },
  Release: {
    begin: { line: new RegExp(`${release} (creating|updating) \\(0s\\)`) },
    middle: { line: new RegExp(`${release} (creating|updating) \\(0s\\)`), once: isPending },
    end: { line: new RegExp(`${release} (created|updated) `) },
  },
  verify: {
    begin: { line: begins("-verify-\\S+") },
    middle: { line: says("-verify-\\S+", ": pods: ") },
    end: { line: says("-verify-\\S+", ": verified") },
  },
  "migrate-down": {
    begin: { line: begins("-migrate-down-\\S+") },
    middle: { line: says("-migrate-down-\\S+", "goose: OK") },
    end: { line: says("-migrate-down-\\S+", "the database is at schema version \\d+, ") },
  },
  restore: {
    begin: { line: begins("-restore") },
    middle: { line: says("-restore", "stopping every pod"), once: jobRuns({ isShort: true }) },
    // The last line comes too late: nothing is left to die then.
    end: { line: says("-restore", "stopping every pod"), once: hasSwitchedOver },
  },
};
