// Generated from the schema in this folder by `make docs`; change the schema, then run it again.
import type * as pulumi from "@pulumi/pulumi";

/**
 * Arguments of `BsrRelease`. What may be an Output is checked where it is known; what shapes the plan
 * is known when the program runs.
 */
export interface BsrReleaseArgs {
  /**
   * The release that shall run, exactly `major.minor.patch`. The only thing to change for an upgrade:
   * the way there is planned (R1).
   * @see https://buf.build/docs/bsr/admin/on-prem/release-notes/
   */
  readonly version: string;
  /**
   * The host name that the BSR serves; must equal the ingress host. The chart's value `host`.
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly host: pulumi.Input<string>;
  /**
   * The namespace of the instance. Made when it is missing, and never deleted. Cannot change later.
   * @default "bsr"
   */
  readonly namespace?: string | undefined;
  /**
   * The name of the Helm release. Cannot change later.
   * @default "bsr"
   */
  readonly releaseName?: string | undefined;
  /**
   * The chart's OCI address, without a version; Buf's, or that of a private mirror.
   * @default "oci://us-docker.pkg.dev/buf-images-1/bsr/charts/bsr"
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly chart?: string | undefined;
  /**
   * The log-in of the chart's registry.
   * @default - the log-ins of `helm registry login` on this machine
   */
  readonly registry?: RegistryArgs | undefined;
  /**
   * How a way up over three or more minors is walked: `sequential` minor by minor without downtime, or
   * `maintenance` through maintenance mode (R8).
   * @default "sequential"
   */
  readonly strategy?: "sequential" | "maintenance" | undefined;
  /**
   * Allows the downtime that the strategy `maintenance` takes (R8).
   * @default false
   */
  readonly allowDowntime?: boolean | undefined;
  /**
   * Accepts the loss of data of exactly one downgrade, `"<high-water mark>-><target>"` (R12). The
   * refusal prints the text.
   * @default - nothing is acknowledged
   */
  readonly acknowledgeDataLoss?: string | undefined;
  /**
   * How snapshots of the database are taken (R9): one before every transition, and one in maintenance
   * before a jump.
   * @default - no snapshot is taken
   * @see https://buf.build/docs/bsr/admin/on-prem/release-notes/
   */
  readonly snapshot?: SnapshotArgs | undefined;
  /**
   * The id of a snapshot to go back to (R18), as `pulumi up` printed it: it is restored beside the
   * present database, which stays under another name, and `version` is deployed on it. Carried out once;
   * remove it afterwards.
   * @default - nothing is restored
   */
  readonly restore?: string | undefined;
  /**
   * How the schema owner's binary is run to migrate the database down, on a downgrade by a minor (R11).
   * @default {}
   */
  readonly migrateDown?: MigrateDownArgs | undefined;
  /**
   * That the database was restored by hand, as `"<version>,<schema version>"` of what it has now, such
   * as `1.7.0,266` (R18): accepted if that is the schema version that is read, with the image of
   * `snapshot.pgDump`, and `version` is deployed on it. Every pod is stopped for it. Remove it
   * afterwards.
   * @default - nothing was restored by hand
   */
  readonly restoredTo?: string | undefined;
  /**
   * The license key, required by 1.16.0 and later and given to no release before (R15). The chart's
   * value `license.key`.
   * @default - none
   * @see https://buf.build/docs/bsr/admin/on-prem/release-notes/
   */
  readonly license?: pulumi.Input<string> | undefined;
  /**
   * The Postgres database.
   * @default - what `values` or `valuesFile` say
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly postgres?: PostgresArgs | undefined;
  /**
   * The Redis server.
   * @default - what `values` or `valuesFile` say
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly redis?: RedisArgs | undefined;
  /**
   * The object store.
   * @default - what `values` or `valuesFile` say
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly storage?: StorageArgs | undefined;
  /**
   * How users log in, and what they may.
   * @default - what `values` or `valuesFile` say
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly auth?: AuthArgs | undefined;
  /**
   * The workload bufd: Ingress, TLS, service account, labels.
   * @default - the chart's
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly bufd?: BufdArgs | undefined;
  /**
   * The workload oci-registry.
   * @default - the chart's
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly ociregistry?: OciregistryArgs | undefined;
  /**
   * The workload bufjavacompilerd.
   * @default - the chart's
   * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
   */
  readonly bufjavacompilerd?: BufjavacompilerdArgs | undefined;
  /**
   * Metrics of the workloads.
   * @default - the chart's: none
   * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
   */
  readonly observability?: ObservabilityArgs | undefined;
  /**
   * Mail to users.
   * @default - none
   * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
   */
  readonly notifications?: NotificationsArgs | undefined;
  /**
   * Extra certificates to trust: names of Secrets, each with the key that holds the certificate. Read by
   * 1.15.2 and later, and given to no release before; those read `bufd.deployment.extraVolumes` and
   * more, see `valuesFor`.
   * @default {}
   * @see https://buf.build/docs/bsr/admin/on-prem/release-notes/
   */
  readonly clientTLSSecrets?: pulumi.Input<{ [key: string]: string }> | undefined;
  /**
   * Switches of single behaviours, all off by default.
   * @default {}
   * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
   */
  readonly featureFlags?: pulumi.Input<{ [key: string]: boolean }> | undefined;
  /**
   * The largest request that is accepted.
   * @unit bytes
   * @default - the chart's: 256 MB
   * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
   */
  readonly maxBodySizeBytes?: pulumi.Input<number> | undefined;
  /**
   * The Maven registry of generated SDKs.
   * @default - the chart's
   * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
   */
  readonly mavenRegistry?: MavenRegistryArgs | undefined;
  /**
   * Values for the chart that no argument gives, of every release on the way. What an argument gives too
   * must be the same there. `maintenance` is refused, because the component turns it on and off itself.
   * @default {}
   */
  readonly values?: pulumi.Input<{ [key: string]: unknown }> | undefined;
  /**
   * The path of a Helm values file, from the project's folder. It lies under all else: an argument,
   * `values` and `valuesFor` win over what stands in it. Nothing in it is secret.
   * @default - none
   */
  readonly valuesFile?: string | undefined;
  /**
   * Values for the releases of a range only, laid over `values` in order; for keys that a later chart
   * replaced (R15).
   * @default []
   */
  readonly valuesFor?: readonly ValuesForArgs[] | undefined;
  /**
   * Releases that the built-in table does not have (R1), and what it does not know of those it has.
   * @default []
   */
  readonly releases?: readonly ReleasesArgs[] | undefined;
  /**
   * How to know that the data migration of a required stop has completed (R7). Without it, `pulumi up`
   * stops at the stop, verified and serving.
   * @default {}
   */
  readonly dataMigrations?: DataMigrationsArgs | undefined;
  /**
   * Items of the status page that a verification does not wait for, such as `["redis"]` (R6).
   * @default []
   */
  readonly acceptUnhealthy?: readonly string[] | undefined;
  /**
   * Time that one deploy may take until it is verified.
   * @unit seconds
   * @default 900
   */
  readonly deployTimeoutSeconds?: number | undefined;
  /**
   * The content or the path of a kubeconfig. One for observation, steps and Release.
   * @default - KUBECONFIG, else ~/.kube/config
   */
  readonly kubeconfig?: pulumi.Input<string> | undefined;
  /**
   * A context of the kubeconfig.
   * @default - its current context
   */
  readonly context?: string | undefined;
  /**
   * The Helm revision to take over, where the stack has no Release of an instance that runs: one that
   * was installed by hand, or whose stack's state was lost. It must be the newest, and `version` its
   * version, with which it is deployed again and verified. Remove it afterwards.
   * @unit Helm revision
   * @default - a release that this stack did not deploy is refused
   */
  readonly adopt?: number | undefined;
  /**
   * After how many deploys a `pulumi up` ends, verified and serving, though `version` is further; the
   * next one goes on. For a CI job with a time limit, or a token that expires. A run ends in no
   * maintenance, and not before a migration down, so it may deploy once more.
   * @unit deploys
   * @default - the whole way in one run
   */
  readonly deploysPerRun?: number | undefined;
  /**
   * The hash of the plan that was reviewed, as preview prints it: no other plan is carried out.
   * @default - any plan is
   */
  readonly approvedPlan?: string | undefined;
  /**
   * That a version which is new here has run in another stack first, verified, for a while. Asked once,
   * when the target changes: never of a transition that was begun, a way down, a restore or an unchanged
   * target.
   * @default - any version may be deployed
   */
  readonly promotion?: PromotionArgs | undefined;
}

