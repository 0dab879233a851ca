import { z } from "zod";
import { parseExact } from "../../migrations/planner";
import { filled } from "./parts";

/** The stack that a version must have run in first, and for how long. */
export const promotionSchema = z.strictObject({
  /**
   * The stack that a version must be verified in first: `dev` for one of this project and organization, or
   * `<organization>/<project>/<stack>`. Its outputs `deployedVersion` and `verifiedAt` are read.
   */
  from: z.string().regex(/^[\w.-]+(\/[\w.-]+\/[\w.-]+)?$/, {
    error: "must be the name of a stack, such as dev, or organization/project/stack",
  }),
  /**
   * The output of that stack that holds `deployedVersion` and `verifiedAt` as one object; for a stack with several
   * instances.
   * @default - none: they are outputs of the stack itself
   */
  output: filled.optional(),
  /**
   * How long the version must have run there since it was verified: a whole number and `s`, `m`, `h`, `d` or `w`, such
   * as `90m`, `24h` or `7d`.
   * @default - none: it only has to be verified there
   */
  soak: z
    .string()
    .regex(/^[1-9]\d{0,3}[smhdw]$/, { error: "must be a duration such as 90m, 24h or 7d" })
    .optional(),
  /**
   * The one version that is deployed here whatever runs there. The refusal prints it, and the plan says what was
   * overridden. Remove the key afterwards.
   * @default - nothing is overridden
   */
  override: z
    .string()
    .refine((text) => parseExact(text) !== null, { error: "must be an exact version, such as 1.5.1" })
    .optional(),
});

export type CheckedPromotion = z.output<typeof promotionSchema>;
