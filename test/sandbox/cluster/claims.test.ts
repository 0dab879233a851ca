/** What a snapshot of a database needs of the sandbox: the image of Postgres' clients, claims, and the right to restore beside. */
import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sandboxEnv } from "../../../sandbox/env";
import { exec, tryExec } from "../../../sandbox/exec";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { postgresClientImage, publishPostgresClient } from "../../../sandbox/postgres-client";

const dump = [
  "set -eu; id -u",
  "pg_dump -Fc -f /snapshots/one.dump",
  "pg_restore --list /snapshots/one.dump >/dev/null",
  "createdb ${PGDATABASE}_beside",
  "pg_restore --no-owner -d ${PGDATABASE}_beside /snapshots/one.dump",
  'psql -d ${PGDATABASE}_beside -Atc "SELECT name FROM modules"',
  "sha256sum </snapshots/one.dump | cut -d ' ' -f 1",
].join("\n");

const fill = [
  "id -u; psql -Atc 'SELECT 6 * 7'",
  "dd if=/dev/zero of=/small/fits bs=1k count=900 2>&1 && echo fits",
  "dd if=/dev/zero of=/small/rest bs=1k count=900 2>&1 || echo full",
].join("\n");

// Claims are folders of the sandbox's own node.
(process.env["SANDBOX_KUBECONFIG"] ? describe.skip : describe)("the sandbox, for snapshots", function () {
  this.timeout("2m");
  let instance: Instance;
  let image: string;
  let snapshots: string;
  let small: string;

  before(async () => {
    instance = await createInstance("claims");
    const registry = sandboxEnv()["BSR_SANDBOX_REGISTRY"] ?? "";
    await publishPostgresClient(registry);
    image = postgresClientImage(registry) ?? "";
    [snapshots, small] = await Promise.all([
      instance.makeClaim("snapshots"),
      instance.makeClaim("small", { sizeMegabytes: 1 }),
    ]);
  });

  after(() => instance.close());

  const kubectl = (...args: string[]): Promise<string> =>
    exec("kubectl", ["-n", instance.namespace, ...args], { env: instance.env });

  /** Runs a script in a pod with both claims, to its good end, and returns what it printed. */
  async function run(name: string, script: string, runAsUser?: number): Promise<string> {
    const { host, port, database, user } = instance.values.postgres;
    const password = { secretKeyRef: { name: "bufd-postgres", key: "password" } };
    const claims = ["snapshots", "small"];
    const container = {
      name: "script",
      image,
      command: ["sh", "-c", script],
      env: [
        { name: "PGHOST", value: host },
        { name: "PGPORT", value: String(port) },
        { name: "PGDATABASE", value: database },
        { name: "PGUSER", value: user },
        { name: "PGPASSWORD", valueFrom: password },
      ],
      volumeMounts: claims.map((claim) => ({ name: claim, mountPath: `/${claim}` })),
      securityContext: runAsUser === undefined ? {} : { runAsUser },
    };
    const spec = {
      restartPolicy: "Never",
      containers: [container],
      volumes: claims.map((claim) => ({ name: claim, persistentVolumeClaim: { claimName: claim } })),
    };
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: instance.namespace }, spec };
    await exec("kubectl", ["apply", "-f", "-"], { env: instance.env, input: JSON.stringify(pod) });
    const ended = await tryExec(
      "kubectl",
      [
        "-n",
        instance.namespace,
        "wait",
        `pod/${name}`,
        "--for=jsonpath={.status.phase}=Succeeded",
        "--timeout=60s",
      ],
      { env: instance.env },
    );
    const log = await kubectl("logs", name);
    assert.equal(ended.status, 0, `the pod did not succeed:\n${log}\n${ended.stderr}`);
    return log;
  }

  it("dumps a database to a claim's folder, reads the dump and restores it beside", async () => {
    await instance.query("CREATE TABLE modules (name text)");
    await instance.query("INSERT INTO modules VALUES ('one module')");
    await instance.query(`ALTER TABLE modules OWNER TO ${instance.database}`);
    await instance.allowCreateDatabase();
    const log = await run("dump", dump);
    const file = readFileSync(join(snapshots, "one.dump"));
    assert.equal(log, `65532\none module\n${createHash("sha256").update(file).digest("hex")}\n`);
  });

  it("fills a claim of 1 MB up, and runs the clients as any user that a pod says", async () => {
    const log = await run("fill", fill, 1234);
    assert.match(log, /^1234\n42\n[^]*fits\n[^]*No space left on device\n[^]*full\n$/);
    assert.deepEqual(readdirSync(small).sort(), ["fits", "rest"]);
  });

  it("leaves no database, role, volume or folder after its end", async () => {
    const own = await createInstance("claims-end");
    const folder = await own.makeClaim("gone", { sizeMegabytes: 1 });
    const plain = await own.makeClaim("gone-too");
    await own.allowCreateDatabase();
    const beside = `${own.database}_beside`;
    const login = { PGUSER: own.database, PGPASSWORD: own.password };
    await exec("createdb", [beside], { env: { ...own.env, ...login } });
    await own.close();
    const names = `SELECT datname FROM pg_database UNION ALL SELECT rolname FROM pg_roles`;
    const left = (await instance.query<{ datname: string }>(names)).map(({ datname }) => datname);
    assert.deepEqual(
      left.filter((name) => name.startsWith(own.database)),
      [],
    );
    assert.ok(!existsSync(folder) && !existsSync(plain));
    await kubectl("wait", "--for=delete", `pv/${own.namespace}-gone`, "--timeout=60s");
  });
});
