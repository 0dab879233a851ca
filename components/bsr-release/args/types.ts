// Generated from the schema in this folder by `make docs`; change the schema, then run it again.
import type * as pulumi from "@pulumi/pulumi";

/**
 * The arguments of `BsrRelease`. An argument that may be an Output is checked as soon as it is known;
 * one that decides the plan must be known when the program runs.
 */
export interface BsrReleaseArgs {
  /**
   * The release to run, exactly `major.minor.patch`. It is the only thing to change for an upgrade: the
   * path there is planned (R1).
   * @see https://buf.build/docs/bsr/admin/on-prem/release-notes/
   */
  readonly version: string;
  /**
   * The host name that the BSR serves; it must be one of the Ingress' hosts. The chart's value `host`.
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly host: pulumi.Input<string>;
  /**
   * The namespace of the instance. It is created if it is missing, and never deleted. It cannot change
   * later.
   * @default "bsr"
   */
  readonly namespace?: string | undefined;
  /**
   * The name of the Helm release. It cannot change later.
   * @default "bsr"
   */
  readonly releaseName?: string | undefined;
  /**
   * The chart's OCI address without a version: Buf's, or a private mirror's.
   * @default "oci://us-docker.pkg.dev/buf-images-1/bsr/charts/bsr"
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly chart?: string | undefined;
  /**
   * The login of the chart's registry.
   * @default - the logins that `helm registry login` has stored on this machine
   */
  readonly registry?: RegistryArgs | undefined;
  /**
   * How a way up over three or more minors is walked: `sequential`, minor by minor without downtime, or
   * `maintenance`, in one jump through maintenance mode (R8).
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
   * How snapshots of the database are taken (R9): one before every transition, and one before every
   * jump, in maintenance.
   * @default - no snapshot is taken
   * @see https://buf.build/docs/bsr/admin/on-prem/release-notes/
   */
  readonly snapshot?: SnapshotArgs | undefined;
  /**
   * The id of a snapshot to go back to (R18), as `pulumi up` printed it. The snapshot is restored beside
   * the present database, which is kept under another name, and `version` is deployed on it. This is
   * done once; remove the key afterwards.
   * @default - nothing is restored
   */
  readonly restore?: string | undefined;
  /**
   * How the schema owner's binary is run to migrate the database down, in a downgrade by a minor (R11).
   * @default {}
   */
  readonly migrateDown?: MigrateDownArgs | undefined;
  /**
   * Says that the database was restored by hand, and to what: `"<version>,<schema version>"`, such as
   * `1.7.0,266` (R18). Every pod is stopped, the schema version is read with the image of
   * `snapshot.pgDump`, and if it is this one, `version` is deployed on the database. Remove the key
   * afterwards.
   * @default - nothing was restored by hand
   */
  readonly restoredTo?: string | undefined;
  /**
   * The license key. Releases from 1.16.0 on require it; earlier ones do not get it (R15). The chart's
   * value `license.key`.
   * @default - none
   * @see https://buf.build/docs/bsr/admin/on-prem/release-notes/
   */
  readonly license?: pulumi.Input<string> | undefined;
  /**
   * The Postgres database.
   * @default - what `values` or `valuesFile` give
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly postgres?: PostgresArgs | undefined;
  /**
   * The Redis server.
   * @default - what `values` or `valuesFile` give
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly redis?: RedisArgs | undefined;
  /**
   * The object store.
   * @default - what `values` or `valuesFile` give
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly storage?: StorageArgs | undefined;
  /**
   * How users log in, and what they may do.
   * @default - what `values` or `valuesFile` give
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
   * Extra certificates to trust: names of Secrets, each with the key that holds the certificate. Only
   * releases from 1.15.2 on get them. Earlier ones read other values, such as
   * `bufd.deployment.extraVolumes`: see `valuesFor`.
   * @default {}
   * @see https://buf.build/docs/bsr/admin/on-prem/release-notes/
   */
  readonly clientTLSSecrets?: pulumi.Input<{ [key: string]: string }> | undefined;
  /**
   * Switches for single features, all off by default.
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
   * Values for the chart that no argument gives, for every release on the path. If an argument gives a
   * value too, both must be equal. `maintenance` is refused, because the component turns it on and off
   * itself.
   * @default {}
   */
  readonly values?: pulumi.Input<{ [key: string]: unknown }> | undefined;
  /**
   * The path of a Helm values file, relative to the project's folder. Arguments, `values` and
   * `valuesFor` override it. Nothing in it is treated as secret.
   * @default - none
   */
  readonly valuesFile?: string | undefined;
  /**
   * Values for a range of releases only, merged over `values` in order; for keys that a later chart
   * replaced (R15).
   * @default []
   */
  readonly valuesFor?: readonly ValuesForArgs[] | undefined;
  /**
   * Releases that the built-in table does not have (R1), and facts that it lacks about those it has.
   * @default []
   */
  readonly releases?: readonly ReleasesArgs[] | undefined;
  /**
   * How to know that the data migration of a required stop has completed (R7). Without it, `pulumi up`
   * ends at the stop, verified and serving.
   * @default {}
   */
  readonly dataMigrations?: DataMigrationsArgs | undefined;
  /**
   * Items of the status page that the verification does not wait for, such as `["redis"]` (R6).
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
   * The content or the path of a kubeconfig, used by the ledger, the steps and the Release alike.
   * @default - KUBECONFIG, or ~/.kube/config
   */
  readonly kubeconfig?: pulumi.Input<string> | undefined;
  /**
   * The context of the kubeconfig to use.
   * @default - its current context
   */
  readonly context?: string | undefined;
  /**
   * The Helm revision to take over, when the stack has no Release and an instance runs: it was installed
   * by hand, or the state of its stack was lost. It must be the newest revision, and `version` must be
   * the version it deployed. That version is deployed again and verified. Remove the key afterwards.
   * @unit Helm revision
   * @default - a release that this stack did not deploy is refused
   */
  readonly adopt?: number | undefined;
  /**
   * The number of deploys after which a `pulumi up` ends, verified and serving, even if `version` is not
   * reached; the next one continues. For a CI job with a time limit, or a token that expires. A run
   * never ends in maintenance or just before a migration down, so it may make one more deploy.
   * @unit deploys
   * @default - the whole path in one run
   */
  readonly deploysPerRun?: number | undefined;
  /**
   * The hash of the reviewed plan, as preview prints it: no other plan is carried out.
   * @default - any plan is carried out
   */
  readonly approvedPlan?: string | undefined;
  /**
   * Requires that a version new to this stack has first run, verified, in another stack. It is checked
   * once, when the target changes. A transition under way, a way down, a restore and an unchanged target
   * are not checked.
   * @default - any version may be deployed
   */
  readonly promotion?: PromotionArgs | undefined;
}

