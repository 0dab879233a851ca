import { rows, writeRows } from "./rows";
import { command, planOnly, print, progress, shown, title } from "./show";
import { snapshotOf } from "./snapshots";
import type { Stage } from "./stage";

const writtenSince = 5;

/** The way back to the snapshot that the jump took; what was written since stays in the database of before. */
export async function goBack({ instance, stack }: Stage, version: string): Promise<void> {
  title("Say that upgrade was a mistake: go back to the snapshot");
  const taken = await rows(instance);
  await writeRows(instance, writtenSince);
  print(`rows in the snapshot: ${taken}, rows now, as clients went on: ${await rows(instance)}\n`);
  // The snapshot is restored into a second database, which the role must be allowed to make.
  command(`psql -c 'ALTER ROLE ${instance.database} CREATEDB'`);
  await instance.allowCreateDatabase();
  const restore = await snapshotOf(instance, version);
  command(`pulumi config set version ${version}`);
  command(`pulumi config set restore ${restore}`);
  stack.configure({ version, restore });
  await shown("pulumi preview", stack.preview({ onLine: planOnly() }));

  await shown("pulumi up", stack.up({ onLine: (line) => progress(line) }));
  const restored = await rows(instance);
  print(`\nrows restored: ${restored}`);
  if (restored !== taken) throw new Error(`the snapshot had ${taken} rows`);
}
