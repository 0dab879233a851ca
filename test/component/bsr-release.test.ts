import { strict as assert } from "node:assert";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BsrReleaseArgs } from "../../components/bsr-release";
import { BsrRelease, defaultChart } from "../../components/bsr-release";
import { documentedKeys } from "../../components/bsr-release/secrets/documented";
import { planFromObservation } from "../../components/bsr-release/ledger/plan";
import { unknownMarker } from "../../components/bsr-release/ledger/request";
import { inputSchema, resultStands, type StepInput } from "../../components/migrations/steps/input";
import { requestFor, stateOf } from "./asking";
import { Instance } from "./instance";
import { known } from "./outputs";
import { Cluster, opened, withoutSecrets, withWorld, type Registration, type World } from "./registrations";

const kubeconfig = "apiVersion: v1 # kubeconfig";
const usual = { host: "bsr.example.com", kubeconfig, values: { postgres: { host: "db", database: "bsr" } } };

const verified = {
  deployedVersion: "1.5.1",
  schemaOwner: "1.5.1",
  highWaterMark: "1.6.0",
  verifiedAt: "2026-01-02T03:04:05.000Z",
  snapshots: [
    {
      id: "20260101t000000z-1.4.0",
      version: "1.4.0",
      schemaVersion: 246,
      at: "2026-01-01T00:00:00.000Z",
      bytes: null,
      place: "backup 7",
      method: "command",
      maintenance: false,
    },
  ],
};

interface Ran {
  readonly component: BsrRelease;
  readonly registrations: readonly Registration[];
  /** The registration of a name. */
  readonly find: (name: string) => Registration;
  /** The Commands in the order of their registration. */
  readonly steps: readonly Registration[];
}

/** Runs a program that makes one component, until everything it registers is registered. */
async function run(
  world: World,
  args: { readonly version: string } & Partial<BsrReleaseArgs>,
  name = "bsr",
): Promise<Ran> {
  const { registrations } = await withWorld({ verified, ...world });
  const component = new BsrRelease(name, { ...usual, ...args });
  await settled(component);
  return {
    component,
    registrations,
    find: (wanted) => {
      const found = registrations.find((one) => one.name === wanted);
      if (found === undefined) {
        throw new Error(`${wanted} is not among ${registrations.map((one) => one.name).join(", ")}`);
      }
      return found;
    },
    steps: registrations.filter((one) => one.type === "command:local:Command"),
  };
}

/** `ready` waits for the verification, and that for everything else. */
async function settled({ urn, ready, plan }: BsrRelease): Promise<void> {
  await Promise.all([known(urn), known(plan), known(ready)]);
}

/** A stack whose instance runs 1.4.0, and which is bumped. */
function bumped(): World {
  const instance = new Instance();
  const first = stateOf(planFromObservation(asked("1.4.0"), undefined, instance.observed()));
  return { observed: instance.deploys("1.4.0").observed(), previous: first };
}

const asked = (version: string) => requestFor(version, { database: "db:5432/bsr" });

const fresh = (): World => ({ observed: new Instance().observed() });

function inputOf(step: Registration): StepInput {
  const { value } = opened(step.inputs["stdin"]);
  assert.equal(typeof value, "string");
  return inputSchema.parse(JSON.parse(value as string));
}

