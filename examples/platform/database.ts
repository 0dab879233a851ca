import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

export interface DatabaseArgs {
  /** The server as pods reach it. */
  readonly host: string;
  /** The server as this machine reaches it as an administrator: what `psql` takes, such as `host=… user=postgres`. */
  readonly administrate: string;
  /** Of the database, and of the role that owns it. */
  readonly name: string;
  readonly password: pulumi.Input<string>;
}

/** Makes what is missing; a second run finds it all there. */
const script = String.raw`psql --quiet --set ON_ERROR_STOP=1 --set name="$NAME" "$ADMINISTRATE" <<'SQL'
\getenv password PASSWORD
SELECT format('CREATE ROLE %I LOGIN', :'name')
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SQL
printf %s "$HOST"`;

/** A database and its owner on a Postgres server. Nothing drops it: `pulumi destroy` leaves the data. */
export class Database extends pulumi.ComponentResource {
  /** The component's argument `postgres`. Its host is an output, so that whoever uses it waits for the database. */
  readonly connection: {
    readonly host: pulumi.Output<string>;
    readonly database: string;
    readonly user: string;
    readonly password: pulumi.Input<string>;
  };

  constructor(
    resource: string,
    { host, administrate, name, password }: DatabaseArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("platform:index:Database", resource, {}, opts);
    const made = new command.local.Command(
      `${resource}-database`,
      {
        create: script,
        environment: { NAME: name, ADMINISTRATE: administrate, HOST: host, PASSWORD: password },
      },
      { parent: this },
    );
    this.connection = { host: made.stdout, database: name, user: name, password };
    this.registerOutputs();
  }
}
