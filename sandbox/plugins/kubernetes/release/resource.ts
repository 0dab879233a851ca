import type { Diff } from "../../wire/diff";
import type { EngineLog } from "../../wire/log";
import {
  InitFailed,
  type CheckRequest,
  type CheckResult,
  type CreateRequest,
  type DeleteRequest,
  type DiffRequest,
  type ReadRequest,
  type ReadResult,
  type UpdateRequest,
} from "../../wire/plugin";
import { containsUnknown, without, type Properties } from "../../wire/values";
import { releaseDiff } from "./diff";
import { resourceNames, type Helm, type Revision } from "./helm";
import { importedInputs } from "./import";
import { checkpoint, decode, encode, merged, storedInputs, withDefaults, type Release } from "./inputs";

/** `helm.v3.Release`: a Helm release, installed and upgraded to what the inputs say. */
export class ReleaseResource {
  constructor(
    private readonly helm: Helm,
    private readonly log: EngineLog,
  ) {}

  /** Finds the chart, so that a wrong one is seen in preview; with anything unknown there is nothing to find. */
  async check({ name, olds, news }: CheckRequest): Promise<CheckResult> {
    const release = decode(withDefaults(news, olds, name, this.helm.cluster.namespace));
    refuseUnsupported(release);
    delete release.resourceNames;
    const failures = [];
    if (!containsUnknown(news)) {
      try {
        release.version = (await this.helm.chart(release)).version;
      } catch (error) {
        const reason = `${message(error)}; check the chart name and repository configuration.`;
        failures.push({ property: "chart", reason });
      }
    }
    return { inputs: encode(release, news), failures };
  }

  diff({ oldOutputs, news, ignoreChanges }: DiffRequest): Diff {
    const oldInputs = without(storedInputs(oldOutputs) ?? {}, "checksum", "resourceNames");
    const kept = ignoreChanges.includes("version") ? { version: oldOutputs.version ?? null } : {};
    return releaseDiff(oldInputs, { ...news, ...kept }, oldOutputs);
  }

  async create({ urn, inputs, preview }: CreateRequest) {
    const release = decode(inputs);
    if (preview) return { id: "", outputs: checkpoint(release, inputs, true) };
    const id = qualified(release);
    this.refuseUnreachable("create");
    const started = new Date();
    try {
      await this.helm.install(release);
    } catch (error) {
      const left = await this.leftBy(release, started, error);
      if (left === undefined) throw error;
      describeLive(release, left);
      this.log.warn(
        urn,
        `Helm release "${release.name}" was created but has a failed status. ` +
          `Use the \`helm\` command to investigate the error, correct it, then retry. Reason: ${message(error)}`,
      );
      throw new InitFailed(
        `Helm release "${id}" was created, but failed to initialize completely. ` +
          `Use Helm CLI to investigate: ${notAvailable(id, error)}`,
        id,
        checkpoint(release, inputs, false),
      );
    }
    await this.describe(release);
    return { id, outputs: checkpoint(release, inputs, false) };
  }

  async update({ news, preview }: UpdateRequest): Promise<Properties> {
    const release = decode(news);
    if (preview) return checkpoint(release, news, true);
    const id = qualified(release);
    this.refuseUnreachable("update");
    const started = new Date();
    try {
      await this.helm.upgrade(release);
    } catch (error) {
      const left = await this.leftBy(release, started, error);
      if (left === undefined) throw error;
      describeLive(release, left);
      throw new InitFailed(
        `Helm release "${id}" failed to initialize completely. ` +
          `Use Helm CLI to investigate: ${notAvailable(id, error)}`,
        id,
        checkpoint(release, news, false),
      );
    }
    await this.describe(release);
    return checkpoint(release, news, false);
  }

  /** Reads the newest revision of any status. It never tells of a failure, so a refresh forgets one. */
  async read({ id, outputs }: ReadRequest): Promise<ReadResult | undefined> {
    const release = decode(outputs);
    if (Object.keys(outputs).length === 0) {
      const [namespace, name] = id.includes("/") ? id.split("/") : ["", id];
      Object.assign(release, { namespace, name });
    }
    const live = await this.helm.revision(release.name, release.namespace);
    if (live === undefined) return undefined;
    if (release.namespace === "") release.namespace = this.helm.cluster.namespace;
    describeLive(release, live);
    const inputs = storedInputs(outputs) ?? (await importedInputs(release, live, this.helm));
    return { id, inputs, outputs: checkpoint(release, inputs, false) };
  }

  async delete({ urn, outputs }: DeleteRequest): Promise<void> {
    const said = await this.helm.uninstall(decode(outputs));
    if (said !== "") this.log.warn(urn, `Helm uninstall returned information: ${JSON.stringify(said)}`);
  }

  private async describe(release: Release): Promise<void> {
    const live = await this.helm.revision(release.name, release.namespace);
    if (live === undefined)
      throw new Error(`release ${qualified(release)} is gone right after it was deployed`);
    describeLive(release, live);
  }

  /** The revision that a failed deploy left, if it came so far: only then is it a partial failure. */
  private async leftBy(release: Release, started: Date, error: unknown): Promise<Revision | undefined> {
    const newest = await this.helm.revision(release.name, release.namespace);
    if (newest === undefined) return undefined;
    if (/^unable to build kubernetes objects from (current|new) release manifest/.test(message(error))) {
      const chart = await this.helm.chart(release);
      // The real plugin keeps a revision here that helm never stored.
      const revision = {
        chart: chart.name,
        version: chart.version,
        appVersion: chart.appVersion ?? "",
        manifest: "",
      };
      return { ...newest, ...revision, revision: newest.revision + 1, status: "pending-upgrade", config: {} };
    }
    if (newest.lastDeployed < started) return undefined;
    if (newest.status === "failed" || !release.atomic) return newest;
    // After an atomic upgrade the newest revision is the rollback; the state tells of the one that failed.
    return await this.helm.revision(release.name, release.namespace, newest.revision - 1);
  }

  private refuseUnreachable(what: string): void {
    const { unreachable } = this.helm.cluster;
    if (unreachable !== undefined) {
      throw new Error(`can't ${what} Helm Release with unreachable cluster: ${unreachable}`);
    }
  }
}

function describeLive(release: Release, live: Revision): void {
  release.chart ||= live.chart;
  release.values = merged(release.values, live.config);
  release.version = live.version;
  release.resourceNames = resourceNames(live.manifest);
  release.status = {
    appVersion: live.appVersion,
    chart: live.chart,
    name: release.name,
    namespace: release.namespace,
    revision: live.revision,
    status: live.status,
    version: live.version,
  };
}

function refuseUnsupported(release: Release): void {
  const { username, password } = release.repositoryOpts ?? {};
  const oci = release.chart.trim().startsWith("oci://");
  const found = [
    release.lint && "lint",
    (username || password) && !oci && "login in repositoryOpts for a chart that is not at an oci:// address",
  ].filter(Boolean);
  if (found.length > 0) throw new Error(`The stand-in for the Kubernetes plugin has no ${found.join(", ")}.`);
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const qualified = ({ namespace, name }: Release): string =>
  namespace === "" ? name : `${namespace}/${name}`;

const notAvailable = (id: string, error: unknown): string =>
  `failed to become available within allocated timeout. Error: Helm Release ${id}: ${message(error)}`;
