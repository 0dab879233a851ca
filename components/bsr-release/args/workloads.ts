import { z } from "zod";
import {
  exclusive,
  filled,
  input,
  needs,
  objectName,
  port,
  secret,
  texts,
  together,
  type Given,
} from "./parts";

const ingressSchema = z.strictObject({
  /**
   * Whether the chart creates an Ingress.
   * @default - the chart's
   */
  enabled: input(z.boolean()).optional(),
  /**
   * The class of the Ingress, such as `nginx`.
   * @default - the cluster's default class
   */
  className: input(filled).optional(),
  /**
   * Annotations of the Ingress, for its controller.
   * @default {}
   */
  annotations: input(texts).optional(),
  /**
   * The hosts it serves, as the chart takes them, each with `host` and `paths`. The argument `host` must be one of
   * them.
   * @default - the chart's
   */
  hosts: input(z.array(z.looseObject({ host: z.string() }))).optional(),
  /**
   * Its certificates, as the chart takes them, each with `secretName` and `hosts`. The BSR is served over TLS only,
   * which ends here or in front of the Ingress.
   * @default []
   */
  tls: input(z.array(z.looseObject({}))).optional(),
});

const accountSchema = z.strictObject({
  /**
   * Annotations of the service account, such as those that give it a cloud identity.
   * @default {}
   */
  annotations: input(texts).optional(),
});

const deploymentSchema = z.strictObject({
  /**
   * Labels of the pods, such as those that give them a cloud identity.
   * @default {}
   */
  podLabels: input(texts).optional(),
});

/** The workload bufd, which serves the API. */
export const bufdSchema = z.strictObject({
  /**
   * The Ingress in front of the BSR.
   * @default - the chart's
   */
  ingress: ingressSchema.optional(),
  /**
   * TLS inside the cluster, from the Ingress to bufd.
   * @default - the chart's: none
   */
  tls: together(
    z.strictObject({
      /**
       * Whether bufd serves TLS itself.
       * @default false
       */
      enabled: input(z.boolean()).optional(),
      /**
       * The name of the Secret of type kubernetes.io/tls with the certificate that it serves.
       * @default - the chart's: "bsr-tls-cert"
       */
      secretName: objectName.optional(),
    }),
    ({ enabled, secretName }: Given) =>
      enabled === false && secretName !== undefined
        ? `enabled (false) and secretName contradict each other; keep one of them`
        : undefined,
  ).optional(),
  /**
   * The Service in front of the pods.
   * @default - the chart's
   */
  service: z
    .strictObject({
      /**
       * Annotations of the Service.
       * @default {}
       */
      annotations: input(texts).optional(),
    })
    .optional(),
  /**
   * The service account `bufd-service-account`.
   * @default - the chart's
   */
  serviceAccount: accountSchema.optional(),
  /**
   * The Deployment.
   * @default - the chart's
   */
  deployment: deploymentSchema.optional(),
});

/** The workload oci-registry. */
export const ociregistrySchema = z.strictObject({
  /**
   * The service account `oci-registry-service-account`.
   * @default - the chart's
   */
  serviceAccount: accountSchema.optional(),
  /**
   * The Deployment.
   * @default - the chart's
   */
  deployment: deploymentSchema.optional(),
});

const mavenMirrorSchema = together(
  z.strictObject({
    /** The address of a repository that mirrors Maven Central. */
    url: input(filled),
    /**
     * The user to log in as.
     * @default - none: no login
     */
    username: input(filled).optional(),
    /**
     * The user's password. The component makes the Secret `bufjavacompilerd-registry` from it.
     * @default - none: with a `username`, the Secret must exist, see `passwordSecret`
     */
    password: secret(filled).optional(),
    /**
     * The name of a Secret in the instance's namespace that has the password under the key `password`.
     * @default "bufjavacompilerd-registry"
     */
    passwordSecret: objectName.optional(),
  }),
  exclusive("password", "passwordSecret"),
  needs("password", "username"),
  needs("passwordSecret", "username"),
);

const trustStoreSchema = together(
  z.strictObject({
    /**
     * The trust store, a JKS file in base64. The component makes the Secret `bufjavacompilerd-truststore` from it and
     * `password`.
     * @default - none: the Secret must exist, see `secret`
     */
    cacerts: secret(
      z.base64({ error: "must be a file in base64" }).min(1, { error: "must not be empty" }),
    ).optional(),
    /**
     * The trust store's password.
     * @default - none
     */
    password: secret(filled).optional(),
    /**
     * The name of a Secret in the instance's namespace that has `cacerts` and `password`.
     * @default "bufjavacompilerd-truststore"
     */
    secret: objectName.optional(),
  }),
  exclusive("cacerts", "secret"),
  exclusive("password", "secret"),
  needs("cacerts", "password"),
  needs("password", "cacerts"),
);

/** The workload bufjavacompilerd, which compiles generated Java and Kotlin. */
export const bufjavacompilerdSchema = z.strictObject({
  /**
   * Where dependencies of generated code are fetched from.
   * @default - Maven Central
   */
  registry: mavenMirrorSchema.optional(),
  /**
   * Your own trust store, for a `registry` whose certificate no public authority has signed; `{}` if its Secret exists.
   * @default - the image's
   */
  trustStore: trustStoreSchema.optional(),
});

/** Metrics. */
export const observabilitySchema = z.strictObject({
  /**
   * The metrics of the pods.
   * @default - the chart's: none
   */
  metrics: z
    .strictObject({
      /**
       * Which kind of metrics is served, such as `prometheus`.
       * @default - the chart's
       */
      use: input(filled).optional(),
      /**
       * Whether metrics of the Go runtime are served too.
       * @default - the chart's
       */
      runtime: input(z.boolean()).optional(),
      /**
       * How Prometheus finds the metrics.
       * @default - the chart's
       */
      prometheus: z
        .strictObject({
          /**
           * Labels of Prometheus' own pods, which network policies allow to reach the metrics.
           * @default {}
           */
          podLabels: input(texts).optional(),
          /**
           * The port that serves the metrics.
           * @unit TCP port
           * @default - the chart's
           */
          port: input(port).optional(),
          /**
           * The path that serves the metrics.
           * @default - the chart's
           */
          path: input(filled).optional(),
        })
        .optional(),
    })
    .optional(),
});

const smtpSchema = z.strictObject({
  /** The mail server's host name. */
  hostname: input(filled),
  /**
   * The mail server's port.
   * @unit TCP port
   * @default - the chart's
   */
  port: input(port).optional(),
  /**
   * The user to log in as.
   * @default - none: no login
   */
  username: input(filled).optional(),
  /**
   * The domain that mail comes from.
   * @default - the chart's
   */
  fromDomain: input(filled).optional(),
});

/** Mail to users. */
export const notificationsSchema = together(
  z.strictObject({
    /**
     * The mail server.
     * @default - none: no mail
     */
    smtp: smtpSchema.optional(),
    /**
     * The mail server's password. The component makes the Secret `bufd-smtp-password` from it.
     * @default - none: the Secret must exist, or the login needs no password
     */
    password: secret(filled).optional(),
    /**
     * The name of a Secret in the instance's namespace that has the password under the key `password`.
     * @default "bufd-smtp-password"
     */
    passwordSecret: objectName.optional(),
  }),
  exclusive("password", "passwordSecret"),
);

/** The Maven registry of generated SDKs. */
export const mavenRegistrySchema = z.strictObject({
  /**
   * The time that generating one artifact may take, as text with its unit, such as `10m`.
   * @default - the chart's: 2 minutes
   */
  generationTimeout: input(filled).optional(),
});
