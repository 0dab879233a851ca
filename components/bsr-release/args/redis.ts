import { z } from "zod";
import { exclusive, filled, input, needs, objectName, oneOf, secret, together, type Given } from "./parts";

const tlsUses = ["false", "local", "system"] as const;

/** How the BSR reaches Redis 6 or later, standalone only. */
export const redisSchema = together(
  z.strictObject({
    /**
     * `host:port` of the server. The component makes the Secret `bufd-redis` from it.
     * @default - none; give it, or `secret`
     */
    address: input(filled).optional(),
    /**
     * The token that the server requires.
     * @default - none: the server requires none
     */
    auth: secret(filled).optional(),
    /**
     * The certificate, in PEM, of the authority that signed the server's certificate; for `tls.use: local`.
     * @default - none
     */
    ca: secret(filled).optional(),
    /**
     * Whether the connection is encrypted.
     * @default - no TLS
     */
    tls: z
      .strictObject({
        /**
         * `"false"` (text, so in quotes): no TLS; `local`: TLS with the authority in `ca`; `system`: TLS with the
         * authorities in the image.
         * @default "false"
         */
        use: z
          .enum(tlsUses, { error: 'must be "false" (text, in quotes), local or system' })
          .default("false"),
      })
      .optional(),
    /**
     * The name of a Secret in the instance's namespace that has `address` and, if they are used, `auth` and `ca`.
     * @default - none: the component makes the Secret `bufd-redis`
     */
    secret: objectName.optional(),
    /**
     * Whether the Secret named by `secret` has a token under `auth`.
     * @default false
     */
    secretHasAuth: z.boolean().optional(),
  }),
  oneOf("address", "secret"),
  exclusive("address", "secret"),
  exclusive("auth", "secret"),
  exclusive("ca", "secret"),
  needs("secretHasAuth", "secret"),
  authorityOfLocalTls,
);

function authorityOfLocalTls({ tls, ca, secret: existing }: Given): string | undefined {
  const use = typeof tls === "object" && tls !== null && "use" in tls ? String(tls.use) : "false";
  if (use === "local" && ca === undefined && existing === undefined) {
    return "tls.use (local) needs ca, the authority to trust; give it, or set tls.use to system";
  }
  if (use !== "local" && ca !== undefined) {
    return `ca has no effect with tls.use (${use}); set tls.use to local, or remove ca`;
  }
  return undefined;
}
