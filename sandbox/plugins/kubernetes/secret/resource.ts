import { randomBytes } from "node:crypto";
import { plainDiff, type Diff } from "../../wire/diff";
import {
  InitFailed,
  type CheckRequest,
  type CheckResult,
  type CreateRequest,
  type DeleteRequest,
  type DiffRequest,
  type ReadRequest,
  type ReadResult,
  type Resource,
  type UpdateRequest,
} from "../../wire/plugin";
import { containsUnknown, type Properties } from "../../wire/values";
import { hiddenInPreview, Refused, Unreachable, whatFailed, type Objects } from "../objects";
import { creator, madeByPlugin, takeOver } from "./managers";
import {
  annotations,
  checkpoint,
  hasKnownName,
  isAutonamed,
  metadata,
  nameOf,
  namespaceOf,
  normalized,
  pruned,
  qualified,
  stored,
  withAutoname,
  withSecretContents,
} from "./object";

/**
 * `core.v1.Secret`: created as a new object, then kept by server-side apply. Creating does not wait for a namespace
 * that another resource is still making.
 */
export class SecretResource implements Resource {
  constructor(
    private readonly secrets: Objects,
    /** Whether contents may change in place; else each change makes a new Secret. */
    private readonly mutable: boolean,
  ) {}

  check({ name, olds, news }: CheckRequest): Promise<CheckResult> {
    let inputs = normalized({ apiVersion: "v1", kind: "Secret", ...news });
    refuseUnsupported(inputs);
    if (nameOf(inputs) === "") {
      if (Object.keys(olds).length === 0) {
        inputs = withAutoname(inputs, `${name}-${randomBytes(4).toString("hex")}`);
      } else if (isAutonamed(olds)) {
        inputs = withAutoname(inputs, nameOf(olds));
      }
    }
    const namespace = metadata(inputs).namespace || this.secrets.cluster.namespace;
    inputs = { ...inputs, metadata: { ...metadata(inputs), namespace } };
    return Promise.resolve({ inputs: withSecretContents(inputs) });
  }

  /** Compares with the live object as it was last seen, as far as the program had a say in it. */
  diff({ oldOutputs, news, ignoreChanges }: DiffRequest): Diff {
    const { inputs, live } = stored(oldOutputs);
    const now = inNamespace(normalized(news));
    const before = inNamespace(pruned(live, normalized(inputs)));
    if (nameOf(now) !== "") before.metadata = { ...metadata(before), name: nameOf(live) };

    const forced = ["metadata.name", "metadata.namespace", "type"];
    if (!this.mutable || now.immutable === true) forced.push("data", "stringData");
    const details = Object.fromEntries(
      Object.entries(plainDiff(before, now).details)
        .filter(([path]) => !isIn(path, ignoreChanges))
        .map(([path, change]) => [
          path,
          {
            ...change,
            ...(isIn(path, forced) && { replace: true }),
            ...(change.kind === "delete" && { inputDiff: true }),
          },
        ]),
    );
    const replaced = Object.values(details).some(({ replace }) => replace);
    return {
      changed: Object.keys(details).length > 0,
      details,
      // Two Secrets cannot have one name at the same time.
      deleteBeforeReplace:
        replaced && hasKnownName(now) && !isAutonamed(now) && qualified(now) === qualified(live),
    };
  }

  async create({ urn, inputs, preview }: CreateRequest) {
    if (preview && containsUnknown(inputs)) return { id: "", outputs: inputs };
    try {
      const live = await this.secrets.create(normalized(inputs), { manager: creator, preview });
      return { id: preview ? "" : qualified(live), outputs: checkpoint(inputs, live, newManager()) };
    } catch (error) {
      // Most of what the API server says no to is not shown before it is tried.
      const hidden = error instanceof Refused && hiddenInPreview.has(error.reason);
      if (preview && (hidden || error instanceof Unreachable)) return { id: "", outputs: inputs };
      throw whatFailed(error, `resource "${urn}" was not successfully created by the Kubernetes API server`);
    }
  }

