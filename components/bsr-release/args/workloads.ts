import { z } from "zod";
import { filled, input, objectName, port, secret, texts, together, exclusive, type Given } from "./parts";

const ingressSchema = z.strictObject({
  /**
   * Whether the chart makes an Ingress.
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
   * The hosts it serves, as the chart takes them; `host` must be one of them.
   * @default - the chart's
   */
  hosts: input(z.array(z.looseObject({ host: z.string() }))).optional(),
  /**
   * Its certificates, as the chart takes them.
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
       * The name of the Secret of type kubernetes.io/tls that it serves with.
       * @default - the chart's
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
  deployment: z
    .strictObject({
      /**
       * Labels of the pods, such as those that give them a cloud identity.
       * @default {}
       */
      podLabels: input(texts).optional(),
    })
    .optional(),
});

/** The workload oci-registry. */
export const ociregistrySchema = z.strictObject({
  /**
   * The service account `oci-registry-service-account`.
   * @default - the chart's
   */
  serviceAccount: accountSchema.optional(),
});

/** The workload bufjavacompilerd, which compiles generated Java and Kotlin. */
export const bufjavacompilerdSchema = together(
  z.strictObject({
    /**
     * The registry of Maven artifacts it reads, as the chart takes it.
     * @default - the chart's
     */
    registry: input(z.looseObject({})).optional(),
    /**
     * The data of the Secret `bufjavacompilerd-registry`, which `registry` reads.
     * @default - none
     */
    registrySecretData: secret(texts).optional(),
    /**
     * The trust store it uses, as the chart takes it.
     * @default - the chart's
     */
    trustStore: input(z.looseObject({})).optional(),
    /**
     * The data of the Secret `bufjavacompilerd-truststore`, which `trustStore` reads.
     * @default - none
     */
    trustStoreSecretData: secret(texts).optional(),
  }),
);

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
       * How Prometheus finds them.
       * @default - the chart's
       */
      prometheus: z
        .strictObject({
          /**
           * Labels of the pods that Prometheus selects by.
           * @default {}
           */
          podLabels: input(texts).optional(),
          /**
           * The port that serves the metrics.
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

/** Mail to users. */
export const notificationsSchema = together(
  z.strictObject({
    /**
     * The mail server, as the chart takes it (`notifications.smtp`), without its password.
     * @default - none: no mail
     */
    smtp: input(z.looseObject({})).optional(),
    /**
     * The mail server's password. The component makes the Secret `bufd-smtp-password` of it.
     * @default - none
     */
    password: secret(filled).optional(),
    /**
     * The name of a Secret in the instance's namespace that has it under the key `password`.
     * @default - none
     */
    passwordSecret: objectName.optional(),
  }),
  exclusive("password", "passwordSecret"),
);

/** The Maven registry of generated SDKs. */
export const mavenRegistrySchema = z.strictObject({
  /**
   * The time that the generation of one artifact may take, as the chart takes it, such as `10m`.
   * @default - the chart's
   */
  generationTimeout: input(filled).optional(),
});
