import type { V1Lease } from "@kubernetes/client-node";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { LocalServer } from "../local-server";

/** What becomes of a write: it is made and answered, made and never answered, or made and answered late. */
export type Fate = "answered" | "answer lost" | "late";

/** An API server that has one Lease, with the conflicts of a real one. */
export class LeaseServer {
  lease: V1Lease | undefined;
  /** What becomes of the next writes; all after them are answered. */
  readonly fates: Fate[] = [];
  /** How many writes were made, and how many of them were under way at once. */
  writes = 0;
  mostAtOnce = 0;
  #atOnce = 0;
  #version = 0;
  readonly #late: (() => void)[] = [];
  readonly #server = new LocalServer((request, response) => void this.#answer(request, response));

  start(): Promise<void> {
    return this.#server.start();
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  get connection(): { kubeconfig: string } {
    return { kubeconfig: this.#server.kubeconfig() };
  }

  /** Somebody writes the lease, whoever held it. */
  isWrittenBy(holderIdentity: string, seconds = 15, renewTime = new Date()): void {
    const micro = renewTime.toISOString().replace("Z", "000Z") as unknown as Date;
    const spec = { holderIdentity, leaseDurationSeconds: seconds, renewTime: micro, acquireTime: micro };
    this.#store({ metadata: { name: "bsr-transition", namespace: "bsr" }, spec });
  }

  /** The answers that are late come now. */
  answersLate(): void {
    for (const answer of this.#late.splice(0)) answer();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = (status: number, body: object) =>
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(JSON.stringify({ kind: "Lease", ...body }));
    const body = await text(request);
    if (request.method === "GET") {
      if (this.lease === undefined) reply(404, { kind: "Status", code: 404 });
      else reply(200, this.lease);
      return;
    }
    this.#atOnce++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    const lease = JSON.parse(body) as V1Lease;
    const isStale =
      this.lease !== undefined && lease.metadata?.resourceVersion !== this.lease.metadata?.resourceVersion;
    if (!isStale) this.#store(lease);
    const answer = () => {
      this.#atOnce--;
      if (isStale) reply(409, { kind: "Status", code: 409, message: "the object has been modified" });
      else reply(200, this.lease ?? {});
    };
    const fate = isStale ? "answered" : (this.fates.shift() ?? "answered");
    if (fate === "answered") return answer();
    if (fate === "late") return void this.#late.push(answer);
    this.#atOnce--;
    request.socket.destroy();
  }

  #store(lease: V1Lease): void {
    this.writes++;
    this.lease = {
      ...lease,
      metadata: { ...lease.metadata, resourceVersion: String(++this.#version) },
    };
  }
}