describe("the component", () => {
  describe("that installs", () => {
    let ran: Ran;
    before(async () => {
      ran = await run(fresh(), { version: "1.5.1" });
    });

    it("registers ledger, steps, gate, provider, Release and verification, all under itself", () => {
      assert.deepEqual(
        ran.registrations.map(({ type, name, parent }) => `${type} ${name} < ${parent}`).sort(),
        [
          "command:local:Command bsr-1-0-preflight < bsr",
          "command:local:Command bsr-1-1-begin-1.5.1 < bsr",
          "command:local:Command bsr-1-1-verify-1.5.1 < bsr",
          "kubernetes:helm.sh/v3:Release bsr-release < bsr",
          "pulumi-bsr:index:BsrRelease bsr < ",
          "pulumi-nodejs:dynamic:Resource bsr-ledger < bsr",
          "pulumi:providers:kubernetes bsr-cluster < bsr",
        ],
      );
    });

    it("says what each step does", () => {
      assert.deepEqual(
        ran.steps.map(({ inputs }) => inputs["create"]),
        ["check the way before step 1 of 1", "begin: deploy 1.5.1 (step 1 of 1)", "verify 1.5.1"],
      );
    });

    it("keeps what a step is told secret, also where nothing in it was", () => {
      for (const { name, inputs } of ran.steps) assert.ok(opened(inputs["stdin"]).secret, name);
    });

    it("gives the Release chart, version and description of the plan, and lets it neither wait nor keep old values", () => {
      const { inputs } = ran.find("bsr-release");
      const { version, description, name, namespace, chart, skipAwait, resetValues, maxHistory } = inputs;
      assert.deepEqual(
        { version, description, name, namespace, chart, skipAwait, resetValues, maxHistory },
        {
          version: "1.5.1",
          description: "transition 1: deploy 1.5.1",
          name: "bsr",
          namespace: "bsr",
          chart: "oci://us-docker.pkg.dev/buf-images-1/bsr/charts/bsr",
          skipAwait: true,
          resetValues: true,
          maxHistory: 60,
        },
      );
    });

    it("gives the Release the user's values with those the component owns", () => {
      assert.deepEqual(ran.find("bsr-release").inputs["values"], {
        postgres: { host: "db", database: "bsr" },
        host: "bsr.example.com",
        maintenance: false,
      });
    });

    it("connects the Release through a provider of its own, which no kubeconfig can replace", () => {
      assert.equal(ran.find("bsr-release").provider, "bsr-cluster");
      const { inputs } = ran.find("bsr-cluster");
      assert.equal(inputs["clusterIdentifier"], "bsr");
      assert.equal(opened(inputs["kubeconfig"]).value, kubeconfig);
    });

    it("has what the verification found as its outputs", async () => {
      const { deployedVersion, schemaOwner, highWaterMark, verifiedAt, snapshots, ready, url } =
        ran.component;
      const outputs = { deployedVersion, schemaOwner, highWaterMark, verifiedAt, snapshots, ready, url };
      const found = await Promise.all(
        Object.entries(outputs).map(async ([key, output]) => [key, await known<unknown>(output)] as const),
      );
      assert.deepEqual(Object.fromEntries(found), {
        ...verified,
        ready: true,
        url: "https://bsr.example.com",
      });
    });

    it("has the plan as readable lines", async () => {
      const lines = await known(ran.component.plan);
      assert.match(lines[0] ?? "", /^nothing deployed to 1\.5\.1 \(install\), plan [0-9a-f]{16}$/);
      assert.deepEqual(lines.slice(1), [
        "1. deploy 1.5.1 (schema version 247)",
        "downtime: none",
        "loss of data: none",
      ]);
    });
  });

  describe("that is bumped over several minors", () => {
    let ran: Ran;
    before(async () => {
      ran = await run(bumped(), {
        version: "1.8.3",
        kubeconfig: pulumi.secret(kubeconfig),
        deployTimeoutSeconds: 60,
        acceptUnhealthy: ["redis"],
        dataMigrations: { check: ["./is-done", "1.7.0"], intervalSeconds: 1, timeoutSeconds: 2 },
        values: { postgres: { host: "db", database: "bsr", password: pulumi.secret("the password") } },
        valuesFor: [{ versions: ">=1.7.0", values: { newer: true } }],
      });
    });

    const way = [
      "bsr-2-0-preflight",
      "bsr-2-1-deploy-1.5.1",
      "bsr-2-2-deploy-1.6.0",
      "bsr-2-3-deploy-1.7.0",
      "bsr-2-4-await-1.7.0",
      "bsr-2-5-begin-1.8.3",
      "bsr-2-5-verify-1.8.3",
    ];

    it("has one step for everything that happens, numbered within its transition", () => {
      assert.deepEqual(
        ran.steps.map(({ name }) => name),
        way,
      );
      assert.deepEqual(
        ran.steps.map(({ inputs }) => inputs["create"]),
        [
          "check the way before step 1 of 5",
          "deploy 1.5.1 (step 1 of 5)",
          "deploy 1.6.0 (step 2 of 5)",
          "deploy 1.7.0 (step 3 of 5)",
          "wait until the data migration of 1.7.0 has completed (step 4 of 5)",
          "begin: deploy 1.8.3 (step 5 of 5)",
          "verify 1.8.3",
        ],
      );
    });

    it("starts no step before the one before it has ended, and the first after the ledger", () => {
      const before = ["bsr-ledger", ...way.slice(0, -2)];
      way.slice(0, -1).forEach((name, index) => {
        const waitsFor = ran.find(name).dependsOn;
        assert.ok(waitsFor.includes(before[index] ?? ""), `${name} waits for ${waitsFor.join(", ")}`);
      });
    });

    it("makes the Release after the gate, and verifies after the Release", () => {
      assert.ok(ran.find("bsr-release").dependsOn.includes("bsr-2-5-begin-1.8.3"));
      assert.ok(ran.find("bsr-2-5-verify-1.8.3").dependsOn.includes("bsr-release"));
    });

    it("registers the Release with the target, whatever lies before it", () => {
      const { inputs } = ran.find("bsr-release");
      assert.deepEqual([inputs["version"], inputs["description"]], ["1.8.3", "transition 2: deploy 1.8.3"]);
    });

    it("never runs a done step again, and verifies again with every revision of the Release", () => {
      for (const name of way.slice(0, -1)) {
        assert.deepEqual(ran.find(name).ignoreChanges, ["*"], name);
        assert.equal(
          ran.find(name).inputs["update"],
          resultStands,
          "also where a transform drops the option",
        );
      }
      const verify = ran.find("bsr-2-5-verify-1.8.3");
      assert.deepEqual(verify.ignoreChanges, []);
      assert.deepEqual(verify.inputs["triggers"], [7]);
      assert.equal(verify.inputs["update"], resultStands, "and with nothing else");
      assert.equal(verify.deleteBeforeReplace, true);
    });

    it("starts every step without a shell, from the project's folder, and has nothing to undo", () => {
      for (const { name, inputs } of ran.steps) {
        assert.deepEqual(
          inputs["interpreter"],
          ["node", "-r", "ts-node/register/transpile-only", "components/migrations/steps/main.ts"],
          name,
        );
        assert.deepEqual(
          [inputs["delete"], inputs["environment"], inputs["dir"]],
          [undefined, undefined, undefined],
          name,
        );
        assert.equal(inputs["logging"], "stderr", "standard output is the result, not progress");
      }
    });

    it("shows no machine's paths and no secret in what is not secret itself", () => {
      for (const { name, inputs } of ran.registrations) {
        const { __provider: _code, implementation: _path, ...shown } = inputs;
        const text = JSON.stringify(hidden(shown));
        assert.doesNotMatch(text, /the password|apiVersion/, name);
        assert.ok(!text.includes(process.cwd()), name);
      }
    });

    it("tells every step, in secret, what its schema wants", () => {
      for (const step of ran.steps) {
        assert.ok(opened(step.inputs["stdin"]).secret, step.name);
        const { setting } = inputOf(step);
        assert.deepEqual(
          setting,
          {
            kubeconfig,
            namespace: "bsr",
            release: "bsr",
            chart: "oci://us-docker.pkg.dev/buf-images-1/bsr/charts/bsr",
            database: "db:5432/bsr",
            method: null,
            highWaterMark: "1.4.0",
            schemaOwner: "1.4.0",
            stack: "bsr/test",
            transition: 2,
            lineage: 2,
            deploys: 4,
            secrets: ["the password", kubeconfig],
            secretKeys: documentedKeys,
          },
          step.name,
        );
      }
    });

    const values = {
      postgres: { host: "db", database: "bsr", password: "the password" },
      host: "bsr.example.com",
      maintenance: false,
    };
    const expectation = {
      keepsSchema: false,
      maintenance: false,
      acceptUnhealthy: ["redis"],
      statusPage: false,
      timeoutSeconds: 60,
    };

    const inputs: [string, object][] = [
      [
        "bsr-2-0-preflight",
        {
          kind: "preflight",
          from: "1.4.0",
          to: "1.8.3",
          deploys: [
            { version: "1.5.1", values, digest: null },
            { version: "1.6.0", values, digest: null },
            { version: "1.7.0", values: { ...values, newer: true }, digest: null },
            { version: "1.8.3", values: { ...values, newer: true }, digest: null },
          ],
          secrets: [],
          migratesDown: false,
          snapshots: null,
          restores: false,
        },
      ],
      [
        "bsr-2-1-deploy-1.5.1",
        {
          kind: "deploy",
          version: "1.5.1",
          schemaVersion: 247,
          ...expectation,
          plannedAtRevision: 1,
          after: null,
          digest: null,
          down: null,
          values,
        },
      ],
      [
        "bsr-2-3-deploy-1.7.0",
        {
          kind: "deploy",
          version: "1.7.0",
          schemaVersion: 266,
          ...expectation,
          plannedAtRevision: 1,
          after: "1.6.0",
          digest: null,
          down: null,
          values: { ...values, newer: true },
        },
      ],
      [
        "bsr-2-4-await-1.7.0",
        {
          kind: "awaitDataMigration",
          plannedAtRevision: 1,
          after: "1.7.0",
          version: "1.7.0",
          check: ["./is-done", "1.7.0"],
          confirmed: false,
          intervalSeconds: 1,
          timeoutSeconds: 2,
        },
      ],
      [
        "bsr-2-5-begin-1.8.3",
        {
          kind: "gate",
          version: "1.8.3",
          schemaVersion: 281,
          ...expectation,
          plannedAtRevision: 1,
          after: "1.7.0",
          digest: null,
          down: null,
          takesOver: false,
        },
      ],
      ["bsr-2-5-verify-1.8.3", { kind: "verify", version: "1.8.3", schemaVersion: 281, ...expectation }],
    ];
    for (const [name, step] of inputs) {
      it(`tells ${name} its part`, () => {
        assert.deepEqual(inputOf(ran.find(name)).step, step);
      });
    }
  });

  describe("at a required stop", () => {
    const awaiting = async (dataMigrations?: BsrReleaseArgs["dataMigrations"]) => {
      const ran = await run(bumped(), {
        version: "1.8.3",
        ...(dataMigrations === undefined ? {} : { dataMigrations }),
      });
      return inputOf(ran.find("bsr-2-4-await-1.7.0")).step;
    };

    it("has neither a check nor a confirmation where the configuration gives none", async () => {
      assert.deepEqual(await awaiting(), {
        kind: "awaitDataMigration",
        plannedAtRevision: 1,
        after: "1.7.0",
        version: "1.7.0",
        check: null,
        confirmed: false,
        intervalSeconds: 10,
        timeoutSeconds: 3600,
      });
    });

    it("is confirmed by its version, and by no other", async () => {
      const confirmed = async (completed: string[]) => {
        const step = await awaiting({ completed });
        return step.kind === "awaitDataMigration" && step.confirmed;
      };
      assert.equal(await confirmed(["1.7.0"]), true);
      assert.equal(await confirmed(["1.7.1"]), false);
    });
  });

  describe("that knows of the status page", () => {
    for (const [version, statusPage] of [
      ["1.10.0", false],
      ["1.11.0", true],
    ] as const) {
      it(`${statusPage ? "reads" : "does not ask for"} it at ${version}`, async () => {
        const { find } = await run(fresh(), { version });
        const { step } = inputOf(find(`bsr-1-1-verify-${version}`));
        assert.equal(step.kind === "verify" && step.statusPage, statusPage);
      });
    }
  });

  it("keeps the schema of a newer owner on the way back after a failed patch", async () => {
    const instance = new Instance().deploys("1.4.0").failsToVerify("1.4.1");
    const { find } = await run(
      { observed: instance.observed(), previous: bumped().previous },
      { version: "1.4.0" },
    );
    const { step, setting } = inputOf(find("bsr-3-1-verify-1.4.0"));
    assert.equal(step.kind === "verify" && step.keepsSchema, true);
    assert.deepEqual([setting.schemaOwner, setting.highWaterMark], ["1.4.1", "1.4.1"]);
    assert.equal(find("bsr-release").inputs["description"], "transition 3: deploy 1.4.0");
  });

  it("registers the same names again when there is nothing to do", async () => {
    const world = bumped();
    const again = await run(world, { version: "1.4.0" });
    assert.deepEqual(
      again.steps.map(({ name }) => name),
      ["bsr-1-0-preflight", "bsr-1-1-begin-1.4.0", "bsr-1-1-verify-1.4.0"],
    );
    assert.equal(again.find("bsr-release").inputs["description"], "transition 1: deploy 1.4.0");
  });

  it("registers the Release and its verification also for a plan without steps", async () => {
    // The way to 1.5.1 was planned, failed before anything began, and was given up.
    const previous = stateOf(
      planFromObservation(asked("1.5.1"), bumped().previous, new Instance().deploys("1.4.0").observed()),
    );
    const { steps, find } = await run(
      { observed: new Instance().deploys("1.4.0").observed(), previous },
      { version: "1.4.0" },
    );
    assert.deepEqual(
      steps.map(({ name }) => name),
      ["bsr-3-0-begin-1.4.0", "bsr-3-0-verify-1.4.0"],
    );
    assert.equal(find("bsr-release").inputs["description"], "transition 1: deploy 1.4.0");
  });

  it("tells the ledger what is asked, the values' paths and how to observe", async () => {
    const { find } = await run(fresh(), {
      version: "1.16.1",
      license: pulumi.secret("the license"),
      context: "prod",
      allowDowntime: true,
      acknowledgeDataLoss: "1.9.1->1.8.3",
    });
    const {
      __provider: _code,
      implementation: _path,
      ...request
    } = withoutSecrets(find("bsr-ledger").inputs) as Record<string, unknown>;
    assert.deepEqual(request, {
      target: "1.16.1",
      strategy: "sequential",
      namespace: "bsr",
      releaseName: "bsr",
      database: "db:5432/bsr",
      policy: {
        allowDowntime: true,
        acknowledgeDataLoss: "1.9.1->1.8.3",
        snapshots: false,
        given: [
          { path: "host", versions: "*" },
          { path: "license.key", versions: ">=1.16.0" },
          { path: "postgres.host", versions: "*" },
          { path: "postgres.database", versions: "*" },
          { path: "maintenance", versions: "*" },
        ],
        releases: [],
      },
      observe: {
        kubeconfig,
        context: "prod",
        preview: false,
        stack: "bsr/test",
        chart: defaultChart,
        layers: [
          { origin: "valuesFile", versions: "*", values: {} },
          { origin: "arguments", versions: "*", values: { host: "bsr.example.com" } },
          { origin: "arguments", versions: ">=1.16.0", values: { license: { key: "the license" } } },
          { origin: "values", versions: "*", values: usual.values },
          { origin: "component", versions: "*", values: { maintenance: false } },
        ],
        neededSecrets: [],
        madeSecrets: [],
        usesJobs: false,
        masks: [["the license"], [kubeconfig]],
        secretKeys: documentedKeys,
      },
    });
  });

  it("leaves the kubeconfig to the usual places where none is given, and no path of this machine in the state", async () => {
    const { find } = await run(fresh(), { version: "1.5.1", kubeconfig: undefined });
    assert.ok(!("kubeconfig" in (find("bsr-ledger").inputs["observe"] as object)));
    assert.ok(!("kubeconfig" in inputOf(find("bsr-1-0-preflight")).setting));
    assert.deepEqual(find("bsr-cluster").inputs, {
      clusterIdentifier: "bsr",
      enableSecretMutable: "true",
      kubeconfig: "",
    });
  });

  describe("in a preview", () => {
    it("knows plan, steps and Release, and nothing yet of what the verification will find", async () => {
      const { component, steps, find } = await run({ ...bumped(), preview: true }, { version: "1.6.0" });
      assert.deepEqual(
        steps.map(({ name }) => name),
        ["bsr-2-0-preflight", "bsr-2-1-deploy-1.5.1", "bsr-2-2-begin-1.6.0", "bsr-2-2-verify-1.6.0"],
      );
      assert.equal(find("bsr-release").inputs["version"], "1.6.0");
      assert.deepEqual((await known(component.plan)).slice(1, 4), [
        "1. deploy 1.5.1 (schema version 247)",
        "2. deploy 1.6.0 (schema version 255)",
        "downtime: none",
      ]);
      assert.equal(await known(component.deployedVersion), undefined);
      assert.equal(
        (withoutSecrets(find("bsr-ledger").inputs) as { observe: { preview: boolean } }).observe.preview,
        true,
      );
    });

    it("plans from the state where the cluster is made by the same program", async () => {
      const world = { ...bumped(), preview: true };
      const { registrations } = await withWorld(world);
      const cluster = new Cluster("cluster");
      const component = new BsrRelease("bsr", { ...usual, version: "1.4.0", kubeconfig: cluster.kubeconfig });
      await settled(component);
      const names = registrations.map(({ name }) => name);
      for (const name of [
        "bsr-1-0-preflight",
        "bsr-1-1-begin-1.4.0",
        "bsr-1-1-verify-1.4.0",
        "bsr-release",
      ]) {
        assert.ok(names.includes(name), `${name} would show as deleted: only ${names.join(", ")}`);
      }
      assert.match((await known(component.plan)).at(-1) ?? "", /^assumed: the cluster was not looked at/);
    });

    it("masks the secrets that are known, where another one is not known yet", async () => {
      const { registrations } = await withWorld({ ...bumped(), preview: true });
      const { database: password } = new Cluster("cluster");
      const component = new BsrRelease("bsr", {
        ...usual,
        version: "1.4.0",
        license: "the license",
        values: { ...usual.values, extra: { password: pulumi.secret(password) } },
      });
      await settled(component);
      const ledger = registrations.find(({ name }) => name === "bsr-ledger");
      const { observe } = withoutSecrets(ledger?.inputs) as { observe: { masks: unknown } };
      assert.deepEqual(observe.masks, [["the license"], unknownMarker, [kubeconfig]]);
    });

    it("plans from the state where the database is made by the same program", async () => {
      const world = { ...bumped(), preview: true };
      const { registrations } = await withWorld(world);
      const { database: host } = new Cluster("cluster");
      const component = new BsrRelease("bsr", { ...usual, version: "1.5.1", values: { postgres: { host } } });
      await settled(component);
      const ledger = registrations.find(({ name }) => name === "bsr-ledger");
      assert.equal(ledger?.inputs["database"], unknownMarker);
      assert.ok(registrations.some(({ name }) => name === "bsr-2-1-begin-1.5.1"));
    });
  });

  describe("with options that its resources inherit", () => {
    it("protects what holds the instance, and not the records of steps, which go with the next plan", async () => {
      const { registrations } = await withWorld({ ...fresh(), verified });
      await settled(new BsrRelease("bsr", { ...usual, version: "1.5.1" }, { protect: true }));
      const names = registrations.filter(({ protect }) => protect).map(({ name }) => name);
      assert.deepEqual(names.sort(), ["bsr", "bsr-cluster", "bsr-ledger", "bsr-release"]);
    });
  });

  describe("as a second instance in the same program", () => {
    it("shares no name with the first", async () => {
      const { registrations } = await withWorld({ ...fresh(), verified });
      const components = ["bsr", "bsr-two"].map(
        (name) => new BsrRelease(name, { ...usual, version: "1.5.1", namespace: name }),
      );
      await Promise.all(components.map(settled));
      const names = registrations.map(({ type, name }) => `${type} ${name}`);
      assert.equal(names.length, 14);
      assert.deepEqual([...new Set(names)], names);
      const identifiers = registrations
        .filter(({ type }) => type === "pulumi:providers:kubernetes")
        .map(({ inputs }) => inputs["clusterIdentifier"]);
      assert.deepEqual(
        identifiers,
        ["bsr", "bsr"],
        "part of a name, it would replace the Release with the name",
      );
    });
  });

  describe("refuses", () => {
    const refusal = async (args: Partial<BsrReleaseArgs>, opts?: pulumi.ComponentResourceOptions) => {
      await withWorld(fresh());
      let refused: unknown;
      try {
        new BsrRelease("bsr", { ...usual, version: "1.5.1", ...args }, opts);
      } catch (error) {
        refused = error;
      }
      assert.ok(pulumi.ResourceError.isInstance(refused), String(refused));
      assert.equal(refused.hideStack, true, "a stack helps nobody who made a slip in the configuration");
      return refused.message;
    };

    it("arguments that cannot be used, with every problem", async () => {
      assert.equal(
        await refusal({ namespace: "NO", values: { maintenance: true } }),
        [
          "The arguments cannot be used:",
          "- namespace: must be lower case letters, digits and dashes (a DNS label)",
          "- values.maintenance: belongs to the component, which turns maintenance on and off itself; remove it",
        ].join("\n"),
      );
    });

    it("added releases that contradict the table", async () => {
      assert.equal(
        await refusal({ releases: [{ version: "1.5.1", databaseVersion: 1 }] }),
        "The arguments cannot be used:\n- releases[0].databaseVersion: 1.5.1 has 247 in the built-in table, " +
          "and 1 here; remove the field, or report the mistake in the table.",
      );
    });

    const foreign = (): kubernetes.Provider => new kubernetes.Provider("foreign", {});
    const foreignOf = () => ({ providers: [foreign()] });
    const ways: [string, () => pulumi.ComponentResourceOptions][] = [
      ["provider", () => ({ provider: foreign() })],
      ["providers, as a list", () => ({ providers: [foreign()] })],
      ["providers, by name", () => ({ providers: { kubernetes: foreign() } })],
    ];
    it("to deploy elsewhere than the kubernetes provider around it leads to", async () => {
      const { registrations } = await withWorld(fresh());
      const within = (args: Partial<BsrReleaseArgs>) => {
        const platform = new pulumi.ComponentResource("test:index:Platform", "platform", {}, foreignOf());
        return new BsrRelease("bsr", { ...usual, version: "1.5.1", ...args }, { parent: platform });
      };
      assert.throws(
        () => within({ kubeconfig: undefined }),
        /^.*has a kubernetes provider, and the component was given neither kubeconfig nor context/,
      );
      await settled(within({ kubeconfig }));
      const release = registrations.find(({ name }) => name === "bsr-release");
      assert.equal(release?.provider, "bsr-cluster", "and never by that provider");
    });

    for (const [way, opts] of ways) {
      it(`a kubernetes provider given as ${way}`, async () => {
        await withWorld(fresh());
        assert.equal(
          await refusal({}, opts()),
          "The component was given a kubernetes provider. It observes the cluster, runs its steps and deploys " +
            "through one connection of its own, so that they can never see different clusters. " +
            "Remove the provider, and give its kubeconfig and context as the component's arguments.",
        );
      });
    }
  });
});

/** A value as a preview shows it. */
function hidden(marked: unknown): unknown {
  const { value, secret } = opened(marked);
  if (secret) return "[secret]";
  if (Array.isArray(value)) return value.map(hidden);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hidden(inner)]));
}