/**
 * The login of the chart's registry.
 */
export interface RegistryArgs {
  /**
   * The user to log in as.
   * @default "_json_key_base64"
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly username?: pulumi.Input<string> | undefined;
  /**
   * The password; for Buf's registry the content of the keyfile. Charts are pulled with it, and the
   * component makes the pull secret `bufpullsecret` from it, for the host of `chart`.
   * @default - none: the logins that `helm registry login` has stored on this machine
   * @see https://buf.build/docs/bsr/admin/on-prem/installation/
   */
  readonly password?: pulumi.Input<string> | undefined;
  /**
   * The name of a pull secret in the instance's namespace that the pods use in place of `bufpullsecret`;
   * for images that are in another registry than the chart.
   * @default - none
   */
  readonly pullSecret?: string | undefined;
}

/**
 * How snapshots of the database are taken (R9): one before every transition, and one before every
 * jump, in maintenance.
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
   * An image with a shell, `psql`, `pg_dump` and `pg_restore`, of the server's major version or a newer
   * one.
   * @default "docker.io/library/postgres:18"
   */
  readonly image?: string | undefined;
  /**
   * The volume claim for the archives, in the instance's namespace. It is created if it is missing, and
   * never deleted.
   * @default "bsr-snapshots"
   */
  readonly claim?: string | undefined;
  /**
   * The size of a claim that is created, such as `50Gi`: at least the database's size for every snapshot
   * that is kept.
   * @default "20Gi"
   */
  readonly size?: string | undefined;
  /**
   * The storage class of a claim that is created.
   * @default - the cluster's default
   */
  readonly storageClass?: string | undefined;
  /**
   * How many verified snapshots are kept. Older ones are deleted once a newer one is verified. One that
   * was taken before a failed transition is never deleted.
   * @unit snapshots
   * @default 5
   */
  readonly keep?: number | undefined;
  /**
   * How an archive is verified: `readable` lists its contents; `restored` also restores it into a
   * scratch database and compares the rows of every table and the schema version. That needs a role with
   * `CREATEDB`, space for a second database on the server, and the time of a restore.
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
   * Takes a snapshot. Its last line of output is JSON: `{"place": "<what finds it again>"}`, and if it
   * can, also `"bytes"` and `"schemaVersion"`. Its environment has `BSR_SNAPSHOT_ID`, unique for every
   * snapshot, `BSR_VERSION`, `BSR_MAINTENANCE`, `BSR_DATABASE`, `BSR_NAMESPACE` and `BSR_RELEASE`.
   */
  readonly take: readonly string[];
  /**
   * Is repeated until it ends with exit status 0, which means that the snapshot is available. Its
   * environment also has `BSR_SNAPSHOT_PLACE`.
   */
  readonly check: readonly string[];
  /**
   * Restores a snapshot beside the present database, never over it, and makes `postgres.host` lead to
   * it; no pod of the BSR runs meanwhile. Its last line of output is JSON: `{"kept": "<what was there
   * before>", "schemaVersion": <goose's newest row>}`. Its environment also has `BSR_SCHEMA_VERSION`,
   * which the restored database must have. After an interruption it is run again, so it must be safe to
   * repeat.
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
 * How the schema owner's binary is run to migrate the database down, in a downgrade by a minor (R11).
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
   * @default - the first word of the container's own command, then `migratedownto`
   * @see https://buf.build/docs/bsr/admin/on-prem/upgrade/
   */
  readonly command?: readonly string[] | undefined;
  /**
   * Init containers of these pods that must run before it. The others do not run, as one of them may
   * migrate up.
   * @default []
   */
  readonly initContainers?: readonly string[] | undefined;
  /**
   * Containers of these pods that must run beside it, such as a proxy to the database. They run as
   * sidecars, which Kubernetes ends with it (1.29 and later).
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
   * The host name or address of the Postgres server. With `port` and `database` it identifies the
   * database that the cluster's record belongs to, so it cannot change later.
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
   * The database's name. The database needs the extensions pgcrypto and pg_trgm. The name cannot change
   * later.
   * @default - the chart's: "postgres"
   */
  readonly database?: pulumi.Input<string> | undefined;
  /**
   * The role that the BSR logs in as. It needs all rights on the database, and the right to create the
   * extensions.
   * @default - the chart's: "postgres"
   */
  readonly user?: pulumi.Input<string> | undefined;
  /**
   * The role's password. The component makes the Secret `bufd-postgres` from it.
   * @default - none: the Secret must exist, or the login needs no password
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
   * `host:port` of the server. The component makes the Secret `bufd-redis` from it.
   * @default - none; give it, or `secret`
   */
  readonly address?: pulumi.Input<string> | undefined;
  /**
   * The token that the server requires.
   * @default - none: the server requires none
   */
  readonly auth?: pulumi.Input<string> | undefined;
  /**
   * The certificate, in PEM, of the authority that signed the server's certificate; for `tls.use:
   * local`.
   * @default - none
   */
  readonly ca?: pulumi.Input<string> | undefined;
  /**
   * Whether the connection is encrypted.
   * @default - no TLS
   */
  readonly tls?: RedisTlsArgs | undefined;
  /**
   * The name of a Secret in the instance's namespace that has `address` and, if they are used, `auth`
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
   * the authorities in the image.
   * @default "false"
   */
  readonly use?: "false" | "local" | "system" | undefined;
}

