import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Facts } from "../../migrations/facts";
import { deployed, migratesDown } from "../../migrations/planner";
import { resultStands, type Down, type Setting, type Step } from "../../migrations/steps/input";
import type { MethodInput } from "../../migrations/steps/snapshots/input";
import type { CheckedArgs } from "../args";
import type { LedgerPlan, LedgerPosition } from "../ledger/state";
import {
  expectationOf,
  lastDeploy,
  placesOf,
  schemaToSave,
  schemaVersionOf,
  type Deploy,
  type MigrateDown,
  type Place,
} from "./places";
import { stepTexts } from "./text";
import { neededSecrets, secretsToMask } from "../secrets/secrets";
import { stepProgram } from "./step-program";
import { valuesOf, type Layer } from "../values/values";

/** What the steps of every plan share. */
export interface StepSetting {
  /** The component's name, the first part of every step's. */
  readonly name: string;
  readonly parent: pulumi.Resource;
  readonly args: CheckedArgs;
  readonly layers: readonly Layer[];
  readonly facts: Facts;
  readonly kubeconfig: pulumi.Output<string | undefined>;
  /** The login of the chart's registry; this machine's when absent. */
  readonly login:
    pulumi.Input<{ username: pulumi.Input<string>; password: pulumi.Input<string> }> | undefined;
  readonly database: pulumi.Output<string>;
  /** Every secret that was given, as an Output of its own. */
  readonly secrets: Promise<pulumi.Output<string[]>[]>;
  /** How snapshots are taken; `null` if no method is given. */
  readonly snapshots: pulumi.Output<MethodInput | null>;
}

/** A plan with its ids, and the position that it starts from. */
export interface Transition {
  readonly plan: LedgerPlan;
  readonly position: LedgerPosition;
}

/** A deploy with the schema owner that it finds, and the migration down that follows it. */
type Deployed = Omit<Deploy, "kind"> & Pick<Place, "owner" | "down">;

/** The input that the gate before a deploy and the deploy itself have in common. */
type Begin = pulumi.Output<Omit<Extract<Step, { kind: "gate" }>, "kind" | "takesOver">>;

/** Registers the step that checks the way and makes the namespace, unless there is nothing to deploy. */
export function preflightStep(
  setting: StepSetting,
  transition: Transition,
  ledger: pulumi.Resource,
): pulumi.Resource[] {
  const versions = deployed(transition.plan.steps);
  if (versions.length === 0) return [ledger];
  const text = `check the way before step 1 of ${transition.plan.steps.length}`;
  return [
    onceCommand(setting, transition, "0-preflight", text, preflight(setting, transition, versions), [ledger]),
  ];
}

/**
 * Registers the steps after `first` and before the Release: every step up to the last deploy, and the gate of that
 * deploy. Each depends on the one before. Names include the transition's id, because a step whose name and inputs were
 * used before would silently not run.
 */
export function stepsBeforeRelease(
  setting: StepSetting,
  transition: Transition,
  first: pulumi.Output<pulumi.Resource[]>,
): pulumi.Output<pulumi.Resource[]> {
  const { plan } = transition;
  const last = lastDeploy(plan);
  const done: pulumi.Resource[] = [];
  const add = (number: number, what: string, text: string, step: pulumi.Input<Step>) => {
    const before = done.length === 0 ? first : done.slice(-1);
    done.push(onceCommand(setting, transition, `${number}-${what}`, text, step, before));
  };

  if (last === -1) {
    // Nothing to deploy, but the Release may not know yet what is live.
    const begin = gateOf(setting, transition, deployOf(plan), null);
    add(0, `begin-${plan.to}`, `begin: ${plan.to}, which is deployed`, gateStep(transition, begin));
    return first.apply((resources) => [...resources, ...done]);
  }

  const texts = stepTexts(setting.facts, plan, transition.position);
  const places = placesOf(plan, transition.position);
  plan.steps.slice(0, last + 1).forEach((step, index) => {
    const text = texts[index] ?? "";
    const place = places[index] as Place;
    const { after } = place;
    switch (step.kind) {
      case "deploy": {
        const begin = gateOf(setting, transition, { ...step, ...place }, after);
        if (index === last)
          add(index + 1, `begin-${step.version}`, `begin: ${text}`, gateStep(transition, begin));
        else add(index + 1, `deploy-${step.version}`, text, deployStep(setting, step.version, begin));
        return;
      }
      case "awaitDataMigration":
        add(index + 1, `await-${step.version}`, text, {
          ...awaitStep(setting, step.version),
          ...preconditionOf(transition, after),
        });
        return;
      case "snapshot": {
        const snapshot = snapshotStep(setting, transition, step.version, place);
        add(index + 1, `snapshot-${step.version}`, text, snapshot);
        return;
      }
      case "restore":
        add(index + 1, "restore", text, restoreStep(setting, transition, step));
        return;
      case "migrateDown":
        add(
          index + 1,
          `migrate-down-${step.schemaVersion}`,
          text,
          migrateDownStep(setting, step, after, true),
        );
        return;
    }
  });
  return first.apply((resources) => [...resources, ...done]);
}

