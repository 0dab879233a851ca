import { hostname } from "node:os";

/** How a run of a stack names itself in the lease. */
export function leaseHolder(stack: string): string {
  // The plugin that starts the steps is the same process for all steps of a run.
  return `${beginning(stack)}run ${process.ppid} on ${hostname()}`;
}

/** Whether a run of this stack is the holder, whichever run it is. */
export function isOfStack(holder: string, stack: string): boolean {
  return holder.startsWith(beginning(stack));
}

function beginning(stack: string): string {
  return `stack ${stack}, `;
}
