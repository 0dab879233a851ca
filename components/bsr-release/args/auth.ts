import { z } from "zod";
import { exclusive, filled, input, needs, objectName, oneOf, secret, together } from "./parts";

const groupsSchema = z.strictObject({
  /**
   * The claim that lists a user's groups.
   * @default - the chart's: "groups"
   */
  claim: input(filled).optional(),
  /**
   * Where the claim is read from: `userinfo` for the provider's userinfo endpoint.
   * @default - the chart's: the id token
   */
  source: input(filled).optional(),
  /**
   * An extra scope to request, if the provider sends groups only with it.
   * @default - none
   */
  requiredScope: input(filled).optional(),
});

const oidcSchema = together(
  z.strictObject({
    /** The address of the identity provider, exactly as in its tokens. */
    issuerURL: input(filled),
    /** The client id that the provider has for the BSR. */
    clientID: input(filled),
    /**
     * The client's secret. The component makes the Secret `bufd-client-secret` from it.
     * @default - none: the Secret must exist, see `clientSecretSecret`
     */
    clientSecret: secret(filled).optional(),
    /**
     * The name of a Secret in the instance's namespace that has the client's secret under the key `client_secret`.
     * @default "bufd-client-secret"
     */
    clientSecretSecret: objectName.optional(),
    /**
     * How the provider sends a user's groups.
     * @default - the chart's: in the claim `groups` of the id token
     */
    groups: groupsSchema.optional(),
    /**
     * The scopes that a login requests, in place of the chart's.
     * @default - the chart's
     */
    scopes: input(z.array(z.string())).optional(),
  }),
  exclusive("clientSecret", "clientSecretSecret"),
);

const samlSchema = together(
  z.strictObject({
    /**
     * The address of the identity provider's metadata.
     * @default - none; give it, or `idpRawMetadata`
     */
    idpMetadataURL: input(filled).optional(),
    /**
     * The identity provider's metadata itself, as XML.
     * @default - none
     */
    idpRawMetadata: input(filled).optional(),
    /**
     * The attribute that lists a user's groups. If it is set, users whose assertion lacks the attribute cannot log in.
     * @default - none
     */
    groupsAttributeName: input(filled).optional(),
    /**
     * The BSR's own certificate in PEM, to sign and encrypt with; it may be self-signed. The component makes the
     * Secret `bsr-saml-cert` from it and `privateKey`.
     * @default - none: the Secret must exist, see `certificateSecret`
     */
    certificate: input(filled).optional(),
    /**
     * The certificate's private key in PEM.
     * @default - none
     */
    privateKey: secret(filled).optional(),
    /**
     * The name of a Secret of type kubernetes.io/tls in the instance's namespace that has the certificate and its key.
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

/** How users log in, and what they may do. */
export const authSchema = together(
  z.strictObject({
    /**
     * Login with OpenID Connect.
     * @default - none
     */
    oidc: oidcSchema.optional(),
    /**
     * Login with SAML.
     * @default - none
     */
    saml: samlSchema.optional(),
    /**
     * The mail addresses of users who become administrators when they log in. They are case-sensitive.
     * @default []
     */
    autoProvisionedAdminEmails: input(z.array(z.string())).optional(),
    /**
     * The organizations that every user is added to at login, each with the user's role in it.
     * @default {}
     * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
     */
    autoProvisionedMembershipOrganizations: input(z.record(z.string(), roles)).optional(),
    /**
     * Whether public modules can be read without logging in.
     * @default false
     * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
     */
    allowPublicAccess: input(z.boolean()).optional(),
  }),
  exclusive("oidc", "saml"),
);