/** Registers the migration down that follows the Release's deploy; most plans have none. */
export function stepsAfterRelease(
  setting: StepSetting,
  transition: Transition,
  release: pulumi.Resource,
): pulumi.Resource[] {
  const { plan, position } = transition;
  const texts = stepTexts(setting.facts, plan, position);
  const step = plan.steps.at(-1);
  if (step?.kind !== "migrateDown") return [release];
  const what = `${plan.steps.length}-migrate-down-${step.schemaVersion}`;
  const down = migrateDownStep(setting, step, plan.to, false);
  return [onceCommand(setting, transition, what, texts.at(-1) ?? "", down, [release])];
}

/**
 * Registers the verification of the deploy that the Release made. It runs again for each new revision of the Release,
 * even if only values changed. It runs at no other time: after a password was changed, pods that still run with the old
 * one would never pass it.
 */
export function verifyStep(
  setting: StepSetting,
  transition: Transition,
  before: readonly pulumi.Resource[],
  revision: pulumi.Input<number>,
): command.local.Command {
  const { plan } = transition;
  const step = { kind: "verify" as const, ...expectation(setting, deployOf(plan)) };
  return new command.local.Command(
    stepName(setting, plan, `${plan.steps.length}-verify-${plan.to}`),
    {
      create: `verify ${plan.to}`,
      update: resultStands,
      ...stepProgram(),
      stdin: stdin(setting, transition, step),
      triggers: [revision],
      logging: command.local.Logging.Stderr,
    },
    { ...asRecord(setting), dependsOn: [...before], deleteBeforeReplace: true },
  );
}

function gateOf(setting: StepSetting, transition: Transition, deploy: Deployed, after: string | null) {
  const begin = {
    ...expectation(setting, deploy),
    ...preconditionOf(transition, after),
    digest: digestOf(setting, deploy.version),
  };
  return downOf(setting, deploy.down).apply((down) => ({ ...begin, down }));
}

/** Returns the deploy that the Release makes, always with maintenance off, and the owner that the plan leaves. */
function deployOf({ to, schemaOwner }: LedgerPlan): Deployed {
  return { version: to, maintenance: false, owner: schemaOwner, down: undefined };
}

function gateStep({ plan }: Transition, begin: Begin): pulumi.Output<Step> {
  const takesOver = plan.takesOver === true;
  return begin.apply((known): Step => ({ kind: "gate", ...known, takesOver }));
}

function snapshotStep(
  setting: StepSetting,
  transition: Transition,
  version: string,
  place: Place,
): pulumi.Output<Step> {
  return setting.snapshots.apply((method): Step => {
    if (method === null) throw new Error("the ledger planned a snapshot, and no method is given");
    return {
      kind: "snapshot",
      version,
      ...preconditionOf(transition, place.after),
      maintenance: place.inMaintenance,
      schemaVersion: schemaToSave(setting.facts, transition.position, version, place),
      method,
    };
  });
}

/** Returns what must be live before a step may begin. */
function preconditionOf({ position }: Transition, after: string | null) {
  return { plannedAtRevision: position.revision ?? null, after };
}

function onceCommand(
  setting: StepSetting,
  transition: Transition,
  what: string,
  text: string,
  step: pulumi.Input<Step>,
  before: pulumi.Input<pulumi.Resource[]>,
): pulumi.Resource {
  return new command.local.Command(
    stepName(setting, transition.plan, what),
    {
      create: text,
      update: resultStands,
      ...stepProgram(),
      stdin: stdin(setting, transition, step),
      logging: command.local.Logging.Stderr,
    },
    {
      ...asRecord(setting),
      dependsOn: before,
      // A step that is done never runs again. One that failed is not in the state, so it takes new text and values.
      ignoreChanges: ["*"],
    },
  );
}

/** A step's resource records what was done. It is deleted with its transition, even if the instance is protected. */
function asRecord({ parent }: StepSetting): pulumi.CustomResourceOptions {
  return { parent, protect: false };
}

function stepName({ name }: StepSetting, { transition }: LedgerPlan, what: string): string {
  return `${name}-${transition}-${what}`;
}

/** Returns this program's stack as the lease and the record name it. */
export function stackName(): string {
  return `${pulumi.getProject()}/${pulumi.getStack()}`;
}

