import { hostname } from "node:os";

/** Names a run of a stack in the lease. */
export function leaseHolder(stack: string): string {
  // The parent is the plugin that starts the steps: the same process for all steps of a run.
  return `${beginning(stack)}run ${process.ppid} on ${hostname()}`;
}

/** Whether any run of this stack is the holder. */
export function isOfStack(holder: string, stack: string): boolean {
  return holder.startsWith(beginning(stack));
}

function beginning(stack: string): string {
  return `stack ${stack}, `;
}
