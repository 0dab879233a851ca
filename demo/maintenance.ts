import { pgDumpFor } from "../sandbox/snapshot-method";
import { rows } from "./rows";
import { command, planOnly, print, progress, shown, title } from "./show";
import type { Stage } from "./stage";

/** One deploy for several minors, with downtime and a snapshot that misses nothing. */
export async function jump({ instance, stack }: Stage, version: string): Promise<void> {
  title("The other way up: through maintenance, with a snapshot of the database");
  const snapshot = await pgDumpFor(instance);
  const changes = { version, strategy: "maintenance", allowDowntime: true };
  for (const [key, value] of Object.entries(changes)) command(`pulumi config set ${key} ${value}`);
  command(`pulumi config set --path snapshot.pgDump '${JSON.stringify(snapshot.pgDump)}'`);
  stack.configure({ ...changes, snapshot });
  await shown("pulumi preview", stack.preview({ onLine: planOnly() }));

  const before = await rows(instance);
  await shown("pulumi up", stack.up({ onLine: (line) => progress(line) }));
  const after = await rows(instance);
  print(`\nrows before: ${before}, rows after: ${after}`);
  if (before !== after) throw new Error("rows were lost or written in maintenance");
}