/**
 * The log-in of the chart's registry.
 */
export interface RegistryArgs {
  /**
   * The user to log in as.
   * @default "_json_key_base64"
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly username?: pulumi.Input<string> | undefined;
  /**
   * The password; with Buf's registry the content of the keyfile. Charts are pulled with it, and the
   * component makes the pull secret `bufpullsecret` of it, for the host of `chart`.
   * @default - none: the log-ins of `helm registry login` on this machine
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly password?: pulumi.Input<string> | undefined;
  /**
   * The name of a pull secret in the instance's namespace that the pods use in place of `bufpullsecret`;
   * for images that lie elsewhere than the chart.
   * @default - none
   */
  readonly pullSecret?: string | undefined;
}

/**
 * How snapshots of the database are taken (R9): one before every transition, and one in maintenance
 * before a jump.
 */
export interface SnapshotArgs {
  /**
   * Archives of `pg_dump` on a volume claim of the cluster; `{}` takes all defaults.
   * @default - none; give it, or `command`
   */
  readonly pgDump?: SnapshotPgDumpArgs | undefined;
  /**
   * The user's own commands, such as those of Cloud SQL, RDS or Azure.
   * @default - none; give it, or `pgDump`
   */
  readonly command?: SnapshotCommandArgs | undefined;
}

