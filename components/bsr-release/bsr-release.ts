import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { helmHistoryMax } from "../migrations/cluster/helm";
import { builtInFacts, FactsError, withAdditions } from "../migrations/facts";
import type { Verified } from "../migrations/steps/verify";
import { ArgumentError, checkArgs, type BsrReleaseArgs, type CheckedArgs } from "./args";
import { planLines } from "./plan-text";
import { stepsBeforeRelease, verifyStep, type StepSetting } from "./plan-steps";
import { databaseOf, givenValues, secretsOf, valuesOf } from "./values";
import { VersionLedger } from "./version-ledger";

/**
 * A self-hosted Buf Schema Registry whose `version` can be bumped over any number of minors: preview shows every
 * step or refuses, and `pulumi up` walks them one after the other, verified, with no failed request.
 *
 * @throws pulumi.ResourceError when arguments cannot be used; every problem is named.
 */
export class BsrRelease extends pulumi.ComponentResource {
  /** The version that was last deployed and verified. */
  readonly deployedVersion: pulumi.Output<string>;
  /** The release whose migrations the database has. */
  readonly schemaOwner: pulumi.Output<string>;
  /** The highest version ever attempted on the database. */
  readonly highWaterMark: pulumi.Output<string>;
  /** When the deployed version was verified; ISO 8601. */
  readonly verifiedAt: pulumi.Output<string>;
  /** The last plan as readable lines, known in preview. */
  readonly plan: pulumi.Output<string[]>;
  /** Where the BSR is served. */
  readonly url: pulumi.Output<string>;
  /** True once the version of this run is verified. Wait for it in place of the component itself. */
  readonly ready: pulumi.Output<boolean>;

  constructor(name: string, args: BsrReleaseArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("pulumi-bsr:index:BsrRelease", name, {}, opts);
    const checked = this.#checked(args);
    refuseForeignProvider(opts, this);

    const setting = this.#stepSetting(name, args, checked);
    const ledger = this.#ledger(name, args, checked, setting);
    const release = this.#release(name, args, checked, setting, ledger);

    const verification = pulumi
      .all([ledger.plan, ledger.position])
      .apply(([plan, position]) => verifyStep(setting, { plan, position }, release, release.status.revision));
    const verified = verification.stdout.apply((text) => JSON.parse(text) as Verified);

    this.deployedVersion = verified.deployedVersion;
    this.schemaOwner = verified.schemaOwner;
    this.highWaterMark = verified.highWaterMark;
    this.verifiedAt = verified.verifiedAt;
    this.plan = pulumi
      .all([ledger.plan, ledger.position])
      .apply(([plan, position]) => planLines(setting.facts, plan, position));
    this.url = pulumi.interpolate`https://${args.host}`;
    this.ready = verified.apply(() => true);
    this.registerOutputs({
      deployedVersion: this.deployedVersion,
      schemaOwner: this.schemaOwner,
      highWaterMark: this.highWaterMark,
      verifiedAt: this.verifiedAt,
      plan: this.plan,
      url: this.url,
      ready: this.ready,
    });
  }

  #checked(args: BsrReleaseArgs): CheckedArgs {
    try {
      return checkArgs(args);
    } catch (error) {
      if (error instanceof ArgumentError) throw new pulumi.ResourceError(error.message, this, true);
      throw error;
    }
  }

  #stepSetting(name: string, args: BsrReleaseArgs, checked: CheckedArgs): StepSetting {
    return {
      name,
      parent: this,
      args: checked,
      values: args,
      facts: this.#facts(checked),
      kubeconfig: pulumi.output(args.kubeconfig),
      database: databaseOf(args),
      secrets: secretsOf([args.kubeconfig, args.license, args.values, args.valuesFor]),
    };
  }

  #facts(checked: CheckedArgs) {
    try {
      return withAdditions(builtInFacts, checked.releases);
    } catch (error) {
      if (error instanceof FactsError) {
        throw new pulumi.ResourceError(new ArgumentError(error.problems).message, this, true);
      }
      throw error;
    }
  }

  #ledger(name: string, args: BsrReleaseArgs, checked: CheckedArgs, setting: StepSetting): VersionLedger {
    const { acknowledgeDataLoss, approvedPlan } = checked;
    return new VersionLedger(
      `${name}-ledger`,
      {
        target: checked.version,
        strategy: checked.strategy,
        namespace: checked.namespace,
        releaseName: checked.releaseName,
        database: setting.database,
        policy: {
          allowDowntime: checked.allowDowntime,
          ...(acknowledgeDataLoss === undefined ? {} : { acknowledgeDataLoss }),
          ...(approvedPlan === undefined ? {} : { approvedPlan }),
          snapshots: checked.snapshot !== undefined,
          given: givenValues(args),
          releases: checked.releases,
        },
        observe: {
          kubeconfig: setting.kubeconfig,
          ...(checked.context === undefined ? {} : { context: checked.context }),
          preview: pulumi.runtime.isDryRun(),
        },
      },
      { parent: this },
    );
  }

  /**
   * The Release makes the last deploy, and is registered always: what is not registered would be deleted. What
   * it deploys comes only from the ledger's plan, so that not even `--target` on it can jump. It does not wait:
   * a Release that timed out and was refreshed is stuck for ever; the verification waits.
   */
  #release(
    name: string,
    args: BsrReleaseArgs,
    checked: CheckedArgs,
    setting: StepSetting,
    ledger: VersionLedger,
  ): kubernetes.helm.v3.Release {
    const before = pulumi
      .all([ledger.plan, ledger.position])
      .apply(([plan, position]) => stepsBeforeRelease(setting, { plan, position }, ledger));
    const provider = new kubernetes.Provider(
      `${name}-cluster`,
      {
        // Empty means the usual places; left out, the SDK would put this machine's KUBECONFIG into the state.
        kubeconfig: args.kubeconfig ?? "",
        ...(checked.context === undefined ? {} : { context: checked.context }),
        // Without it, a kubeconfig that is unknown or spelled differently would replace the Release.
        clusterIdentifier: name,
      },
      { parent: this },
    );
    return new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        name: checked.releaseName,
        namespace: checked.namespace,
        chart: checked.chart,
        version: ledger.plan.to,
        description: ledger.plan.description,
        values: valuesOf(args, checked.version),
        resetValues: true,
        skipAwait: true,
        maxHistory: helmHistoryMax,
        timeout: checked.deployTimeoutSeconds,
      },
      { parent: this, provider, dependsOn: before },
    );
  }
}

/** Ledger, steps and Release must see one and the same cluster. */
function refuseForeignProvider(opts: pulumi.ComponentResourceOptions, component: pulumi.Resource): void {
  const { provider, providers = [] } = opts;
  const given = Array.isArray(providers) ? providers : Object.values(providers);
  if (![...given, provider].some((one) => kubernetes.Provider.isInstance(one))) return;
  throw new pulumi.ResourceError(
    "The component was given a kubernetes provider. It observes the cluster, runs its steps and deploys through " +
      "one connection of its own, so that they can never see different clusters. " +
      "Remove the provider, and give its kubeconfig and context as the component's arguments.",
    component,
    true,
  );
}
