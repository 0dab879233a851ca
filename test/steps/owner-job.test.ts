import { strict as assert } from "node:assert";
import { dumpYaml } from "@kubernetes/client-node";
import { ownerJob } from "../../components/migrations/steps/owner/job";
import { ownerOf, OwnerError } from "../../components/migrations/steps/owner/owner";
import type { BufdChoice } from "../../components/migrations/steps/input";

const asItIs: BufdChoice = {
  workload: null,
  container: "bufd",
  command: null,
  initContainers: [],
  sidecars: [],
  timeoutSeconds: 600,
};

const bufd = {
  name: "bufd",
  image: "registry.example.com/bufd@sha256:abc",
  command: ["/usr/bin/bufd", "serve"],
  args: ["--verbose"],
  env: [
    { name: "A", value: "1" },
    { name: "B", valueFrom: { configMapKeyRef: { name: "bufd-config", key: "b" } } },
    { name: "C", valueFrom: { secretKeyRef: { name: "bufd-postgres", key: "password" } } },
    { name: "D", valueFrom: { secretKeyRef: { name: "of-the-chart", key: "d" } } },
  ],
  envFrom: [{ configMapRef: { name: "bufd-config" } }, { secretRef: { name: "of-the-chart" } }],
  ports: [{ containerPort: 8080 }],
  readinessProbe: { httpGet: { port: 8080 } },
  livenessProbe: { httpGet: { port: 8080 } },
  startupProbe: { httpGet: { port: 8080 } },
  lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } },
  resources: { requests: { cpu: "1" } },
  securityContext: { runAsNonRoot: true },
};
const proxy = { name: "proxy", image: "proxy", ports: [{ containerPort: 5432 }] };
const spec = {
  serviceAccountName: "bufd-service-account",
  imagePullSecrets: [{ name: "bufpullsecret" }, { name: "of-the-chart" }],
  nodeSelector: { disk: "fast" },
  tolerations: [{ key: "bsr", operator: "Exists" }],
  affinity: { podAntiAffinity: {} },
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway" }],
  initContainers: [{ name: "migrate", image: "bufd" }],
  containers: [proxy, bufd],
  volumes: [
    { name: "config", configMap: { name: "bufd-config" } },
    { name: "secret", secret: { secretName: "of-the-chart" } },
    { name: "own", secret: { secretName: "of-the-user" } },
    {
      name: "both",
      projected: { sources: [{ configMap: { name: "bufd-config" } }, { secret: { name: "of-the-chart" } }] },
    },
  ],
};
const deployment = (name: string, pod: object = spec) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name }, annotations: { "linkerd.io/inject": "enabled" } },
      spec: pod,
    },
  },
});
const manifest = (...objects: object[]) => objects.map((object) => dumpYaml(object)).join("---\n");
const whole = manifest(
  deployment("frontend", { containers: [{ name: "frontend" }] }),
  deployment("bufd"),
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "bufd-config" }, data: { b: "of this release" } },
  { apiVersion: "v1", kind: "Secret", metadata: { name: "of-the-chart" }, data: { d: "ZA==" } },
  {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "bufd-service-account", annotations: { role: "x" } },
  },
);
const work = { name: "down", namespace: "bsr", schemaVersion: 281, lineage: 3 };
const made = (choice: Partial<BufdChoice> = {}) => {
  const all = { ...asItIs, ...choice };
  const owner = ownerOf("1.9.1", whole, all);
  const { job, ...others } = ownerJob(owner, { ...work, choice: all });
  const template = job.spec?.template;
  return { job, template, pod: template?.spec, container: template?.spec?.containers[0], ...others };
};