/**
 * Archives of `pg_dump` on a volume claim of the cluster; `{}` takes all defaults.
 */
export interface SnapshotPgDumpArgs {
  /**
   * An image with a shell, `psql`, `pg_dump` and `pg_restore`, of at least the server's major version.
   * @default "docker.io/library/postgres:18"
   */
  readonly image?: string | undefined;
  /**
   * The volume claim that the archives go to, in the instance's namespace. Made when it is missing, and
   * never deleted.
   * @default "bsr-snapshots"
   */
  readonly claim?: string | undefined;
  /**
   * The size of a claim that is made, such as `50Gi`: at least the database's size for every snapshot
   * that is kept.
   * @default "20Gi"
   */
  readonly size?: string | undefined;
  /**
   * The storage class of a claim that is made.
   * @default - the cluster's default
   */
  readonly storageClass?: string | undefined;
  /**
   * How many verified snapshots are kept. Older ones are deleted once a newer one is verified, but never
   * one that was taken before a transition that failed.
   * @unit snapshots
   * @default 5
   */
  readonly keep?: number | undefined;
  /**
   * How an archive is verified: `readable` lists it; `restored` restores it into a scratch database as
   * well, and compares the rows of every table and the schema version. That needs a role with
   * `CREATEDB`, room for a second database on the server, and the time of a restore.
   * @default "readable"
   */
  readonly verify?: "readable" | "restored" | undefined;
  /**
   * Time that one snapshot may take until it is verified.
   * @unit seconds
   * @default 3600
   */
  readonly timeoutSeconds?: number | undefined;
}

/**
 * The user's own commands, such as those of Cloud SQL, RDS or Azure.
 */
export interface SnapshotCommandArgs {
  /**
   * Takes a snapshot, and writes one line of JSON last: `{"place": "<what finds it again>"}`, and if it
   * can `"bytes"` and `"schemaVersion"`. It is told `BSR_SNAPSHOT_ID`, unique for every snapshot,
   * `BSR_VERSION`, `BSR_MAINTENANCE`, `BSR_DATABASE`, `BSR_NAMESPACE` and `BSR_RELEASE` in its
   * environment.
   */
  readonly take: readonly string[];
  /**
   * Run again and again until it ends with exit status 0: the snapshot is available. It is told the
   * same, and `BSR_SNAPSHOT_PLACE`.
   */
  readonly check: readonly string[];
  /**
   * Restores a snapshot beside what is there, never over it, and lets `postgres.host` lead to it;
   * nothing of the BSR runs meanwhile. Writes one line of JSON last: `{"kept": "<what was there
   * before>", "schemaVersion": <goose's newest row>}`. It is told the same, and `BSR_SCHEMA_VERSION`,
   * which must come out. It is run again where it was cut off, and must bear that.
   * @default - none: snapshots are restored by hand
   */
  readonly restore?: readonly string[] | undefined;
  /**
   * Time between two runs of the check.
   * @unit seconds
   * @default 10
   */
  readonly intervalSeconds?: number | undefined;
  /**
   * Time that one snapshot may take until it is available.
   * @unit seconds
   * @default 3600
   */
  readonly timeoutSeconds?: number | undefined;
}

/**
 * How the schema owner's binary is run to migrate the database down, on a downgrade by a minor (R11).
 */
export interface MigrateDownArgs {
  /**
   * The Deployment or StatefulSet of the chart whose pods run bufd.
   * @default - the only one that has the container
   */
  readonly workload?: string | undefined;
  /**
   * The container in these pods that runs bufd.
   * @default "bufd"
   */
  readonly container?: string | undefined;
  /**
   * The command that migrates down; the schema version is appended to it.
   * @default - the first word of the container's own command, and `migratedownto`
   * @see https://buf.build/docs/bsr/admin/on-prem/upgrade/
   */
  readonly command?: readonly string[] | undefined;
  /**
   * Init containers of these pods that have to run before it. Others do not run: one of them may migrate
   * up.
   * @default []
   */
  readonly initContainers?: readonly string[] | undefined;
  /**
   * Containers of these pods that have to run beside it, such as a proxy to the database. They run as
   * sidecars that Kubernetes ends with it (1.29 and later).
   * @default []
   */
  readonly sidecars?: readonly string[] | undefined;
  /**
   * Time that one migration down may take.
   * @unit seconds
   * @default 3600
   */
  readonly timeoutSeconds?: number | undefined;
}

