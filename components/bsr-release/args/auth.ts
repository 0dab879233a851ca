import { z } from "zod";
import { exclusive, filled, input, needs, objectName, oneOf, secret, together } from "./parts";

const oidcSchema = together(
  z.strictObject({
    /** The address of the identity provider, as its tokens name it. */
    issuerURL: input(filled),
    /** The id that the provider knows the BSR by. */
    clientID: input(filled),
    /**
     * The client's secret. The component makes the Secret `bufd-client-secret` of it.
     * @default - none
     */
    clientSecret: secret(filled).optional(),
    /**
     * The name of a Secret in the instance's namespace that has it under the key `client_secret`.
     * @default - none: "bufd-client-secret" must be there
     */
    clientSecretSecret: objectName.optional(),
    /**
     * How groups are told: the chart's value `auth.oidc.groups`, as it stands.
     * @default - the chart's
     */
    groups: input(z.unknown()).optional(),
    /**
     * The scopes that a log-in asks for.
     * @default - the chart's
     */
    scopes: input(z.array(z.string())).optional(),
  }),
  exclusive("clientSecret", "clientSecretSecret"),
);

const samlSchema = together(
  z.strictObject({
    /**
     * Where the identity provider's metadata can be read.
     * @default - none; give it, or `idpRawMetadata`
     */
    idpMetadataURL: input(filled).optional(),
    /**
     * The identity provider's metadata itself, XML.
     * @default - none
     */
    idpRawMetadata: input(filled).optional(),
    /**
     * The attribute that lists a user's groups.
     * @default - the chart's
     */
    groupsAttributeName: input(filled).optional(),
    /**
     * The BSR's own certificate in PEM, for signed requests. With `privateKey` the component makes the Secret
     * `bsr-saml-cert` of it.
     * @default - none
     */
    certificate: input(filled).optional(),
    /**
     * The certificate's private key in PEM.
     * @default - none
     */
    privateKey: secret(filled).optional(),
    /**
     * The name of a Secret of type kubernetes.io/tls in the instance's namespace.
     * @default - none
     */
    certificateSecret: objectName.optional(),
  }),
  oneOf("idpMetadataURL", "idpRawMetadata"),
  exclusive("idpMetadataURL", "idpRawMetadata"),
  exclusive("certificate", "certificateSecret"),
  needs("certificate", "privateKey"),
  needs("privateKey", "certificate"),
);

const roles = z.enum([
  "ORGANIZATION_ROLE_MEMBER",
  "ORGANIZATION_ROLE_ADMIN",
  "ORGANIZATION_ROLE_OWNER",
  "ORGANIZATION_ROLE_MACHINE",
]);

/** How users log in. */
export const authSchema = together(
  z.strictObject({
    /**
     * Log-in with OpenID Connect.
     * @default - none
     */
    oidc: oidcSchema.optional(),
    /**
     * Log-in with SAML.
     * @default - none
     */
    saml: samlSchema.optional(),
    /**
     * The mail addresses of users that are made administrators when they log in first.
     * @default []
     */
    autoProvisionedAdminEmails: input(z.array(z.string())).optional(),
    /**
     * The organizations that every user is added to at log-in, each with the role there.
     * @default {}
     * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
     */
    autoProvisionedMembershipOrganizations: input(z.record(z.string(), roles)).optional(),
    /**
     * Whether public modules can be read without a log-in.
     * @default false
     * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
     */
    allowPublicAccess: input(z.boolean()).optional(),
  }),
  exclusive("oidc", "saml"),
);

export type AuthArgs = z.input<typeof authSchema>;
