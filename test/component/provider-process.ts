import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";

const script = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
/** gRPC and protobuf are dependencies of the SDK, not ours, so they are looked for where it finds them. */
const ofSdk = createRequire(script);
const grpc = ofSdk("@grpc/grpc-js") as { credentials: { createInsecure(): never } };
const { Struct } = ofSdk("google-protobuf/google/protobuf/struct_pb") as {
  Struct: { fromJavaScript(value: Properties): never };
};

export type Properties = Record<string, unknown>;

export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

interface Answer {
  toJavaScript(): Properties;
}

/** The real process that runs dynamic providers from the text in the state, spoken to as the engine does. */
export class ProviderProcess {
  private constructor(
    readonly child: ChildProcess,
    readonly client: ResourceProviderClient,
  ) {}

  static async start(): Promise<ProviderProcess> {
    const child = spawn(process.execPath, [script, "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit").then(() => {
      throw new Error("the provider process ended before it told its port");
    });
    const [port] = (await Promise.race([once(child.stdout, "data"), ended])) as [Buffer];
    ended.catch(() => undefined); // later it is stopped on purpose
    const address = `127.0.0.1:${port.toString().trim()}`;
    const started = new ProviderProcess(
      child,
      new ResourceProviderClient(address, grpc.credentials.createInsecure()),
    );
    await started.#ask<unknown>((answer) => {
      const request = new messages.ConfigureRequest();
      request.setArgs(Struct.fromJavaScript({}));
      started.client.configure(request, answer);
    });
    return started;
  }

  async check(olds: Properties, news: Properties): Promise<Checked> {
    const response = await this.#ask<messages.CheckResponse>((answer) => {
      const request = new messages.CheckRequest();
      request.setOlds(Struct.fromJavaScript(olds));
      request.setNews(Struct.fromJavaScript(news));
      this.client.check(request, answer);
    });
    return {
      inputs: properties(response.getInputs()),
      failures: response.getFailuresList().map((failure) => ({
        property: failure.getProperty(),
        reason: failure.getReason(),
      })),
    };
  }

  /** `none`, or `unknown` where the engine compares by itself. */
  async diff(olds: Properties, news: Properties): Promise<"none" | "some" | "unknown"> {
    const response = await this.#ask<messages.DiffResponse>((answer) => {
      const request = new messages.DiffRequest();
      request.setId("ledger");
      request.setOlds(Struct.fromJavaScript(olds));
      request.setNews(Struct.fromJavaScript(news));
      this.client.diff(request, answer);
    });
    const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    const changes = response.getChanges();
    return changes === DIFF_NONE ? "none" : changes === DIFF_SOME ? "some" : "unknown";
  }

  async create(inputs: Properties): Promise<{ readonly id: string; readonly outputs: Properties }> {
    const response = await this.#ask<messages.CreateResponse>((answer) => {
      const request = new messages.CreateRequest();
      request.setProperties(Struct.fromJavaScript(inputs));
      this.client.create(request, answer);
    });
    return { id: response.getId(), outputs: properties(response.getProperties()) };
  }

  async update(olds: Properties, news: Properties): Promise<Properties> {
    const response = await this.#ask<messages.UpdateResponse>((answer) => {
      const request = new messages.UpdateRequest();
      request.setId("ledger");
      request.setOlds(Struct.fromJavaScript(olds));
      request.setNews(Struct.fromJavaScript(news));
      this.client.update(request, answer);
    });
    return properties(response.getProperties());
  }

  async delete(outputs: Properties): Promise<void> {
    await this.#ask<unknown>((answer) => {
      const request = new messages.DeleteRequest();
      request.setId("ledger");
      request.setProperties(Struct.fromJavaScript(outputs));
      this.client.delete(request, answer);
    });
  }

  async stop(): Promise<void> {
    this.client.close();
    if (this.child.exitCode !== null) return;
    this.child.kill();
    await once(this.child, "exit");
  }

  #ask<T>(send: (answer: (error: Error | null, response: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      send((error, response) => (error === null ? resolve(response) : reject(error)));
    });
  }
}

function properties(answer: unknown): Properties {
  return (answer as Answer | undefined)?.toJavaScript() ?? {};
}