/**
 * The Postgres database.
 */
export interface PostgresArgs {
  /**
   * The host name or address of the Postgres server. With `port` and `database` it tells which database
   * the cluster's record belongs to, so it cannot change later.
   * @default - none; give it, or `cloudSqlInstance`
   */
  readonly host?: pulumi.Input<string> | undefined;
  /**
   * The server's port.
   * @unit TCP port
   * @default - the chart's: 5432
   */
  readonly port?: pulumi.Input<number> | undefined;
  /**
   * The database's name. It needs the extensions pgcrypto and pg_trgm. Cannot change later.
   * @default - the chart's: "postgres"
   */
  readonly database?: pulumi.Input<string> | undefined;
  /**
   * The role that the BSR logs in as. It has all rights on the database, and can create the extensions.
   * @default - the chart's: "postgres"
   */
  readonly user?: pulumi.Input<string> | undefined;
  /**
   * The role's password. The component makes the Secret `bufd-postgres` of it.
   * @default - none: the Secret must be there, or the log-in needs none
   */
  readonly password?: pulumi.Input<string> | undefined;
  /**
   * The name of a Secret in the instance's namespace that has the password under the key `password`.
   * @default "bufd-postgres"
   */
  readonly passwordSecret?: string | undefined;
  /**
   * The most connections that one pod opens to the server.
   * @unit connections
   * @default - the chart's: 10
   */
  readonly maxConnections?: pulumi.Input<number> | undefined;
  /**
   * The connection name of a Cloud SQL instance, `project:region:instance`, which is reached with the
   * pods' own Google identity in place of host and password.
   * @default - none
   */
  readonly cloudSqlInstance?: pulumi.Input<string> | undefined;
  /**
   * The Google service account that the pods act as to reach the Cloud SQL instance.
   * @default - the pods' own
   */
  readonly impersonateServiceAccount?: pulumi.Input<string> | undefined;
}

/**
 * The Redis server.
 */
export interface RedisArgs {
  /**
   * `host:port` of the server. The component makes the Secret `bufd-redis` of it.
   * @default - none; give it, or `secret`
   */
  readonly address?: pulumi.Input<string> | undefined;
  /**
   * The token that the server asks for.
   * @default - none: the server asks for none
   */
  readonly auth?: pulumi.Input<string> | undefined;
  /**
   * The certificate authority in PEM that signed the server's certificate, for `tls.use: local`.
   * @default - none
   */
  readonly ca?: pulumi.Input<string> | undefined;
  /**
   * Whether the connection is encrypted.
   * @default - no TLS
   */
  readonly tls?: RedisTlsArgs | undefined;
  /**
   * The name of a Secret in the instance's namespace that has `address` and, where they are used, `auth`
   * and `ca`.
   * @default - none: the component makes the Secret `bufd-redis`
   */
  readonly secret?: string | undefined;
  /**
   * Whether the Secret named by `secret` has a token under `auth`.
   * @default false
   */
  readonly secretHasAuth?: boolean | undefined;
}

/**
 * Whether the connection is encrypted.
 */
export interface RedisTlsArgs {
  /**
   * `"false"` (text, so in quotes): no TLS; `local`: TLS with the authority in `ca`; `system`: TLS with
   * the authorities of the image.
   * @default "false"
   */
  readonly use?: "false" | "local" | "system" | undefined;
}

/**
 * The object store.
 */
export interface StorageArgs {
  /**
   * An S3 bucket, or one of a store that speaks S3.
   * @default - none
   */
  readonly s3?: StorageS3Args | undefined;
  /**
   * A container of Azure Blob Storage.
   * @default - none
   */
  readonly azure?: StorageAzureArgs | undefined;
  /**
   * A bucket of Google Cloud Storage.
   * @default - none
   */
  readonly gcs?: StorageGcsArgs | undefined;
}

/**
 * An S3 bucket, or one of a store that speaks S3.
 */
