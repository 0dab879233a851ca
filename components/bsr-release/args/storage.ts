import { z } from "zod";
import { exclusive, filled, input, needs, objectName, oneOf, secret, together } from "./parts";

const s3Schema = together(
  z.strictObject({
    /** The bucket's name. */
    bucketName: input(filled),
    /**
     * The bucket's region, such as `eu-central-1`.
     * @default - the chart's
     */
    region: input(filled).optional(),
    /**
     * The host and port of an S3-compatible store, such as MinIO.
     * @default - AWS's own endpoint of the region
     */
    endpoint: input(filled).optional(),
    /**
     * Whether the bucket is named in the path instead of the host name, as most stores other than AWS require.
     * @default - the chart's: false
     */
    forcePathStyle: input(z.boolean()).optional(),
    /**
     * Whether the connection to the store has no TLS.
     * @default - the chart's: false
     */
    insecure: input(z.boolean()).optional(),
    /**
     * The id of an access key.
     * @default - none: the pods' own identity is used
     */
    accessKeyId: input(filled).optional(),
    /**
     * The access key's secret. The component makes the Secret `bufd-storage` from it.
     * @default - none
     */
    secretAccessKey: secret(filled).optional(),
    /**
     * The name of a Secret in the instance's namespace that has the access key's secret under the key
     * `secret_access_key`.
     * @default - none
     */
    secretAccessKeySecret: objectName.optional(),
  }),
  exclusive("secretAccessKey", "secretAccessKeySecret"),
  needs("accessKeyId", "secretAccessKey", "secretAccessKeySecret"),
  needs("secretAccessKey", "accessKeyId"),
  needs("secretAccessKeySecret", "accessKeyId"),
);

const azureSchema = together(
  z.strictObject({
    /** The storage account's name. */
    accountName: input(filled),
    /** The container's name. */
    container: input(filled),
    /**
     * The account's key. The component makes the Secret `bufd-storage` from it.
     * @default - none: the pods' own identity is used
     */
    accountKey: secret(filled).optional(),
    /**
     * The name of a Secret in the instance's namespace that has the account's key under the key `account_key`.
     * @default - none
     */
    accountKeySecret: objectName.optional(),
  }),
  exclusive("accountKey", "accountKeySecret"),
);

const gcsSchema = z.strictObject({
  /** The bucket's name. It is reached with the pods' own Google identity. */
  bucketName: input(filled),
});

/** Where the BSR keeps modules: exactly one store. */
export const storageSchema = together(
  z.strictObject({
    /**
     * A bucket in S3, or in an S3-compatible store.
     * @default - none
     */
    s3: s3Schema.optional(),
    /**
     * A container of Azure Blob Storage.
     * @default - none
     */
    azure: azureSchema.optional(),
    /**
     * A bucket of Google Cloud Storage.
     * @default - none
     */
    gcs: gcsSchema.optional(),
  }),
  oneOf("s3", "azure", "gcs"),
  exclusive("s3", "azure", "gcs"),
);
