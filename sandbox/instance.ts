/**
 * The surroundings of one instance of the BSR, as an operator would have made them before the first install: a
 * namespace, a database with its owner, the secret with its password, and an ingress. Each test makes its own.
 */
import { randomBytes } from "node:crypto";
import { Client, type QueryResultRow } from "pg";
import { answers } from "./answers";
import { type ClaimOptions, Claims } from "./claims";
import { sandboxEnv } from "./env";
import { exec } from "./exec";

export interface Instance {
  readonly namespace: string;
  /** Name of the database and of the role that owns it. */
  readonly database: string;
  /** The password of that role. */
  readonly password: string;
  /** The values that the chart needs; everything else has defaults. */
  readonly values: InstanceValues;
  /** Where clients reach the API, from outside the cluster, whatever pods there are. */
  readonly url: string;
  /** The environment in which helm, kubectl and pulumi find the sandbox. */
  readonly env: NodeJS.ProcessEnv;
  /** Rows of a query on the instance's database. */
  query<Row extends QueryResultRow>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** The newest migration as goose recorded it; 0 where there are no migrations. */
  schemaVersion(): Promise<number>;
  /** Waits until clients get through: kube-proxy follows a first rollout only after a moment. */
  answers(): Promise<void>;
  /** Makes a claim of that name, bound to a folder of this machine; returns where this process finds what is in it. */
  makeClaim(name: string, options?: ClaimOptions): Promise<string>;
  /** Lets the instance's role make databases. Those that it owns at the end are dropped. */
  allowCreateDatabase(): Promise<void>;
  /** Takes all of it away again, also what was installed in the namespace. */
  close(): Promise<void>;
}

export interface InstanceValues {
  readonly host: string;
  readonly license: { readonly key: string };
  readonly postgres: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
  };
}

export interface InstanceOptions {
  /** Whether the Secret with the password is made; left out where the component shall make it. */
  readonly postgresSecret?: boolean;
}

/** An instance whose namespace and database a program of the test makes itself. */
export type UnmadeInstance = Omit<Instance, "url" | "answers" | "makeClaim" | "allowCreateDatabase">;

/** Makes an instance; its name is part of a namespace's and a database's, so letters, digits and dashes. */
export async function createInstance(name: string, options: InstanceOptions = {}): Promise<Instance> {
  const unmade = unmadeInstance(name);
  const { env, namespace, database, password, query } = unmade;
  await withClient(env, "postgres", async (client) => {
    await client.query(`CREATE ROLE ${database} LOGIN PASSWORD '${password}'`);
    await client.query(`CREATE DATABASE ${database} OWNER ${database}`);
  });
  const url = await makeNamespace(env, namespace, options.postgresSecret === false ? undefined : password);

  const claims = new Claims(env, namespace);
  return {
    ...unmade,
    url,
    answers: () => answers(url),
    makeClaim: (claim, claimOptions) => claims.make(claim, claimOptions),
    async allowCreateDatabase() {
      await query(`ALTER ROLE ${database} CREATEDB`);
    },
    async close() {
      await unmade.close();
      await claims.remove();
    },
  };
}

/** Only names an instance, and takes away in the end what a test has made of it. */
export function unmadeInstance(name: string): UnmadeInstance {
  const env = sandboxEnv();
  const unique = `${name}-${randomBytes(3).toString("hex")}`;
  const database = unique.replaceAll("-", "_");

  // A connection for each query: a restore puts another database in this one's place.
  const query = async <Row extends QueryResultRow>(sql: string, parameters: unknown[] = []): Promise<Row[]> =>
    withClient(env, database, async (client) => (await client.query<Row>(sql, parameters)).rows);
  return {
    namespace: unique,
    database,
    password: randomBytes(16).toString("hex"),
    env,
    query,
    values: {
      host: "bsr.example.com",
      license: { key: "sandbox-license" },
      postgres: {
        host: needed(env, "BSR_SANDBOX_POSTGRES_HOST"),
        port: Number(needed(env, "BSR_SANDBOX_POSTGRES_PORT")),
        database,
        user: database,
      },
    },
    async schemaVersion() {
      const [table] = await query<{ there: boolean }>(
        "SELECT to_regclass('goose_db_version') IS NOT NULL AS there",
      );
      if (!table?.there) return 0;
      const [row] = await query<{ version: string }>(
        "SELECT coalesce(max(version_id), 0) AS version FROM goose_db_version WHERE is_applied",
      );
      return Number(row?.version);
    },
    async close() {
      await exec("kubectl", ["delete", "namespace", unique, "--ignore-not-found", "--wait=false"], { env });
      await withClient(env, "postgres", (admin) => dropRole(admin, database));
    },
  };
}

/** Drops a role with every database that it owns, while pods may still be connected as it. */
async function dropRole(admin: Client, role: string): Promise<void> {
  const { rowCount } = await admin.query("SELECT FROM pg_roles WHERE rolname = $1", [role]);
  if (rowCount === 0) return;
  // A pod that is being ended makes no further database meanwhile.
  await admin.query(`ALTER ROLE ${role} NOLOGIN NOCREATEDB`);
  await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", [role]);
  const owned = await admin.query<{ datname: string }>(
    "SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = $1",
    [role],
  );
  for (const { datname } of owned.rows) {
    await admin.query(`DROP DATABASE IF EXISTS ${admin.escapeIdentifier(datname)} WITH (FORCE)`);
  }
  // The instance's own, also where a test gave it to another role.
  await admin.query(`DROP DATABASE IF EXISTS ${role} WITH (FORCE)`);
  await admin.query(`DROP ROLE ${role}`);
}

/** Makes the namespace with all that is in it, and returns the address of its ingress. */
async function makeNamespace(
  env: NodeJS.ProcessEnv,
  namespace: string,
  password: string | undefined,
): Promise<string> {
  const metadata = (name: string) => ({ name, namespace });
  const secret = { apiVersion: "v1", kind: "Secret", metadata: metadata("bufd-postgres") };
  const objects = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    ...(password === undefined ? [] : [{ ...secret, stringData: { password } }]),
    {
      // Stands for the ingress: outside the chart, and there however often the chart's objects change.
      apiVersion: "v1",
      kind: "Service",
      metadata: metadata("edge"),
      spec: {
        type: "NodePort",
        selector: { "app.kubernetes.io/name": "bufd" },
        ports: [{ name: "api", port: 80, targetPort: 8080 }],
      },
    },
  ];
  const list = { apiVersion: "v1", kind: "List", items: objects };
  const output = ["-o", "jsonpath={.items[-1:].spec.ports[0].nodePort}"];
  const port = await exec("kubectl", ["apply", "-f", "-", ...output], { env, input: JSON.stringify(list) });
  return `http://${needed(env, "BSR_SANDBOX_NODE")}:${port}`;
}

async function connect(env: NodeJS.ProcessEnv, database: string): Promise<Client> {
  const client = new Client({
    host: needed(env, "PGHOST"),
    port: Number(needed(env, "PGPORT")),
    user: needed(env, "PGUSER"),
    password: needed(env, "PGPASSWORD"),
    database,
  });
  await client.connect();
  return client;
}

async function withClient<T>(
  env: NodeJS.ProcessEnv,
  database: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await connect(env, database);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set: .sandbox/env is of another kind of sandbox`);
  return value;
}
