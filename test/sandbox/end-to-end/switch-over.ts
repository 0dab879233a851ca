import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { exec } from "../../../sandbox/exec";
import type { Instance } from "../../../sandbox/instance";
import type { Stack } from "../../../sandbox/stack";
import { killStep } from "./kills/processes";

/** The moment at which a restore's Job gives two databases their new names, held up and watched. */
export class SwitchOver {
  constructor(
    private readonly instance: Instance,
    private readonly stack: Stack,
  ) {}

  /** A session of another role, which the restore neither ends nor passes. */
  async hold(): Promise<Client> {
    const { PGHOST, PGPORT, PGUSER, PGPASSWORD } = this.instance.env;
    const client = new Client({
      host: PGHOST ?? "",
      port: Number(PGPORT),
      user: PGUSER ?? "",
      password: PGPASSWORD ?? "",
      database: this.instance.database,
    });
    await client.connect();
    return client;
  }

  /** Whether the present database takes no connections: its Job is about to rename it. */
  async isClosed(): Promise<boolean> {
    const sql = `SELECT NOT datallowconn FROM pg_database WHERE datname = '${this.instance.database}'`;
    return (await this.#ask(sql)) === "t";
  }

  /** The databases that restores have put aside, the oldest first. */
  async kept(): Promise<string[]> {
    const like = `${this.instance.database}\\_before%`;
    const names = await this.#ask(`SELECT datname FROM pg_database WHERE datname LIKE '${like}' ORDER BY 1`);
    return names.split("\n").filter((name) => name !== "");
  }

  /**
   * Runs `up` and kills the step program while its Job waits for a session to end, at the moment before the databases
   * change names; then does what is asked, and ends the session.
   */
  async isKilledBefore(then: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    let ended = false;
    const running = this.stack.up().finally(() => (ended = true));
    const session = await this.#holdOnceOpen(() => ended);
    while (!ended && !(await this.isClosed())) await sleep(200);
    const killed = killStep(this.stack, "restore");
    await then().finally(() => session.end());
    const up = await running;
    assert.ok(killed && !up.ok, up.text);
  }

  /** A restore that died before may have left the database closed; the next one opens it first. */
  async #holdOnceOpen(isOver: () => boolean): Promise<Client> {
    for (;;) {
      try {
        return await this.hold();
      } catch (error) {
        if (isOver()) throw error;
        await sleep(100);
      }
    }
  }

  async #ask(sql: string): Promise<string> {
    return (await exec("psql", ["-d", "postgres", "-Atc", sql], { env: this.instance.env })).trim();
  }
}
