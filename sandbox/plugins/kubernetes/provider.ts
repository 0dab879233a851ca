import type {
  CheckRequest,
  ConfigDiff,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  Plugin,
  ReadRequest,
  Resource,
  UpdateRequest,
} from "../wire/plugin";
import type { PluginContext } from "../wire/serve";
import type { Properties } from "../wire/values";
import { configure, diffConfig, refuseUnsupported, secretsAreMutable } from "./config";
import { NamespaceResource } from "./namespace/resource";
import { Objects } from "./objects";
import { Helm } from "./release/helm";
import { ReleaseResource } from "./release/resource";
import { SecretResource } from "./secret/resource";

/** The provider resource and the types of the Kubernetes plugin that this project uses. */
export class KubernetesPlugin implements Plugin {
  readonly version = "4.34.2";
  private types?: ReadonlyMap<string, Resource>;

  constructor(private readonly context: PluginContext) {}

  configure(variables: ReadonlyMap<string, string>): void {
    refuseUnsupported(variables);
    const cluster = configure(variables);
    const { cancelled, log } = this.context;
    this.types = new Map<string, Resource>([
      ["kubernetes:helm.sh/v3:Release", new ReleaseResource(new Helm(cluster, cancelled), log)],
      [
        "kubernetes:core/v1:Secret",
        new SecretResource(new Objects("secret", cluster, cancelled), secretsAreMutable(variables)),
      ],
      ["kubernetes:core/v1:Namespace", new NamespaceResource(new Objects("namespace", cluster, cancelled))],
    ]);
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

  private resource(type: string): Resource {
    if (this.types === undefined) throw new Error("the provider is not configured");
    const resource = this.types.get(type);
    if (resource !== undefined) return resource;
    const known = [...this.types.keys()].join(", ");
    throw new Error(`The stand-in for the Kubernetes plugin has only ${known}, not ${type}.`);
  }
}
