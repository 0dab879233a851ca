import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Messages to the running engine, one after the other so that lines keep their order. */
export class EngineLog {
  private readonly engine: EngineClient;
  private queue: Promise<void> = Promise.resolve();

  constructor(address: string) {
    this.engine = new EngineClient(address, grpc.credentials.createInsecure());
  }

  /** A line that is shown while the operation runs and is not kept. */
  status(urn: string, message: string): void {
    this.send(urn, message, LogSeverity.INFO, true);
  }

  warn(urn: string, message: string): void {
    this.send(urn, message, LogSeverity.WARNING, false);
  }

  /** Resolves once everything said so far has reached the engine. */
  flushed(): Promise<void> {
    return this.queue;
  }

  private send(urn: string, message: string, severity: LogSeverity, ephemeral: boolean): void {
    const request = new LogRequest();
    request.setUrn(urn).setMessage(message).setSeverity(severity).setEphemeral(ephemeral);
    this.queue = this.queue.then(
      () =>
        // An engine that is going away takes no more messages; the operation itself must not fail for that.
        new Promise((resolve) => void this.engine.log(request, () => resolve())),
    );
  }
}