/** Returns a step's input as one line of text; it is secret, as it holds credentials and values. */
function stdin(
  setting: StepSetting,
  { plan, position }: Transition,
  step: pulumi.Input<Step>,
): pulumi.Output<string> {
  const { args, kubeconfig, login, database, secrets, snapshots } = setting;
  const about = {
    ...(args.context === undefined ? {} : { context: args.context }),
    namespace: args.namespace,
    release: args.releaseName,
    chart: args.chart,
    stack: stackName(),
    transition: plan.transition,
    lineage: plan.lineage,
    deploys: deployed(plan.steps).length,
    highWaterMark: position.highWaterMark ?? null,
    schemaOwner: position.schemaOwner ?? null,
    secretKeys: secretsToMask(args),
  };
  return pulumi.secret(
    pulumi
      .all([kubeconfig, login, database, snapshots, pulumi.output(secrets), step])
      .apply(([config, user, base, method, masked, known]) => {
        const given: Setting = {
          ...about,
          kubeconfig: config,
          login: user,
          database: base,
          method,
          secrets: masked.flat(),
        };
        return JSON.stringify({ setting: given, step: known });
      }),
  );
}

function restoreStep(
  setting: StepSetting,
  transition: Transition,
  { version, schemaVersion, byHand }: Extract<LedgerPlan["steps"][number], { kind: "restore" }>,
): pulumi.Output<Step> {
  const { schemaOwner = version, highWaterMark = version } = transition.position;
  const { restore } = transition.plan;
  return setting.snapshots.apply((method): Step => {
    if (method === null || restore === undefined) {
      throw new Error("the ledger planned a restore without a snapshot or a method");
    }
    return {
      kind: "restore",
      version,
      ...preconditionOf(transition, null),
      snapshot: restore,
      byHand: byHand === true ? { version, schemaVersion, schemaOwner, highWaterMark } : null,
      method,
    };
  });
}

function preflight(
  setting: StepSetting,
  { plan }: Transition,
  versions: readonly string[],
): pulumi.Output<Step> {
  const takesSnapshot = plan.steps.some(({ kind }) => kind === "snapshot" || kind === "restore");
  const each = pulumi.all(versions.map((version) => pulumi.output(valuesOf(setting.layers, version))));
  return pulumi.all([each, setting.snapshots]).apply(([values, snapshots]): Step => ({
    kind: "preflight",
    from: plan.from ?? null,
    to: plan.to,
    deploys: versions.map((version, index) => ({
      version,
      values: values[index] ?? {},
      digest: digestOf(setting, version),
    })),
    secrets: neededSecrets(setting.args),
    migratesDown: migratesDown(plan.steps),
    snapshots: takesSnapshot ? snapshots : null,
    restores: plan.steps.some((step) => step.kind === "restore" && step.byHand !== true),
  }));
}

function deployStep(setting: StepSetting, version: string, begin: Begin): pulumi.Output<Step> {
  return pulumi.all([begin, valuesOf(setting.layers, version)]).apply(([known, values]): Step => ({
    kind: "deploy",
    ...known,
    values: known.maintenance ? { ...values, maintenance: true } : values,
  }));
}

function migrateDownStep(
  setting: StepSetting,
  step: MigrateDown,
  version: string | null,
  isHop: boolean,
): pulumi.Output<Step> {
  if (version === null) throw new Error("the plan migrates down before it deploys anything");
  const expected = expectation(setting, { version, maintenance: false, owner: version, down: undefined });
  return downOf(setting, step).apply((down): Step => {
    if (down === null) throw new Error("the step that migrates down has lost its input");
    return { kind: "migrateDown", ...expected, down, isHop };
  });
}

/** Returns what the steps need to know for a migration down. */
function downOf(setting: StepSetting, step: MigrateDown | undefined): pulumi.Output<Down | null> {
  if (step === undefined) return pulumi.output(null);
  const { binary, schemaVersion } = step;
  const { workload, command, ...choice } = setting.args.migrateDown;
  return pulumi.output(valuesOf(setting.layers, binary)).apply((values): Down => ({
    binary,
    schemaVersion,
    ownSchemaVersion: schemaVersionOf(setting.facts, binary),
    values,
    digest: digestOf(setting, binary),
    choice: { ...choice, workload: workload ?? null, command: command ?? null },
  }));
}

function awaitStep({ args }: StepSetting, version: string) {
  const { check, completed, intervalSeconds, timeoutSeconds } = args.dataMigrations;
  return {
    kind: "awaitDataMigration" as const,
    version,
    check: check ?? null,
    confirmed: completed.includes(version),
    intervalSeconds,
    timeoutSeconds,
  };
}

/** Returns the digest that a release's chart must have, if the user has pinned one. */
function digestOf({ facts }: StepSetting, version: string): string | null {
  return facts.releases.find((release) => release.version === version)?.chartDigest ?? null;
}

function expectation({ facts, args }: StepSetting, deploy: Deployed) {
  return {
    ...expectationOf(facts, deploy),
    acceptUnhealthy: args.acceptUnhealthy,
    timeoutSeconds: args.deployTimeoutSeconds,
  };
}
