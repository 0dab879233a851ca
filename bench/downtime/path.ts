import type { Instance } from "../../sandbox/instance";

/** Ten minors with no required stop on the way, so that maintenance makes one jump of them. */
export const from = "1.8.3";
export const to = "1.18.0";

/** What every instance has before the bump: with some 300 MB, dumping takes as long as it does for a small registry. */
const modules = 150_000;

/** Gives an instance that serves the same rows as every other. */
export async function fill(instance: Instance): Promise<void> {
  await instance.answers();
  await instance.query(
    `INSERT INTO modules (name, content)
      SELECT 'module-' || n, encode(gen_random_bytes(1024), 'hex') FROM generate_series(1, ${modules}) AS n`,
  );
}

export async function databaseMegabytes(instance: Instance): Promise<number> {
  const [row] = await instance.query<{ bytes: string }>(
    "SELECT pg_database_size(current_database()) AS bytes",
  );
  return Math.round(Number(row?.bytes) / 1_048_576);
}