describe("a Job of the schema owner's binary", () => {
  it("runs migratedownto with the container's own program", () => {
    const { container, pod, job } = made();
    assert.equal(pod?.containers.length, 1);
    assert.deepEqual(container?.command, ["/usr/bin/bufd", "migratedownto", "281"]);
    assert.equal(container.args, undefined);
    assert.deepEqual(
      [job.spec?.backoffLimit, job.spec?.suspend, job.spec?.activeDeadlineSeconds],
      [0, true, 600],
    );
  });

  it("leaves the program to the image where the container names none", () => {
    const bare = { ...spec, containers: [{ ...bufd, command: undefined }] };
    const owner = ownerOf("1.9.1", manifest(deployment("bufd", bare)), asItIs);
    const container = ownerJob(owner, { ...work, choice: asItIs }).job.spec?.template.spec?.containers[0];
    assert.deepEqual([container?.command, container?.args], [undefined, ["migratedownto", "281"]]);
  });

  it("runs the command that was named in its place", () => {
    assert.deepEqual(made({ command: ["/opt/down", "--to"] }).container?.command, [
      "/opt/down",
      "--to",
      "281",
    ]);
  });

  it("gets no traffic, and what serves, probes or spreads pods is left out", () => {
    const { pod, container } = made();
    assert.equal(pod?.readinessGates?.length, 1);
    for (const key of ["affinity", "topologySpreadConstraints"]) assert.ok(!(key in pod), key);
    for (const key of ["ports", "readinessProbe", "livenessProbe", "startupProbe", "lifecycle"])
      assert.ok(container !== undefined && !(key in container), key);
  });

  it("keeps what its pods need: labels, annotations, account, nodes, resources, security", () => {
    const { template, pod, container } = made();
    assert.deepEqual(template?.metadata?.labels, { app: "bufd" });
    assert.deepEqual(template.metadata.annotations, { "linkerd.io/inject": "enabled" });
    assert.equal(pod?.serviceAccountName, "bufd-service-account");
    assert.deepEqual(pod.nodeSelector, { disk: "fast" });
    assert.deepEqual(container?.resources, bufd.resources);
    assert.deepEqual(container.securityContext, bufd.securityContext);
    assert.equal(made().serviceAccount?.metadata?.annotations?.["role"], "x");
  });

  it("uses copies of what the chart makes, and the rest as it is", () => {
    const { pod, container, configMaps, secrets } = made();
    assert.deepEqual(configMaps, [
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "down-bufd-config", namespace: "bsr" },
        data: { b: "of this release" },
      },
    ]);
    assert.deepEqual(
      secrets.map(({ metadata, data }) => [metadata?.name, data]),
      [["down-of-the-chart", { d: "ZA==" }]],
    );
    assert.deepEqual(
      container?.env
        ?.slice(1)
        .map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name ?? valueFrom?.secretKeyRef?.name),
      ["down-bufd-config", "bufd-postgres", "down-of-the-chart"],
    );
    assert.deepEqual(container?.envFrom, [
      { configMapRef: { name: "down-bufd-config" } },
      { secretRef: { name: "down-of-the-chart" } },
    ]);
    assert.deepEqual(pod?.imagePullSecrets, [{ name: "bufpullsecret" }, { name: "down-of-the-chart" }]);
    assert.deepEqual(pod?.volumes, [
      { name: "config", configMap: { name: "down-bufd-config" } },
      { name: "secret", secret: { secretName: "down-of-the-chart" } },
      { name: "own", secret: { secretName: "of-the-user" } },
      {
        name: "both",
        projected: {
          sources: [{ configMap: { name: "down-bufd-config" } }, { secret: { name: "down-of-the-chart" } }],
        },
      },
    ]);
  });

  it("runs no init container and nothing beside, unless it is asked for", () => {
    assert.deepEqual(made().pod?.initContainers, []);
    const { pod } = made({ initContainers: ["migrate"], sidecars: ["proxy"] });
    assert.deepEqual(
      pod?.initContainers?.map(({ name, restartPolicy }) => [name, restartPolicy]),
      [
        ["migrate", undefined],
        ["proxy", "Always"],
      ],
    );
    assert.throws(() => made({ sidecars: ["missing"] }), /have no container missing/);
  });

  it("is refused where the manifest does not tell which pods run bufd", () => {
    const two = manifest(deployment("bufd"), deployment("bufd-worker"));
    assert.throws(
      () => ownerOf("1.9.1", two, asItIs),
      (error) => {
        assert.ok(error instanceof OwnerError);
        assert.match(
          error.message,
          /more than one workload with a container bufd \(Deployment bufd: .*bufd-worker/,
        );
        assert.match(error.message, /migrateDown\.workload/);
        return true;
      },
    );
    assert.equal(
      ownerOf("1.9.1", two, { ...asItIs, workload: "bufd-worker" }).template.metadata?.labels?.["app"],
      "bufd-worker",
    );
    assert.throws(
      () => ownerOf("1.9.1", whole, { ...asItIs, container: "server" }),
      /no workload with a container server/,
    );
  });
});