export interface StorageS3Args {
  /**
   * The bucket's name.
   */
  readonly bucketName: pulumi.Input<string>;
  /**
   * The bucket's region, such as `eu-central-1`.
   * @default - the chart's
   */
  readonly region?: pulumi.Input<string> | undefined;
  /**
   * The host, with its port, of a store that speaks S3, such as MinIO.
   * @default - AWS's own, of the region
   */
  readonly endpoint?: pulumi.Input<string> | undefined;
  /**
   * Whether the bucket stands in the path in place of the host name, as most stores but AWS want it.
   * @default - the chart's: false
   */
  readonly forcePathStyle?: pulumi.Input<boolean> | undefined;
  /**
   * Whether the store is spoken to without TLS.
   * @default - the chart's: false
   */
  readonly insecure?: pulumi.Input<boolean> | undefined;
  /**
   * The id of an access key.
   * @default - none: the identity of the pods
   */
  readonly accessKeyId?: pulumi.Input<string> | undefined;
  /**
   * The access key's secret. The component makes the Secret `bufd-storage` of it.
   * @default - none
   */
  readonly secretAccessKey?: pulumi.Input<string> | undefined;
  /**
   * The name of a Secret in the instance's namespace that has it under the key `secret_access_key`.
   * @default - none
   */
  readonly secretAccessKeySecret?: string | undefined;
}

/**
 * A container of Azure Blob Storage.
 */
export interface StorageAzureArgs {
  /**
   * The storage account's name.
   */
  readonly accountName: pulumi.Input<string>;
  /**
   * The container's name.
   */
  readonly container: pulumi.Input<string>;
  /**
   * The account's key. The component makes the Secret `bufd-storage` of it.
   * @default - none: the identity of the pods
   */
  readonly accountKey?: pulumi.Input<string> | undefined;
  /**
   * The name of a Secret in the instance's namespace that has it under the key `account_key`.
   * @default - none
   */
  readonly accountKeySecret?: string | undefined;
}

/**
 * A bucket of Google Cloud Storage.
 */
export interface StorageGcsArgs {
  /**
   * The bucket's name. It is reached with the pods' own Google identity.
   */
  readonly bucketName: pulumi.Input<string>;
}

/**
 * How users log in, and what they may.
 */
export interface AuthArgs {
  /**
   * Log-in with OpenID Connect.
   * @default - none
   */
  readonly oidc?: AuthOidcArgs | undefined;
  /**
   * Log-in with SAML.
   * @default - none
   */
  readonly saml?: AuthSamlArgs | undefined;
  /**
   * The mail addresses of users that are made administrators when they log in; upper and lower case
   * count.
   * @default []
   */
  readonly autoProvisionedAdminEmails?: pulumi.Input<string[]> | undefined;
  /**
   * The organizations that every user is added to at log-in, each with the role there.
   * @default {}
   * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
   */
  readonly autoProvisionedMembershipOrganizations?:
    | pulumi.Input<{
        [key: string]:
          | "ORGANIZATION_ROLE_MEMBER"
          | "ORGANIZATION_ROLE_ADMIN"
          | "ORGANIZATION_ROLE_OWNER"
          | "ORGANIZATION_ROLE_MACHINE";
      }>
    | undefined;
  /**
   * Whether public modules can be read without a log-in.
   * @default false
   * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
   */
  readonly allowPublicAccess?: pulumi.Input<boolean> | undefined;
}

/**
 * Log-in with OpenID Connect.
 */
export interface AuthOidcArgs {
  /**
   * The address of the identity provider, as its tokens name it.
   */
  readonly issuerURL: pulumi.Input<string>;
  /**
   * The id that the provider knows the BSR by.
   */
  readonly clientID: pulumi.Input<string>;
  /**
   * The client's secret. The component makes the Secret `bufd-client-secret` of it.
   * @default - none: a Secret must be there, see `clientSecretSecret`
   */
  readonly clientSecret?: pulumi.Input<string> | undefined;
  /**
   * The name of a Secret in the instance's namespace that has it under the key `client_secret`.
   * @default "bufd-client-secret"
   */
  readonly clientSecretSecret?: string | undefined;
  /**
   * How the provider tells a user's groups.
   * @default - the chart's: by the claim `groups` of the id token
   */
  readonly groups?: AuthOidcGroupsArgs | undefined;
  /**
   * The scopes that a log-in asks for, in place of the chart's.
   * @default - the chart's
   */
  readonly scopes?: pulumi.Input<string[]> | undefined;
}

/**
 * How the provider tells a user's groups.
 */
export interface AuthOidcGroupsArgs {
  /**
   * The claim that lists a user's groups.
   * @default - the chart's: "groups"
   */
  readonly claim?: pulumi.Input<string> | undefined;
  /**
   * Where the claim is read: `userinfo` for the provider's userinfo endpoint.
   * @default - the chart's: the id token
   */
  readonly source?: pulumi.Input<string> | undefined;
  /**
   * One more scope to ask for, without which the provider does not tell groups.
   * @default - none
   */
  readonly requiredScope?: pulumi.Input<string> | undefined;
}

/**
 * Log-in with SAML.
 */
