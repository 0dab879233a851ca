import * as grpc from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Change, Diff } from "./diff";
import { EngineLog } from "./log";
import { InitFailed, type Plugin } from "./plugin";
import type { Properties } from "./values";

/**
 * Serves a plugin to the engine. The SDK's own `provider.main` cannot do this: it answers neither `Configure`
 * nor `DiffConfig`, does not ask a provider in preview, and drops what a partial failure and a detailed diff need.
 */
export function serve(create: (context: PluginContext) => Plugin, argv = process.argv.slice(2)): void {
  const address = argv.find((argument) => !argument.startsWith("-"));
  if (address === undefined) {
    process.stderr.write("This is a Pulumi plugin: the engine starts it with its own address.\n");
    process.exit(1);
  }
  const cancelled = new AbortController();
  const log = new EngineLog(address);
  const plugin = create({ log, cancelled: cancelled.signal });
  const operations = new Operations(log);
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(ResourceProviderService, service(plugin, operations, cancelled));
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    process.stdout.write(`${port}\n`);
  });
  exitWithEngine(operations);
}

export interface PluginContext {
  log: EngineLog;
  /** Aborts when the engine is cancelled. */
  cancelled: AbortSignal;
}

/** Counts what runs, so that a plugin whose engine was killed ends its work first, as the real ones do. */
class Operations {
  running = 0;

  constructor(private readonly log: EngineLog) {}

  async run<Response>(work: () => Response | Promise<Response>): Promise<Response> {
    this.running++;
    try {
      return await work();
    } finally {
      await this.log.flushed();
      this.running--;
    }
  }
}

/** The engine ends a plugin by SIGINT; an engine that was killed cannot, so its disappearance is watched. */
function exitWithEngine(operations: Operations): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine && operations.running === 0) process.exit(0);
  }, 2000).unref();
}

function service(
  plugin: Plugin,
  operations: Operations,
  cancelled: AbortController,
): grpc.UntypedServiceImplementation {
  const unary =
    <Request, Response>(answer: (request: Request) => Response | Promise<Response>) =>
    (call: grpc.ServerUnaryCall<Request, Response>, callback: grpc.sendUnaryData<Response>) => {
      operations
        .run(() => answer(call.request))
        .then(
          (response) => callback(null, response),
          (error: unknown) => callback(rpcError(error)),
        );
    };
  return {
    getPluginInfo: unary(() => new PluginInfo().setVersion(plugin.version)),
    getSchema: unary(() => new rpc.GetSchemaResponse().setSchema("{}")),
    attach: unary(() => new Empty()),
    cancel: unary(() => {
      cancelled.abort();
      return new Empty();
    }),
    checkConfig: unary((request: rpc.CheckRequest) => new rpc.CheckResponse().setInputs(request.getNews())),
    diffConfig: unary((request: rpc.DiffRequest) => {
      const diff = plugin.diffConfig?.(properties(request.getOlds()), properties(request.getNews()));
      return diff === undefined
        ? new rpc.DiffResponse()
        : new rpc.DiffResponse()
            .setChanges(diff.changed ? some : none)
            .setDiffsList(diff.keys)
            .setReplacesList(diff.replaces);
    }),
    configure: unary((request: rpc.ConfigureRequest) => {
      plugin.configure?.(new Map(request.getVariablesMap().entries()));
      return new rpc.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true);
    }),
    check: unary(async (request: rpc.CheckRequest) => {
      const { inputs, failures = [] } = await plugin.check({
        ...subject(request),
        olds: properties(request.getOlds()),
        news: properties(request.getNews()),
      });
      return new rpc.CheckResponse()
        .setInputs(struct(inputs))
        .setFailuresList(
          failures.map(({ property, reason }) =>
            new rpc.CheckFailure().setProperty(property).setReason(reason),
          ),
        );
    }),
    diff: unary((request: rpc.DiffRequest) =>
      diffResponse(
        plugin.diff({
          ...subject(request),
          oldInputs: properties(request.getOldInputs()),
          oldOutputs: properties(request.getOlds()),
          news: properties(request.getNews()),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      ),
    ),
    create: unary(async (request: rpc.CreateRequest) => {
      const { id, outputs } = await plugin.create({
        ...subject(request),
        inputs: properties(request.getProperties()),
        preview: request.getPreview(),
        timeoutSeconds: request.getTimeout(),
      });
      return new rpc.CreateResponse().setId(id).setProperties(struct(outputs));
    }),
    read: unary(async (request: rpc.ReadRequest) => {
      const live = await plugin.read({
        ...subject(request),
        id: request.getId(),
        inputs: properties(request.getInputs()),
        outputs: properties(request.getProperties()),
      });
      return live === undefined
        ? new rpc.ReadResponse()
        : new rpc.ReadResponse()
            .setId(live.id)
            .setInputs(struct(live.inputs))
            .setProperties(struct(live.outputs));
    }),
    update: unary(async (request: rpc.UpdateRequest) => {
      const outputs = await plugin.update({
        ...subject(request),
        id: request.getId(),
        oldOutputs: properties(request.getOlds()),
        news: properties(request.getNews()),
        ignoreChanges: request.getIgnorechangesList(),
        preview: request.getPreview(),
        timeoutSeconds: request.getTimeout(),
      });
      return new rpc.UpdateResponse().setProperties(struct(outputs));
    }),
    delete: unary(async (request: rpc.DeleteRequest) => {
      await plugin.delete({
        ...subject(request),
        id: request.getId(),
        outputs: properties(request.getProperties()),
        timeoutSeconds: request.getTimeout(),
      });
      return new Empty();
    }),
  };
}

const { DIFF_NONE: none, DIFF_SOME: some } = rpc.DiffResponse.DiffChanges;
const { Kind } = rpc.PropertyDiff;

function diffResponse(diff: Diff): rpc.DiffResponse {
  const entries = Object.entries(diff.details);
  const response = new rpc.DiffResponse()
    .setChanges(diff.changed ? some : none)
    .setDiffsList(diff.keys ?? entries.map(([path]) => path))
    .setReplacesList(entries.filter(([, change]) => change.replace).map(([path]) => path))
    .setDeletebeforereplace(diff.deleteBeforeReplace ?? false)
    .setHasdetaileddiff(entries.length > 0);
  for (const [path, change] of entries) {
    response
      .getDetaileddiffMap()
      .set(path, new rpc.PropertyDiff().setKind(wireKind(change)).setInputdiff(change.inputDiff ?? false));
  }
  return response;
}

function wireKind({ kind, replace }: Change) {
  switch (kind) {
    case "add":
      return replace ? Kind.ADD_REPLACE : Kind.ADD;
    case "delete":
      return replace ? Kind.DELETE_REPLACE : Kind.DELETE;
    case "update":
      return replace ? Kind.UPDATE_REPLACE : Kind.UPDATE;
  }
}

function subject(request: { getUrn(): string }) {
  const urn = request.getUrn();
  const [, , types = "", ...name] = urn.split("::");
  return { urn, type: types.split("$").at(-1) ?? "", name: name.join("::") };
}

const properties = (message: Struct | undefined): Properties => message?.toJavaScript() ?? {};
const struct = (values: Properties): Struct => Struct.fromJavaScript(values);

/** An error with a partial result travels as packed details, which is where the engine looks for it. */
function rpcError(error: unknown): Partial<grpc.StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new grpc.Metadata();
  if (error instanceof InitFailed) {
    const detail = new rpc.ErrorResourceInitFailed()
      .setId(error.id)
      .setProperties(struct(error.outputs))
      .setReasonsList([message]);
    const packed = new Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(message).setDetailsList([packed]);
    metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  }
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}
