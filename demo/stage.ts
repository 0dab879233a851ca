import type { Instance } from "../sandbox/instance";
import type { Stack } from "../sandbox/stack";

/** What every part of the demo works on: one instance, and the stack that owns it. */
export interface Stage {
  readonly instance: Instance;
  readonly stack: Stack;
}