export interface AuthSamlArgs {
  /**
   * Where the identity provider's metadata can be read.
   * @default - none; give it, or `idpRawMetadata`
   */
  readonly idpMetadataURL?: pulumi.Input<string> | undefined;
  /**
   * The identity provider's metadata itself, XML.
   * @default - none
   */
  readonly idpRawMetadata?: pulumi.Input<string> | undefined;
  /**
   * The attribute that lists a user's groups. With it, nobody whose assertion lacks the attribute can
   * log in.
   * @default - none
   */
  readonly groupsAttributeName?: pulumi.Input<string> | undefined;
  /**
   * The BSR's own certificate in PEM, to sign and encrypt with; it may be self-signed. With `privateKey`
   * the component makes the Secret `bsr-saml-cert` of it.
   * @default - none: a Secret must be there, see `certificateSecret`
   */
  readonly certificate?: pulumi.Input<string> | undefined;
  /**
   * The certificate's private key in PEM.
   * @default - none
   */
  readonly privateKey?: pulumi.Input<string> | undefined;
  /**
   * The name of a Secret of type kubernetes.io/tls in the instance's namespace that has certificate and
   * key.
   * @default "bsr-saml-cert"
   */
  readonly certificateSecret?: string | undefined;
}

/**
 * The workload bufd: Ingress, TLS, service account, labels.
 */
export interface BufdArgs {
  /**
   * The Ingress in front of the BSR.
   * @default - the chart's
   */
  readonly ingress?: BufdIngressArgs | undefined;
  /**
   * TLS inside the cluster, from the Ingress to bufd.
   * @default - the chart's: none
   */
  readonly tls?: BufdTlsArgs | undefined;
  /**
   * The Service in front of the pods.
   * @default - the chart's
   */
  readonly service?: BufdServiceArgs | undefined;
  /**
   * The service account `bufd-service-account`.
   * @default - the chart's
   */
  readonly serviceAccount?: BufdServiceAccountArgs | undefined;
  /**
   * The Deployment.
   * @default - the chart's
   */
  readonly deployment?: BufdDeploymentArgs | undefined;
}

/**
 * The Ingress in front of the BSR.
 */
export interface BufdIngressArgs {
  /**
   * Whether the chart makes an Ingress.
   * @default - the chart's
   */
  readonly enabled?: pulumi.Input<boolean> | undefined;
  /**
   * The class of the Ingress, such as `nginx`.
   * @default - the cluster's default class
   */
  readonly className?: pulumi.Input<string> | undefined;
  /**
   * Annotations of the Ingress, for its controller.
   * @default {}
   */
  readonly annotations?: pulumi.Input<{ [key: string]: string }> | undefined;
  /**
   * The hosts it serves, as the chart takes them: each with `host` and `paths`. The argument `host` must
   * be one of them.
   * @default - the chart's
   */
  readonly hosts?: pulumi.Input<{ host: string; [key: string]: unknown }[]> | undefined;
  /**
   * Its certificates, as the chart takes them: each with `secretName` and `hosts`. The BSR is served
   * over TLS only, which ends here or in front of the Ingress.
   * @default []
   */
  readonly tls?: pulumi.Input<{ [key: string]: unknown }[]> | undefined;
}

/**
 * TLS inside the cluster, from the Ingress to bufd.
 */
export interface BufdTlsArgs {
  /**
   * Whether bufd serves TLS itself.
   * @default false
   */
  readonly enabled?: pulumi.Input<boolean> | undefined;
  /**
   * The name of the Secret of type kubernetes.io/tls that it serves with.
   * @default - the chart's: "bsr-tls-cert"
   */
  readonly secretName?: string | undefined;
}

/**
 * The Service in front of the pods.
 */
export interface BufdServiceArgs {
  /**
   * Annotations of the Service.
   * @default {}
   */
  readonly annotations?: pulumi.Input<{ [key: string]: string }> | undefined;
}

/**
 * The service account `bufd-service-account`.
 */
export interface BufdServiceAccountArgs {
  /**
   * Annotations of the service account, such as those that give it a cloud identity.
   * @default {}
   */
  readonly annotations?: pulumi.Input<{ [key: string]: string }> | undefined;
}

/**
 * The Deployment.
 */
export interface BufdDeploymentArgs {
  /**
   * Labels of the pods, such as those that give them a cloud identity.
   * @default {}
   */
  readonly podLabels?: pulumi.Input<{ [key: string]: string }> | undefined;
}

/**
 * The workload oci-registry.
 */
export interface OciregistryArgs {
  /**
   * The service account `oci-registry-service-account`.
   * @default - the chart's
   */
  readonly serviceAccount?: OciregistryServiceAccountArgs | undefined;
  /**
   * The Deployment.
   * @default - the chart's
   */
  readonly deployment?: OciregistryDeploymentArgs | undefined;
}

