import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { parseAllDocuments } from "yaml";
import { connect } from "../../components/migrations/cluster/connection";
import { missingPermissions, type JobWork } from "../../components/migrations/cluster/permissions";
import { LocalServer } from "../local-server";

interface Asked {
  readonly namespace?: string;
  readonly verb: string;
  readonly group?: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
}

interface Role {
  readonly metadata: { readonly namespace: string };
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** An API server that is asked for rights, and knows whether there is the namespace. */
class RightsServer {
  readonly asked: Asked[] = [];
  hasNamespace = true;
  allows: (asked: Asked) => boolean = () => false;
  readonly #server = new LocalServer((request, response) => {
    const reply = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.method === "GET") {
      reply(this.hasNamespace ? 200 : 404, { kind: "Namespace", metadata: { name: "bsr" } });
      return;
    }
    void json(request).then((body) => {
      const { resourceAttributes } = (body as { spec: { resourceAttributes: Asked } }).spec;
      this.asked.push(resourceAttributes);
      reply(201, { kind: "SelfSubjectAccessReview", status: { allowed: this.allows(resourceAttributes) } });
    });
  });

  start(): Promise<void> {
    return this.#server.start();
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** What the user of this cluster lacks. */
  missing(work: readonly JobWork[]): Promise<string[]> {
    const kubeconfig = this.#server.kubeconfig();
    return missingPermissions(connect({ kubeconfig }), "bsr", work);
  }
}

/** Every right of docs/rbac/role.yaml, as one line. */
function rightsOfRole(): string[] {
  const file = join(__dirname, "..", "..", "docs", "rbac", "role.yaml");
  return parseAllDocuments(readFileSync(file, "utf8")).flatMap((document) => {
    const { metadata, rules } = document.toJS() as Role;
    return rules.flatMap(({ apiGroups, resources, resourceNames = [""], verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((path) =>
          resourceNames.flatMap((name) =>
            verbs.map((verb) => {
              const [resource = "", subresource] = path.split("/");
              return lineOf({
                ...{ namespace: metadata.namespace, verb, group, resource, name },
                ...(subresource === undefined ? {} : { subresource }),
              });
            }),
          ),
        ),
      ),
    );
  });
}

function lineOf({ namespace = "any", verb, group = "", resource, subresource, name = "" }: Asked): string {
  const path = [group, resource, subresource].filter((part) => part !== undefined && part !== "").join("/");
  return `${namespace}: ${verb} ${path} ${name}`.trimEnd();
}

/** In the Role and not asked for: a chart without these objects is deployed without them. */
const ofSomeCharts = [
  ...["get", "create", "update", "patch", "delete"].map((verb) => `bsr: ${verb} networking.k8s.io/ingresses`),
  ...["get", "create", "update", "delete"].map((verb) => `bsr: ${verb} apps/statefulsets`),
  // Helm waits for a hook.
  ...["list", "watch"].map((verb) => `bsr: ${verb} batch/jobs`),
];

describe("the rights that a preview asks for", () => {
  const server = new RightsServer();
  before(() => server.start());
  after(() => server.stop());
  beforeEach(() => {
    server.asked.length = 0;
    server.hasNamespace = true;
    server.allows = () => false;
  });

  const everyWork: readonly JobWork[] = ["snapshots", "migrateDown"];

  it("are those of docs/rbac/role.yaml, but for what only some charts need", async () => {
    await server.missing(everyWork);
    const asked = server.asked.map(lineOf);
    const role = rightsOfRole();
    assert.deepEqual(
      asked.filter((right) => !role.includes(right)),
      [],
      "asked for, and not in the Role",
    );
    assert.deepEqual(
      role.filter((right) => !asked.includes(right)).sort(),
      [...ofSomeCharts].sort(),
      "in the Role, and not asked for",
    );
  });

  it("are asked for once each, and are told as the verb and the resource", async () => {
    const missing = await server.missing(everyWork);
    assert.equal(new Set(missing).size, missing.length);
    assert.equal(missing.length, server.asked.length);
    for (const right of ["get secrets", "list events", "patch apps/deployments", "get pods/proxy"])
      assert.ok(missing.includes(right), `${right} in ${missing.join(", ")}`);
    assert.equal(missing.at(-1), "get namespaces kube-system");
  });

  it("are few where no Job works in the cluster", async () => {
    const missing = await server.missing([]);
    assert.deepEqual(
      missing.filter((right) => /jobs|persistentvolumeclaims/.test(right)),
      [],
    );
  });

  it("have the creation of the namespace among them where it is missing, which takes a ClusterRole", async () => {
    server.hasNamespace = false;
    server.allows = ({ verb, resource }) => !(verb === "create" && resource === "namespaces");
    assert.deepEqual(await server.missing(everyWork), ["create namespaces"]);
    assert.deepEqual(server.asked.filter(({ namespace }) => namespace === undefined).map(lineOf), [
      "any: create namespaces",
    ]);
  });
});
