import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { helmHistoryMax } from "../migrations/cluster/helm/history-max";
import type { SnapshotSummary } from "../migrations/cluster/record/snapshot-summary";
import type { Verified } from "../migrations/steps/verify";
import { ArgumentError, type CheckedArgs } from "./args";
import type { BsrReleaseArgs } from "./args/types";
import { makeSecrets } from "./secrets/kubernetes-secrets";
import { ledgerPlanSchema } from "./ledger/state";
import { planLines } from "./plan/text";
import { policyOf } from "./ledger/policy";
import {
  preflightStep,
  stepsAfterRelease,
  stepsBeforeRelease,
  stackName,
  verifyStep,
  type StepSetting,
} from "./plan/steps";
import { prepare, type Prepared } from "./check-arguments";
import { readPromotion } from "./ledger/promotion-source";
import { defaultUsername, madeSecrets, neededSecrets, secretsToMask } from "./secrets/secrets";
import { snapshotMethod } from "./values/snapshot-method";
import { databaseOf, givenValues, secretsOf, valuesOfPlanned } from "./values/values";
import { VersionLedger } from "./ledger/version-ledger";

/**
 * A self-hosted Buf Schema Registry whose `version` can be bumped over any number of minors. A preview shows every
 * step or refuses; `pulumi up` takes the steps one after the other and verifies each, with no failed request.
 *
 * @throws pulumi.ResourceError when arguments cannot be used; it names every problem
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
  /** The existing snapshots of the database, oldest first; `restore` takes the `id` of one. */
  readonly snapshots: pulumi.Output<readonly SnapshotSummary[]>;
  /** The last plan as readable lines, known in preview. */
  readonly plan: pulumi.Output<string[]>;
  /** Where the BSR is served. */
  readonly url: pulumi.Output<string>;
  /**
   * True once the version of this run is verified. Wait for it, not for the component itself, whose steps are
   * registered too late for that: `dependsOn: bsr.ready.apply(() => bsr)`.
   */
  readonly ready: pulumi.Output<boolean>;

  constructor(name: string, given: BsrReleaseArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("pulumi-bsr:index:BsrRelease", name, {}, opts);
    const prepared = this.#prepared(given);
    const { args, facts } = prepared;
    refuseForeignProvider(opts, this);
    refuseUnusedProvider(args, this);

    const setting = this.#stepSetting(name, prepared);
    const ledger = this.#ledger(name, prepared, setting);
    const provider = this.#provider(name, args);
    const transition = pulumi
      .all([ledger.plan, ledger.position])
      .apply(([plan, position]) => ({ plan: ledgerPlanSchema.decode(plan), position }));

    const preflight = transition.apply((known) => preflightStep(setting, known, ledger));
    const secrets = makeSecrets(name, args, preflight, { parent: this, provider });
    const first = preflight.apply((steps) => [...steps, ...secrets]);
    const before = transition.apply((known) => stepsBeforeRelease(setting, known, first));
    const release = this.#release(name, prepared, ledger, { parent: this, provider, dependsOn: before });
    const verification = transition.apply((known) =>
      verifyStep(setting, known, stepsAfterRelease(setting, known, release), release.status.revision),
    );
    const verified = verification.stdout.apply((text) => JSON.parse(text) as Verified);

    this.deployedVersion = verified.deployedVersion;
    this.schemaOwner = verified.schemaOwner;
    this.highWaterMark = verified.highWaterMark;
    this.verifiedAt = verified.verifiedAt;
    this.snapshots = verified.apply(({ snapshots }) => snapshots);
    this.plan = transition.apply(({ plan, position }) => planLines(facts, plan, position));
    this.url = pulumi.interpolate`https://${args.host}`;
    this.ready = verified.apply(() => true);
    this.registerOutputs({
      deployedVersion: this.deployedVersion,
      schemaOwner: this.schemaOwner,
      highWaterMark: this.highWaterMark,
      verifiedAt: this.verifiedAt,
      snapshots: this.snapshots,
      plan: this.plan,
      url: this.url,
      ready: this.ready,
    });
  }

  #prepared(args: BsrReleaseArgs): Prepared {
    try {
      return prepare(args);
    } catch (error) {
      if (error instanceof ArgumentError) throw new pulumi.ResourceError(error.message, this, true);
      throw error;
    }
  }

  #stepSetting(name: string, { args, facts, layers }: Prepared): StepSetting {
    return {
      name,
      parent: this,
      args,
      layers,
      facts,
      kubeconfig: pulumi.output(args.kubeconfig),
      login: loginOf(args),
      database: databaseOf(layers),
      secrets: secretsOf(args),
      snapshots: snapshotMethod(args, layers),
    };
  }

  #ledger(name: string, { args, layers }: Prepared, setting: StepSetting): VersionLedger {
    return new VersionLedger(
      `${name}-ledger`,
      {
        target: args.version,
        strategy: args.strategy,
        namespace: args.namespace,
        releaseName: args.releaseName,
        database: setting.database,
        policy: {
          ...policyOf(args),
          ...(args.promotion === undefined ? {} : { promotion: readPromotion(args.promotion) }),
          given: givenValues(layers),
        },
        observe: {
          kubeconfig: setting.kubeconfig,
          ...(args.context === undefined ? {} : { context: args.context }),
          preview: pulumi.runtime.isDryRun(),
          stack: stackName(),
          chart: args.chart,
          ...(setting.login === undefined ? {} : { login: setting.login }),
          layers,
          neededSecrets: neededSecrets(args),
          madeSecrets: madeSecrets(args),
          usesJobs: args.snapshot?.pgDump !== undefined,
          masks: setting.secrets,
          secretKeys: secretsToMask(args),
        },
      },
      { parent: this },
    );
  }

  #provider(name: string, args: CheckedArgs): kubernetes.Provider {
    return new kubernetes.Provider(
      `${name}-cluster`,
      {
        // Empty means the usual places. Without it, the SDK would put this machine's KUBECONFIG into the state.
        kubeconfig: args.kubeconfig ?? "",
        ...(args.context === undefined ? {} : { context: args.context }),
        // Without a fixed identifier, a kubeconfig that is unknown or spelled differently would replace the Release.
        // The component's name is not part of it, or renaming the component would replace the Release too.
        clusterIdentifier: "bsr",
        // A Secret with new contents is changed in place: if it were replaced, it would be gone for a moment.
        enableSecretMutable: true,
      },
      { parent: this },
    );
  }

  /**
   * Registers the Release, which makes the last deploy. It is always registered, because Pulumi deletes what is not.
   * What it deploys comes only from the ledger's plan, so that not even `--target` on it can jump. It does not wait,
   * because a Release that timed out and was refreshed is stuck for ever; the verification waits instead.
   */
  #release(
    name: string,
    { args, layers }: Prepared,
    ledger: VersionLedger,
    opts: pulumi.CustomResourceOptions,
  ): kubernetes.helm.v3.Release {
    const login = loginOf(args);
    return new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        name: args.releaseName,
        namespace: args.namespace,
        chart: args.chart,
        version: ledger.plan.to,
        description: ledger.plan.description,
        values: valuesOfPlanned(layers, ledger.plan.to),
        resetValues: true,
        // A release that is taken over already has the name: the step before has marked its newest revision as failed.
        replace: true,
        skipAwait: true,
        maxHistory: helmHistoryMax,
        timeout: args.deployTimeoutSeconds,
        ...(login === undefined ? {} : { repositoryOpts: login }),
      },
      opts,
    );
  }
}

/** The login of the chart's registry; the same for the observation, the steps and the Release. */
function loginOf({ registry }: CheckedArgs) {
  if (registry?.password === undefined) return undefined;
  return { username: registry.username ?? defaultUsername, password: registry.password };
}

/** Refuses a given kubernetes provider: the ledger, the steps and the Release must see the same cluster. */
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

/** Refuses a provider of a resource around the component: the program means its cluster, not the one of KUBECONFIG. */
function refuseUnusedProvider({ kubeconfig, context }: CheckedArgs, component: pulumi.Resource): void {
  if (kubeconfig !== undefined || context !== undefined) return;
  if (component.getProvider("kubernetes:helm.sh/v3:Release") === undefined) return;
  throw new pulumi.ResourceError(
    "A resource around the component has a kubernetes provider, and the component was given neither kubeconfig nor " +
      "context: it cannot use the provider, and would deploy to whatever cluster KUBECONFIG leads to. " +
      "Give the provider's kubeconfig as the argument kubeconfig.",
    component,
    true,
  );
}