  async update({ urn, oldOutputs, news, ignoreChanges, preview }: UpdateRequest): Promise<Properties> {
    if (ignoreChanges.length > 0) {
      throw new Error(
        "The stand-in for the Kubernetes plugin has no ignoreChanges for an update of a Secret.",
      );
    }
    if (preview && containsUnknown(news)) return news;
    const old = stored(oldOutputs);
    const manager = old.manager ?? newManager();
    try {
      return checkpoint(news, await this.applied(old.live, news, manager, preview), manager);
    } catch (error) {
      const hidden = error instanceof Refused && error.reason === "Forbidden";
      if (preview && (hidden || error instanceof Unreachable)) return news;
      if (!(error instanceof Refused)) throw whatFailed(error, `update of resource "${urn}" failed`);
      const live = await this.secrets.get(namespaceOf(old.live), nameOf(old.live));
      if (live === undefined) throw whatFailed(error, `update of resource "${urn}" failed`);
      const reason =
        error.reason === "Conflict"
          ? `server-side apply field conflict detected: the resource managed by field manager "${manager}" had an apply conflict: ${error.message}`
          : error.message;
      throw new InitFailed(
        `the Kubernetes API server reported that "${qualified(live)}" failed to fully initialize or become live: ${reason}`,
        qualified(live),
        checkpoint(news, live, manager),
      );
    }
  }

  private async applied(old: Properties, news: Properties, manager: string, preview: boolean) {
    const [namespace, name] = [namespaceOf(old), nameOf(old)];
    const live = await this.secrets.get(namespace, name);
    if (live === undefined) throw new Refused("NotFound", `secrets "${name}" not found`);
    const taken = takeOver(live, manager);
    if (taken !== undefined && !preview) await this.secrets.manage(namespace, name, taken);
    // A preview takes over nothing, so it would conflict with the plugin's own create.
    const force = preview && madeByPlugin(live);
    return this.secrets.apply(normalized(news), { manager, preview, force });
  }

  async read({ id, inputs, outputs }: ReadRequest): Promise<ReadResult | undefined> {
    const old = stored(outputs);
    const known = Object.keys(inputs).length > 0 ? normalized(inputs) : undefined;
    const [name = "", namespace = "default"] = id.split("/").reverse();
    const live = await this.secrets.get(known === undefined ? namespace : namespaceOf(known), name);
    if (live === undefined) return undefined;
    // With no inputs, as for an import, all of the object counts as given.
    const given = known === undefined ? normalized(live) : pruned(live, known);
    return {
      id,
      inputs: withSecretContents(given),
      outputs: checkpoint(given, live, old.manager ?? newManager()),
    };
  }

  async delete({ id, outputs, timeoutSeconds }: DeleteRequest): Promise<void> {
    const [name = ""] = id.split("/").reverse();
    await this.secrets.delete(namespaceOf(stored(outputs).live), name, timeoutSeconds || 600);
  }
}

const newManager = (): string => `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;

const inNamespace = (object: Properties): Properties => ({
  ...object,
  metadata: { ...metadata(object), namespace: namespaceOf(object) },
});

/** Whether a property is one of those, or inside of one. */
const isIn = (path: string, properties: readonly string[]): boolean =>
  properties.some(
    (property) => path === property || path.startsWith(`${property}.`) || path.startsWith(`${property}[`),
  );

function refuseUnsupported(inputs: Properties): void {
  if (metadata(inputs).generateName !== undefined)
    throw new Error("the `.metadata.generateName` field is not supported in Server-Side Apply mode");
  const found = Object.keys(annotations(inputs)).filter(
    (key) => key.startsWith("pulumi.com/") && key !== "pulumi.com/autonamed",
  );
  if (found.length > 0) {
    throw new Error(`The stand-in for the Kubernetes plugin has no annotation ${found.join(", ")}.`);
  }
}
