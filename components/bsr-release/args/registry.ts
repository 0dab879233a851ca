import { z } from "zod";
import { filled, input, needs, objectName, secret, together } from "./parts";

/** The login of the registry that has the chart. */
export const registrySchema = together(
  z.strictObject({
    /**
     * The user to log in as.
     * @default "_json_key_base64"
     * @see https://buf.build/docs/bsr/admin/on-prem/installation/
     */
    username: input(filled).optional(),
    /**
     * The password; for Buf's registry the content of the keyfile. Charts are pulled with it, and the component makes
     * the pull secret `bufpullsecret` from it, for the host of `chart`.
     * @default - none: the logins that `helm registry login` has stored on this machine
     * @see https://buf.build/docs/bsr/admin/on-prem/installation/
     */
    password: secret(filled).optional(),
    /**
     * The name of a pull secret in the instance's namespace that the pods use in place of `bufpullsecret`; for images
     * that are in another registry than the chart.
     * @default - none
     */
    pullSecret: objectName.optional(),
  }),
  needs("username", "password"),
);
