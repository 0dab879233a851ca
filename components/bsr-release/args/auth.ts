import { z } from "zod";
import { exclusive, filled, input, needs, objectName, oneOf, secret, together } from "./parts";

const groupsSchema = z.strictObject({
  /**
   * The claim that lists a user's groups.
   * @default - the chart's: "groups"
   */
  claim: input(filled).optional(),
  /**
   * Where the claim is read: `userinfo` for the provider's userinfo endpoint.
   * @default - the chart's: the id token
   */
  source: input(filled).optional(),
  /**
   * One more scope to ask for, without which the provider does not tell groups.
   * @default - none
   */
  requiredScope: input(filled).optional(),
});

const oidcSchema = together(
  z.strictObject({
    /** The address of the identity provider, as its tokens name it. */
    issuerURL: input(filled),
    /** The id that the provider knows the BSR by. */
    clientID: input(filled),
    /**
     * The client's secret. The component makes the Secret `bufd-client-secret` of it.
     * @default - none: a Secret must be there, see `clientSecretSecret`
     */
    clientSecret: secret(filled).optional(),
    /**
     * The name of a Secret in the instance's namespace that has it under the key `client_secret`.
     * @default "bufd-client-secret"
     */
    clientSecretSecret: objectName.optional(),
    /**
     * How the provider tells a user's groups.
     * @default - the chart's: by the claim `groups` of the id token
     */
    groups: groupsSchema.optional(),
    /**
     * The scopes that a log-in asks for, in place of the chart's.
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
     * The attribute that lists a user's groups. With it, nobody whose assertion lacks the attribute can log in.
     * @default - none
     */
    groupsAttributeName: input(filled).optional(),
    /**
     * The BSR's own certificate in PEM, to sign and encrypt with; it may be self-signed. With `privateKey` the
     * component makes the Secret `bsr-saml-cert` of it.
     * @default - none: a Secret must be there, see `certificateSecret`
     */
    certificate: input(filled).optional(),
    /**
     * The certificate's private key in PEM.
     * @default - none
     */
    privateKey: secret(filled).optional(),
    /**
     * The name of a Secret of type kubernetes.io/tls in the instance's namespace that has certificate and key.
     * @default "bsr-saml-cert"
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

/** How users log in, and what they may. */
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
     * The mail addresses of users that are made administrators when they log in; upper and lower case count.
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