/**
 * The object store.
 */
export interface StorageArgs {
  /**
   * A bucket in S3, or in an S3-compatible store.
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
 * A bucket in S3, or in an S3-compatible store.
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
   * The host and port of an S3-compatible store, such as MinIO.
   * @default - AWS's own endpoint of the region
   */
  readonly endpoint?: pulumi.Input<string> | undefined;
  /**
   * Whether the bucket is named in the path instead of the host name, as most stores other than AWS
   * require.
   * @default - the chart's: false
   */
  readonly forcePathStyle?: pulumi.Input<boolean> | undefined;
  /**
   * Whether the connection to the store has no TLS.
   * @default - the chart's: false
   */
  readonly insecure?: pulumi.Input<boolean> | undefined;
  /**
   * The id of an access key.
   * @default - none: the pods' own identity is used
   */
  readonly accessKeyId?: pulumi.Input<string> | undefined;
  /**
   * The access key's secret. The component makes the Secret `bufd-storage` from it.
   * @default - none
   */
  readonly secretAccessKey?: pulumi.Input<string> | undefined;
  /**
   * The name of a Secret in the instance's namespace that has the access key's secret under the key
   * `secret_access_key`.
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
   * The account's key. The component makes the Secret `bufd-storage` from it.
   * @default - none: the pods' own identity is used
   */
  readonly accountKey?: pulumi.Input<string> | undefined;
  /**
   * The name of a Secret in the instance's namespace that has the account's key under the key
   * `account_key`.
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
 * How users log in, and what they may do.
 */
export interface AuthArgs {
  /**
   * Login with OpenID Connect.
   * @default - none
   */
  readonly oidc?: AuthOidcArgs | undefined;
  /**
   * Login with SAML.
   * @default - none
   */
  readonly saml?: AuthSamlArgs | undefined;
  /**
   * The mail addresses of users who become administrators when they log in. They are case-sensitive.
   * @default []
   */
  readonly autoProvisionedAdminEmails?: pulumi.Input<string[]> | undefined;
  /**
   * The organizations that every user is added to at login, each with the user's role in it.
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
   * Whether public modules can be read without logging in.
   * @default false
   * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
   */
  readonly allowPublicAccess?: pulumi.Input<boolean> | undefined;
}

/**
 * Login with OpenID Connect.
 */
export interface AuthOidcArgs {
  /**
   * The address of the identity provider, exactly as in its tokens.
   */
  readonly issuerURL: pulumi.Input<string>;
  /**
   * The client id that the provider has for the BSR.
   */
  readonly clientID: pulumi.Input<string>;
  /**
   * The client's secret. The component makes the Secret `bufd-client-secret` from it.
   * @default - none: the Secret must exist, see `clientSecretSecret`
   */
  readonly clientSecret?: pulumi.Input<string> | undefined;
  /**
   * The name of a Secret in the instance's namespace that has the client's secret under the key
   * `client_secret`.
   * @default "bufd-client-secret"
   */
  readonly clientSecretSecret?: string | undefined;
  /**
   * How the provider sends a user's groups.
   * @default - the chart's: in the claim `groups` of the id token
   */
  readonly groups?: AuthOidcGroupsArgs | undefined;
  /**
   * The scopes that a login requests, in place of the chart's.
   * @default - the chart's
   */
  readonly scopes?: pulumi.Input<string[]> | undefined;
}

/**
 * How the provider sends a user's groups.
 */
export interface AuthOidcGroupsArgs {
  /**
   * The claim that lists a user's groups.
   * @default - the chart's: "groups"
   */
  readonly claim?: pulumi.Input<string> | undefined;
  /**
   * Where the claim is read from: `userinfo` for the provider's userinfo endpoint.
   * @default - the chart's: the id token
   */
  readonly source?: pulumi.Input<string> | undefined;
  /**
   * An extra scope to request, if the provider sends groups only with it.
   * @default - none
   */
  readonly requiredScope?: pulumi.Input<string> | undefined;
}

/**
 * Login with SAML.
 */
export interface AuthSamlArgs {
  /**
   * The address of the identity provider's metadata.
   * @default - none; give it, or `idpRawMetadata`
   */
  readonly idpMetadataURL?: pulumi.Input<string> | undefined;
  /**
   * The identity provider's metadata itself, as XML.
   * @default - none
   */
  readonly idpRawMetadata?: pulumi.Input<string> | undefined;
  /**
   * The attribute that lists a user's groups. If it is set, users whose assertion lacks the attribute
   * cannot log in.
   * @default - none
   */
  readonly groupsAttributeName?: pulumi.Input<string> | undefined;
  /**
   * The BSR's own certificate in PEM, to sign and encrypt with; it may be self-signed. The component
   * makes the Secret `bsr-saml-cert` from it and `privateKey`.
   * @default - none: the Secret must exist, see `certificateSecret`
   */
  readonly certificate?: pulumi.Input<string> | undefined;
  /**
   * The certificate's private key in PEM.
   * @default - none
   */
  readonly privateKey?: pulumi.Input<string> | undefined;
  /**
   * The name of a Secret of type kubernetes.io/tls in the instance's namespace that has the certificate
   * and its key.
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
   * Whether the chart creates an Ingress.
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
   * The hosts it serves, as the chart takes them, each with `host` and `paths`. The argument `host` must
   * be one of them.
   * @default - the chart's
   */
  readonly hosts?: pulumi.Input<{ host: string; [key: string]: unknown }[]> | undefined;
  /**
   * Its certificates, as the chart takes them, each with `secretName` and `hosts`. The BSR is served
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
   * The name of the Secret of type kubernetes.io/tls with the certificate that it serves.
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
   * Where dependencies of generated code are fetched from.
   * @default - Maven Central
   */
  readonly registry?: BufjavacompilerdRegistryArgs | undefined;
  /**
   * Your own trust store, for a `registry` whose certificate no public authority has signed; `{}` if its
   * Secret exists.
   * @default - the image's
   */
  readonly trustStore?: BufjavacompilerdTrustStoreArgs | undefined;
}

/**
 * Where dependencies of generated code are fetched from.
 */
export interface BufjavacompilerdRegistryArgs {
  /**
   * The address of a repository that mirrors Maven Central.
   */
  readonly url: pulumi.Input<string>;
  /**
   * The user to log in as.
   * @default - none: no login
   */
  readonly username?: pulumi.Input<string> | undefined;
  /**
   * The user's password. The component makes the Secret `bufjavacompilerd-registry` from it.
   * @default - none: with a `username`, the Secret must exist, see `passwordSecret`
   */
  readonly password?: pulumi.Input<string> | undefined;
  /**
   * The name of a Secret in the instance's namespace that has the password under the key `password`.
   * @default "bufjavacompilerd-registry"
   */
  readonly passwordSecret?: string | undefined;
}

/**
 * Your own trust store, for a `registry` whose certificate no public authority has signed; `{}` if its
 * Secret exists.
 */
export interface BufjavacompilerdTrustStoreArgs {
  /**
   * The trust store, a JKS file in base64. The component makes the Secret `bufjavacompilerd-truststore`
   * from it and `password`.
   * @default - none: the Secret must exist, see `secret`
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
   * How Prometheus finds the metrics.
   * @default - the chart's
   */
  readonly prometheus?: ObservabilityMetricsPrometheusArgs | undefined;
}

/**
 * How Prometheus finds the metrics.
 */
export interface ObservabilityMetricsPrometheusArgs {
  /**
   * Labels of Prometheus' own pods, which network policies allow to reach the metrics.
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
   * The mail server's password. The component makes the Secret `bufd-smtp-password` from it.
   * @default - none: the Secret must exist, or the login needs no password
   */
  readonly password?: pulumi.Input<string> | undefined;
  /**
   * The name of a Secret in the instance's namespace that has the password under the key `password`.
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
   * @default - none: no login
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
   * The time that generating one artifact may take, as text with its unit, such as `10m`.
   * @default - the chart's: 2 minutes
   */
  readonly generationTimeout?: pulumi.Input<string> | undefined;
}

/**
 * Values for a range of releases only, merged over `values` in order; for keys that a later chart
 * replaced (R15).
 */
export interface ValuesForArgs {
  /**
   * The releases that get the values, as a semver range such as `>=1.15.2`.
   */
  readonly versions: string;
  /**
   * The values, as the charts of these releases take them. The database's address cannot differ by
   * release.
   */
  readonly values: pulumi.Input<{ [key: string]: unknown }>;
}

/**
 * Releases that the built-in table does not have (R1), and facts that it lacks about those it has.
 */
export interface ReleasesArgs {
  /**
   * The release, exactly `major.minor.patch`; its chart has the same version.
   */
  readonly version: string;
  /**
   * The day of publication, such as `2025-06-30`. It is for readers only; the order comes from the
   * version.
   * @default null
   */
  readonly released?: string | null | undefined;
  /**
   * The number of the newest migration that the release brings; `null` while it is not known (R14).
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
   * Where the facts of this record were published; the built-in table always has it.
   * @default null
   */
  readonly source?: string | null | undefined;
}

/**
 * How to know that the data migration of a required stop has completed (R7). Without it, `pulumi up`
 * ends at the stop, verified and serving.
 */
export interface DataMigrationsArgs {
  /**
   * A command with its arguments, run where Pulumi runs and without a shell. It is repeated until it
   * ends with exit status 0, which means that the migration has completed.
   * @default - none: only `completed` ends the wait
   */
  readonly check?: readonly string[] | undefined;
  /**
   * Versions of required stops whose data migration you know to have completed, such as `["1.7.0"]`.
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
   * Time after which a wait fails; the next `pulumi up` waits again.
   * @unit seconds
   * @default 3600
   */
  readonly timeoutSeconds?: number | undefined;
}

/**
 * Requires that a version new to this stack has first run, verified, in another stack. It is checked
 * once, when the target changes. A transition under way, a way down, a restore and an unchanged target
 * are not checked.
 */
export interface PromotionArgs {
  /**
   * The stack that a version must be verified in first: `dev` for one of this project and organization,
   * or `<organization>/<project>/<stack>`. Its outputs `deployedVersion` and `verifiedAt` are read.
   */
  readonly from: string;
  /**
   * The output of that stack that holds `deployedVersion` and `verifiedAt` as one object; for a stack
   * with several instances.
   * @default - none: they are outputs of the stack itself
   */
  readonly output?: string | undefined;
  /**
   * How long the version must have run there since it was verified: a whole number and `s`, `m`, `h`,
   * `d` or `w`, such as `90m`, `24h` or `7d`.
   * @default - none: it only has to be verified there
   */
  readonly soak?: string | undefined;
  /**
   * The one version that is deployed here whatever runs there. The refusal prints it, and the plan says
   * what was overridden. Remove the key afterwards.
   * @default - nothing is overridden
   */
  readonly override?: string | undefined;
}