/**
 * The service account `oci-registry-service-account`.
 */
export interface OciregistryServiceAccountArgs {
  /**
   * Annotations of the service account, such as those that give it a cloud identity.
   * @default {}
   */
  readonly annotations?: pulumi.Input<{ [key: string]: string }> | undefined;
}

/**
 * The Deployment.
 */
export interface OciregistryDeploymentArgs {
  /**
   * Labels of the pods, such as those that give them a cloud identity.
   * @default {}
   */
  readonly podLabels?: pulumi.Input<{ [key: string]: string }> | undefined;
}

/**
 * The workload bufjavacompilerd.
 */
export interface BufjavacompilerdArgs {
  /**
   * Where dependencies of generated code are fetched.
   * @default - Maven Central
   */
  readonly registry?: BufjavacompilerdRegistryArgs | undefined;
  /**
   * A trust store of one's own, for a `registry` whose certificate no public authority has signed; `{}`
   * for one whose Secret is there.
   * @default - that of the image
   */
  readonly trustStore?: BufjavacompilerdTrustStoreArgs | undefined;
}

/**
 * Where dependencies of generated code are fetched.
 */
export interface BufjavacompilerdRegistryArgs {
  /**
   * The address of a repository that mirrors Maven Central.
   */
  readonly url: pulumi.Input<string>;
  /**
   * The user to log in as.
   * @default - none: no log-in
   */
  readonly username?: pulumi.Input<string> | undefined;
  /**
   * The user's password. The component makes the Secret `bufjavacompilerd-registry` of it.
   * @default - none: with a `username`, a Secret must be there, see `passwordSecret`
   */
  readonly password?: pulumi.Input<string> | undefined;
  /**
   * The name of a Secret in the instance's namespace that has it under the key `password`.
   * @default "bufjavacompilerd-registry"
   */
  readonly passwordSecret?: string | undefined;
}

/**
 * A trust store of one's own, for a `registry` whose certificate no public authority has signed; `{}`
 * for one whose Secret is there.
 */
export interface BufjavacompilerdTrustStoreArgs {
  /**
   * The trust store, a JKS file in base64. With `password` the component makes the Secret
   * `bufjavacompilerd-truststore` of it.
   * @default - none: a Secret must be there, see `secret`
   */
  readonly cacerts?: pulumi.Input<string> | undefined;
  /**
   * The trust store's password.
   * @default - none
   */
  readonly password?: pulumi.Input<string> | undefined;
  /**
   * The name of a Secret in the instance's namespace that has `cacerts` and `password`.
   * @default "bufjavacompilerd-truststore"
   */
  readonly secret?: string | undefined;
}

/**
 * Metrics of the workloads.
 */
export interface ObservabilityArgs {
  /**
   * The metrics of the pods.
   * @default - the chart's: none
   */
  readonly metrics?: ObservabilityMetricsArgs | undefined;
}

/**
 * The metrics of the pods.
 */
export interface ObservabilityMetricsArgs {
  /**
   * Which kind of metrics is served, such as `prometheus`.
   * @default - the chart's
   */
  readonly use?: pulumi.Input<string> | undefined;
  /**
   * Whether metrics of the Go runtime are served too.
   * @default - the chart's
   */
  readonly runtime?: pulumi.Input<boolean> | undefined;
  /**
   * How Prometheus finds them.
   * @default - the chart's
   */
  readonly prometheus?: ObservabilityMetricsPrometheusArgs | undefined;
}

/**
 * How Prometheus finds them.
 */
export interface ObservabilityMetricsPrometheusArgs {
  /**
   * Labels of Prometheus' own pods, which network policies let through to the metrics.
   * @default {}
   */
  readonly podLabels?: pulumi.Input<{ [key: string]: string }> | undefined;
  /**
   * The port that serves the metrics.
   * @unit TCP port
   * @default - the chart's
   */
  readonly port?: pulumi.Input<number> | undefined;
  /**
   * The path that serves the metrics.
   * @default - the chart's
   */
  readonly path?: pulumi.Input<string> | undefined;
}

/**
 * Mail to users.
 */
export interface NotificationsArgs {
  /**
   * The mail server.
   * @default - none: no mail
   */
  readonly smtp?: NotificationsSmtpArgs | undefined;
  /**
   * The mail server's password. The component makes the Secret `bufd-smtp-password` of it.
   * @default - none: the Secret must be there, or the log-in needs none
   */
  readonly password?: pulumi.Input<string> | undefined;
  /**
   * The name of a Secret in the instance's namespace that has it under the key `password`.
   * @default "bufd-smtp-password"
   */
  readonly passwordSecret?: string | undefined;
}

