import { planOnly, print, progress, command, shown, title } from "./show";
import type { Stage } from "./stage";

/** Back a minor with no downtime: rehearsed, deployed, and then migrated down with the newer release's binary. */
export async function downgrade({ instance, stack }: Stage, version: string): Promise<void> {
  title("One minor back, with no downtime");
  command(`pulumi config set version ${version}`);
  command("pulumi config rm restore");
  stack.configure({ version, restore: undefined });
  await shown("pulumi preview", stack.preview({ onLine: planOnly() }));
  await shown("pulumi up", stack.up({ onLine: (line) => progress(line) }));
  print(`\nschema version in the database: ${await instance.schemaVersion()}`);
}
