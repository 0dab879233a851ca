import { setTimeout as sleep } from "node:timers/promises";

/** Asks every 50 ms until the answer is yes; throws when it was not within the seconds given. */
export async function until(
  what: string,
  limit: number,
  condition: () => Promise<boolean> | boolean,
): Promise<void> {
  const end = Date.now() + limit * 1000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${limit} s for ${what}`);
    await sleep(50);
  }
}