/**
 * The mail server.
 */
export interface NotificationsSmtpArgs {
  /**
   * The mail server's host name.
   */
  readonly hostname: pulumi.Input<string>;
  /**
   * The mail server's port.
   * @unit TCP port
   * @default - the chart's
   */
  readonly port?: pulumi.Input<number> | undefined;
  /**
   * The user to log in as.
   * @default - none: no log-in
   */
  readonly username?: pulumi.Input<string> | undefined;
  /**
   * The domain that mail comes from.
   * @default - the chart's
   */
  readonly fromDomain?: pulumi.Input<string> | undefined;
}

/**
 * The Maven registry of generated SDKs.
 */
export interface MavenRegistryArgs {
  /**
   * The time that the generation of one artifact may take, as text with its unit, such as `10m`.
   * @default - the chart's: 2 minutes
   */
  readonly generationTimeout?: pulumi.Input<string> | undefined;
}

/**
 * Values for the releases of a range only, laid over `values` in order; for keys that a later chart
 * replaced (R15).
 */
export interface ValuesForArgs {
  /**
   * The releases that get the values, as a semver range such as `>=1.15.2`.
   */
  readonly versions: string;
  /**
   * The values, as the charts of these releases take them. Where the database is cannot differ by
   * release.
   */
  readonly values: pulumi.Input<{ [key: string]: unknown }>;
}

/**
 * Releases that the built-in table does not have (R1), and what it does not know of those it has.
 */
export interface ReleasesArgs {
  /**
   * The release, exactly `major.minor.patch`; its chart has the same version.
   */
  readonly version: string;
  /**
   * The day of publication, such as `2025-06-30`; orders nothing, it is there for the reader.
   * @default null
   */
  readonly released?: string | null | undefined;
  /**
   * The number of the newest migration that the release brings; `null` while nobody knows it (R14).
   * @unit schema version
   * @default null
   * @see https://buf.build/docs/bsr/admin/on-prem/release-notes/
   */
  readonly databaseVersion?: number | null | undefined;
  /**
   * The oldest version of the Buf CLI that works with the release.
   * @default null
   */
  readonly minimumCliVersion?: string | null | undefined;
  /**
   * The digest of the chart's manifest in the registry: no other chart of this version is deployed.
   * @default null
   */
  readonly chartDigest?: string | null | undefined;
  /**
   * What an operator should know before this release is deployed.
   * @default []
   */
  readonly notes?: readonly string[] | undefined;
  /**
   * Where the facts of this record can be read; the built-in table always says it.
   * @default null
   */
  readonly source?: string | null | undefined;
}

/**
 * How to know that the data migration of a required stop has completed (R7). Without it, `pulumi up`
 * stops at the stop, verified and serving.
 */
export interface DataMigrationsArgs {
  /**
   * A command with its arguments, run where Pulumi runs and without a shell, again and again until it
   * ends with exit status 0.
   * @default - none: the wait ends by `completed` only
   */
  readonly check?: readonly string[] | undefined;
  /**
   * Required stops whose data migration you know to have completed, such as `["1.7.0"]`.
   * @default []
   */
  readonly completed?: readonly string[] | undefined;
  /**
   * Time between two runs of the check.
   * @unit seconds
   * @default 10
   */
  readonly intervalSeconds?: number | undefined;
  /**
   * Time after which a wait fails; the next `pulumi up` waits further.
   * @unit seconds
   * @default 3600
   */
  readonly timeoutSeconds?: number | undefined;
}

/**
 * That a version which is new here has run in another stack first, verified, for a while. Asked once,
 * when the target changes: never of a transition that was begun, a way down, a restore or an unchanged
 * target.
 */
export interface PromotionArgs {
  /**
   * The stack that a version has to be verified in first: `dev` for one of this project and
   * organization, or `<organization>/<project>/<stack>`. Its outputs `deployedVersion` and `verifiedAt`
   * are asked.
   */
  readonly from: string;
  /**
   * The output of that stack which holds `deployedVersion` and `verifiedAt`, where it exports them as
   * one object: for a stack with several instances.
   * @default - none: they are outputs of the stack itself
   */
  readonly output?: string | undefined;
  /**
   * How long the version has to run there since it was verified: a whole number and `s`, `m`, `h`, `d`
   * or `w`, such as `90m`, `24h` or `7d`.
   * @default - none: verified there is enough
   */
  readonly soak?: string | undefined;
  /**
   * The one version that is deployed here all the same, whatever runs there. The refusal prints it; the
   * plan that follows says what was overridden. Remove it afterwards.
   * @default - nothing is overridden
   */
  readonly override?: string | undefined;
}
