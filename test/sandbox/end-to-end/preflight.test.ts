import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { startPrivateRegistry, type PrivateRegistry } from "../../../sandbox/bsr/private-registry";
import { exec } from "../../../sandbox/exec";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { Stack, type Run } from "../../../sandbox/stack";
import { helmHistory, helmValues } from "./helm";
import { Mirror } from "./mirror";
import { restrictedUser } from "./restricted-user";
import { liveSecret } from "./secrets";

/** What the ledger refuses, each problem as it is printed. */
function problems({ text }: Run): string[] {
  const told = /\(bsr-ledger\):\n([^]*?)\n\n/.exec(text)?.[1] ?? "";
  return told
    .split(/^ {4}error: .* has a problem: /m)
    .slice(1)
    .map((problem) => problem.trimEnd().replaceAll("\n    ", "\n"));
}

function problem(code: string, found: string, wanted: string, remedy: string): string {
  return `${code}\n  found:  ${found}\n  wanted: ${wanted}\n  remedy: ${remedy}`;
}

/** One stack on a private registry; each test goes on where the one before stopped. */
describe("what is wrong with machine, cluster or registry", function () {
  this.timeout("8m");
  const login = { username: "reader", password: "registry-password-that-nothing-may-show" };
  let folder: string;
  let instance: Instance;
  let registry: PrivateRegistry;
  let mirror: Mirror;
  let stack: Stack;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bsr-preflight-"));
    instance = await createInstance("preflight");
    registry = await startPrivateRegistry(login);
    mirror = new Mirror(instance, registry);
    for (const version of ["1.3.1", "1.4.1"]) await mirror.publish(version);
    await mirror.publish("1.5.1", {
      editChart: (files) => {
        files.set("values.schema.json", '{ "properties": { "maxBodySizeBytes": { "maxLength": 3 } } }');
      },
    });
    await mirror.publish("1.6.0", {
      editChart: (files) => {
        files.set("templates/new.yaml", '{{ $_ := required "bufd.color is required" .Values.bufd.color }}');
      },
    });
    stack = await Stack.create("preflight", instance, { version: "1.3.1", chart: mirror.chart });
  });

  after(async () => {
    await stack.remove();
    await registry.close();
    await exec(
      "kubectl",
      [
        "delete",
        "role,rolebinding",
        "--ignore-not-found",
        "-n",
        "kube-system",
        `${instance.namespace}-reader`,
      ],
      {
        env: instance.env,
      },
    );
    await instance.close();
    rmSync(folder, { recursive: true });
  });

  /** Everything in the namespace that somebody could have touched, Helm's history among it. */
  async function traces(): Promise<string> {
    const kinds = "secrets,configmaps,leases,serviceaccounts,services,deployments";
    const columns = "KIND:.kind,NAME:.metadata.name,VERSION:.metadata.resourceVersion";
    const args = ["get", kinds, "-n", instance.namespace, "-o", `custom-columns=${columns}`];
    return exec("kubectl", args, { env: instance.env });
  }

  /** Runs a preview that is refused, and tells with what; it must have left no trace. */
  async function refusals(env: NodeJS.ProcessEnv = {}): Promise<string[]> {
    const before = [await traces(), await stack.state()];
    const preview = await stack.preview({ env });
    assert.ok(!preview.ok, preview.text);
    assert.deepEqual([await traces(), await stack.state()], before);
    assert.ok(!preview.text.includes(login.password), preview.text);
    assert.doesNotMatch(preview.text, /Preview failed|\n +at /, "only the ledger tells, and without a stack");
    return problems(preview);
  }

  it("is told where the registry's log-in is missing or wrong", async () => {
    const wanted = "A login that may read the chart.";
    const address = mirror.chart.replace("oci://", "");
    const path = `${address.replace("/", "/v2/")}/manifests/1.3.1`;
    const said = `failed to perform "FetchReference" on source: GET "http://${path}": `;
    assert.deepEqual(await refusals(), [
      problem(
        "registry-login",
        `The registry refuses the chart ${mirror.chart} (1.3.1) with this machine's login: ${said}basic credential not found`,
        wanted,
        "Run helm registry login, or set registry.password (for Buf's registry the keyfile's content).",
      ),
    ]);

    stack.configure({ registry: { username: login.username } });
    await stack.configureSecret("registry.password", "a-wrong-password");
    const [wrong, ...others] = await refusals();
    assert.deepEqual(others, []);
    assert.ok(wrong !== undefined);
    assert.ok(
      wrong.startsWith(
        `registry-login\n  found:  The registry refuses the chart ${mirror.chart} (1.3.1) with the login in the argument registry: ${said}response status code 401: unauthorized`,
      ),
      wrong,
    );
    assert.match(wrong, /\n {2}remedy: Correct registry\.username and registry\.password \(for Buf's/);
    assert.doesNotMatch(wrong, /a-wrong-password/);
  });

  it("is nothing with the right log-in: helm and the Release pull with it, and the pods get it as the pull secret", async () => {
    await stack.configureSecret("registry.password", login.password);
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual(await helmHistory(instance), ["1.3.1 deployed"]);
    const { imagePullSecrets } = (await helmValues(instance))["1.3.1"] as Record<string, unknown>;
    assert.deepEqual(imagePullSecrets, [{ name: "bufpullsecret" }]);
    const { type, data } = await liveSecret(instance, "bufpullsecret");
    const auth = Buffer.from(`${login.username}:${login.password}`).toString("base64");
    assert.equal(type, "kubernetes.io/dockerconfigjson");
    assert.deepEqual(JSON.parse(data[".dockerconfigjson"] ?? ""), {
      auths: { [registry.address]: { ...login, auth } },
    });
    const state = await stack.state();
    for (const secret of [login.password, auth]) {
      assert.ok(!up.text.includes(secret), "the login is in the output");
      assert.ok(!state.includes(secret), "the login is in the state");
    }
  });

  it("on the way is told all at once: charts, their digests, what they refuse, and missing Secrets", async () => {
    stack.configure({
      version: "1.9.1",
      maxBodySizeBytes: 5000,
      releases: [{ version: "1.4.1", chartDigest: `sha256:${"0".repeat(64)}` }],
      postgres: { passwordSecret: "nothing-there" },
    });
    const wanted = "Values that the chart of every release on the path can be rendered with.";
    const remedy =
      "Correct the argument, values or valuesFile; valuesFor gives values to a range of releases only.";
    assert.deepEqual(await refusals(), [
      problem(
        "secret-missing",
        `There is no Secret nothing-there in the namespace ${instance.namespace}.`,
        "A Secret nothing-there with password, as the arguments say.",
        `Make it (kubectl create secret -n ${instance.namespace}), or give the secret itself as an argument.`,
      ),
      problem(
        "secret-exists",
        `The namespace ${instance.namespace} already has a Secret bufd-postgres, and the component did not make it.`,
        "No Secret bufd-postgres, as the component makes it from the arguments.",
        `To use the existing one, give its name instead of the secret itself, or leave the argument out. To let the component make it, delete it first: kubectl delete secret bufd-postgres -n ${instance.namespace}.`,
      ),
      problem(
        "chart-digest",
        `${mirror.chart} 1.4.1 has the digest ${await digestOf("1.4.1")}.`,
        `The digest that releases pins: sha256:${"0".repeat(64)}.`,
        "Find out who changed the chart. If the change is intended, set chartDigest in releases to it.",
      ),
      problem(
        "values-refused",
        "The chart of 1.5.1 does not take the values it would get: values don't meet the specifications of the schema(s) in the following chart(s): bsr: - at '/maxBodySizeBytes': maxLength: got 4, want 3",
        wanted,
        remedy,
      ),
      problem(
        "values-refused",
        "The chart of 1.6.0 does not take the values it would get: execution error at (bsr/templates/new.yaml:1:9): bufd.color is required",
        wanted,
        remedy,
      ),
      problem(
        "chart-missing",
        `${mirror.chart} has no chart 1.7.0, 1.8.3, 1.9.1.`,
        "The chart of every release on the path.",
        "Copy it into the mirror, or correct chart; bsr releases --check lists what is there.",
      ),
    ]);
  });

  const helmWanted = "Helm >=3.14.0 <4 on PATH where Pulumi runs.";
  const helmRemedy = "Install one (https://helm.sh/docs/intro/install/), then run again.";

  it("is told where helm is too old, beside what else is wrong", async () => {
    const helm = join(folder, "helm");
    writeFileSync(helm, "#!/bin/sh\necho v3.9.4\n");
    chmodSync(helm, 0o755);
    const [first, ...others] = await refusals({ PATH: `${folder}${delimiter}${instance.env["PATH"]}` });
    assert.equal(first, problem("helm-version", "helm on PATH is v3.9.4.", helmWanted, helmRemedy));
    assert.match(others[0] ?? "", /^secret-missing\n/);
    stack.configure({ postgres: undefined, releases: undefined, maxBodySizeBytes: undefined });
  });

  it("is told where there is no helm", async () => {
    const folders = (instance.env["PATH"] ?? "").split(delimiter);
    const path = folders.filter((one) => !existsSync(join(one, "helm"))).join(delimiter);
    assert.deepEqual(await refusals({ PATH: path }), [
      problem("helm-missing", "There is no helm on PATH.", helmWanted, helmRemedy),
    ]);
  });

  it("is told where the registry cannot be reached", async () => {
    const chart = "oci://127.0.0.1:2/charts/bsr";
    stack.configure({ version: "1.4.1", chart });
    assert.deepEqual(await refusals(), [
      problem(
        "registry-unreachable",
        `The registry of ${chart} cannot be reached: failed to perform "FetchReference" on source: Get "https://127.0.0.1:2/v2/charts/bsr/manifests/1.4.1": dial tcp 127.0.0.1:2: connect: connection refused`,
        "A registry that answers where Pulumi runs.",
        "Correct chart, the network or the proxy, then run again.",
      ),
    ]);
    stack.configure({ chart: mirror.chart });
  });

  it("is told where the cluster's user lacks rights, all of them, whatever else could be read", async () => {
    const { namespace } = instance;
    await stack.configureSecret("kubeconfig", await restrictedUser(instance, "nobody", []));
    const [unread, denied, ...others] = await refusals();
    assert.match(
      unread ?? "",
      /^The cluster could not be read: HTTP 403: .*forbidden.* Nothing was changed\./,
    );
    const written = ["create", "update", "patch", "delete"];
    const to = (verbs: readonly string[], resource: string) => verbs.map((verb) => `${verb} ${resource}`);
    const all = [
      "get namespaces",
      ...to(["get", "list", ...written], "secrets"),
      ...to(["get", "list", ...written], "configmaps"),
      ...to(["get", "create", "update"], "coordination.k8s.io/leases"),
      ...to(["list", "delete"], "pods"),
      "get pods/proxy",
      "get pods/log",
      "list events",
      ...to(["get", "list", ...written], "apps/deployments"),
      ...["list apps/statefulsets", "list apps/replicasets", "list apps/daemonsets"],
      ...to(["get", ...written], "services"),
      ...to(["get", ...written], "serviceaccounts"),
      "get namespaces kube-system",
    ];
    const told = (missing: readonly string[]) =>
      problem(
        "permission-denied",
        `The cluster denies rights in the namespace ${namespace}: ${missing.join(", ")}.`,
        "The right to everything that a transition does there.",
        "Give these rights to the kubeconfig's user with a Role and a RoleBinding (kube-system needs its own; creating a namespace needs a ClusterRole), or use another context.",
      );
    assert.deepEqual([denied, others], [told(all), []]);

    const namespaces = { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] };
    const reading = {
      apiGroups: ["", "apps", "coordination.k8s.io"],
      resources: ["*"],
      verbs: ["get", "list"],
    };
    const reader = await restrictedUser(instance, "reader", [
      { namespace, rules: [reading] },
      { namespace: "kube-system", rules: [namespaces] },
    ]);
    await stack.configureSecret("kubeconfig", reader);
    assert.deepEqual(await refusals(), [
      told([
        ...to(written, "secrets"),
        ...to(written, "configmaps"),
        ...to(["create", "update"], "coordination.k8s.io/leases"),
        "delete pods",
        ...to(written, "apps/deployments"),
        ...to(written, "services"),
        ...to(written, "serviceaccounts"),
      ]),
    ]);
  });

  it("ends an up before anything is touched where the cluster cannot be reached", async () => {
    const before = await traces();
    const raw = await exec("kubectl", ["config", "view", "--raw", "--minify", "-o", "json"], {
      env: instance.env,
    });
    await stack.configureSecret("kubeconfig", raw.replace(/https:[^"]+/, "https://127.0.0.1:2"));
    const up = await stack.up();
    assert.ok(!up.ok, up.text);
    assert.deepEqual(problems(up), [
      "The cluster could not be read: fetch failed: connect ECONNREFUSED 127.0.0.1:2. Nothing was changed. " +
        "Fix the access (kubeconfig, context, network, permissions), then run pulumi up again.",
    ]);
    assert.equal(await traces(), before);
    stack.configure({ kubeconfig: undefined });
  });

  it("is a problem of the arguments where the values file is not there", async () => {
    stack.configure({ valuesFile: join(folder, "values.yaml") });
    const preview = await stack.preview();
    assert.ok(!preview.ok, preview.text);
    assert.match(
      preview.text,
      /The arguments cannot be used:\n +- bsr:valuesFile: \S+values\.yaml does not exist; give its path from the project's folder\n/,
    );
  });

  it("is nothing where the digest is the pinned one: the way is walked, with the values file under all else", async () => {
    writeFileSync(
      join(folder, "values.yaml"),
      "postgres: { user: somebody-else, maxConnections: 7 }\nbufd: { deployment: { podAnnotations: { a: b } } }\n",
    );
    stack.configure({ releases: [{ version: "1.4.1", chartDigest: await digestOf("1.4.1") }] });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual((await helmValues(instance))["1.4.1"], {
      host: "bsr.example.com",
      maintenance: false,
      imagePullSecrets: [{ name: "bufpullsecret" }],
      postgres: { ...instance.values.postgres, maxConnections: 7 },
      bufd: { deployment: { podAnnotations: { a: "b" } } },
    });
  });

  it("is warned of where a value is misspelled, also when only values change", async () => {
    const { postgres } = instance.values;
    stack.configure({
      values: { postgres, bufd: { deployment: { replicaz: 3 } }, feetureFlags: { a: true } },
    });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    for (const warning of [
      "value-unknown: bufd.deployment.replicaz is not among the chart's default values; did you mean replicas? (the chart of 1.4.1)",
      "value-unknown: feetureFlags is not among the chart's default values; did you mean featureFlags? (the chart of 1.4.1)",
    ]) {
      assert.ok(preview.text.includes(`"warning: ${warning}"`), preview.text);
    }
    assert.doesNotMatch(preview.text, /value-unknown: (?!bufd\.deployment\.replicaz|feetureFlags)/);
  });

  /** The digest of a chart's manifest, as the registry tells it. */
  async function digestOf(version: string): Promise<string> {
    const [host, path] = mirror.chart.replace("oci://", "").split(/\/(.*)/);
    const auth = Buffer.from(`${login.username}:${login.password}`).toString("base64");
    const answer = await fetch(`http://${host}/v2/${path}/manifests/${version}`, {
      method: "HEAD",
      headers: { authorization: `Basic ${auth}`, accept: "application/vnd.oci.image.manifest.v1+json" },
    });
    return answer.headers.get("docker-content-digest") ?? "";
  }
});
