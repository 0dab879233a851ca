import type {
  CheckRequest,
  ConfigDiff,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  Plugin,
  ReadRequest,
  UpdateRequest,
} from "../wire/plugin";
import type { PluginContext } from "../wire/serve";
import type { Properties } from "../wire/values";
import { configure, diffConfig } from "./config";
import { Helm } from "./release/helm";
import { ReleaseResource } from "./release/resource";

const release = "kubernetes:helm.sh/v3:Release";

/** The provider resource and the types of the Kubernetes plugin that this project uses. */
export class KubernetesPlugin implements Plugin {
  readonly version = "4.34.2";
  private release?: ReleaseResource;

  constructor(private readonly context: PluginContext) {}

  configure(variables: ReadonlyMap<string, string>): void {
    const cluster = configure(variables);
    this.release = new ReleaseResource(new Helm(cluster, this.context.cancelled), this.context.log);
  }

  diffConfig(olds: Properties, news: Properties): ConfigDiff {
    return diffConfig(olds, news);
  }

  check(request: CheckRequest) {
    return this.resource(request.type).check(request);
  }

  diff(request: DiffRequest) {
    return this.resource(request.type).diff(request);
  }

  create(request: CreateRequest) {
    return this.resource(request.type).create(request);
  }

  read(request: ReadRequest) {
    return this.resource(request.type).read(request);
  }

  update(request: UpdateRequest) {
    return this.resource(request.type).update(request);
  }

  delete(request: DeleteRequest) {
    return this.resource(request.type).delete(request);
  }

  private resource(type: string): ReleaseResource {
    if (this.release === undefined) throw new Error("the provider is not configured");
    if (type === release) return this.release;
    throw new Error(`The stand-in for the Kubernetes plugin has only ${release}, not ${type}.`);
  }
}
