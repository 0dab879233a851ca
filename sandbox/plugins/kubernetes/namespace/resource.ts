import { plainDiff, type Diff } from "../../wire/diff";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  ReadRequest,
  ReadResult,
  Resource,
} from "../../wire/plugin";
import { containsUnknown, isObject, type Properties } from "../../wire/values";
import { hiddenInPreview, Refused, Unreachable, whatFailed, type Objects } from "../objects";
import { metadata, nameOf, pruned } from "../secret/object";

/** `core.v1.Namespace` with a name of its own: made as a new object, and deleted with all that is in it. */
export class NamespaceResource implements Resource {
  constructor(private readonly namespaces: Objects) {}

  check({ news }: CheckRequest): Promise<CheckResult> {
    const inputs: Properties = { apiVersion: "v1", kind: "Namespace", ...news };
    if (nameOf(inputs) === "") {
      throw new Error("The stand-in for the Kubernetes plugin makes no name for a Namespace; give one.");
    }
    return Promise.resolve({ inputs });
  }

  diff({ oldInputs, news }: DiffRequest): Diff {
    const diff = plainDiff(oldInputs, news);
    const name = diff.details["metadata.name"];
    if (name !== undefined) name.replace = true;
    return diff;
  }

  async create({ urn, inputs, preview }: CreateRequest) {
    if (preview && containsUnknown(inputs)) return { id: "", outputs: inputs };
    try {
      const live = await this.namespaces.create(inputs, { manager: "pulumi-kubernetes", preview });
      return { id: preview ? "" : nameOf(live), outputs: checkpoint(inputs, live) };
    } catch (error) {
      const hidden = error instanceof Refused && hiddenInPreview.has(error.reason);
      if (preview && (hidden || error instanceof Unreachable)) return { id: "", outputs: inputs };
      throw whatFailed(error, `resource "${urn}" was not successfully created by the Kubernetes API server`);
    }
  }

  update(): Promise<Properties> {
    throw new Error("The stand-in for the Kubernetes plugin changes no Namespace.");
  }

  async read({ id, inputs }: ReadRequest): Promise<ReadResult | undefined> {
    const live = await this.namespaces.get("", id);
    if (live === undefined) return undefined;
    const given = Object.keys(inputs).length > 0 ? inputs : namedAs(live);
    return { id, inputs: pruned(live, given), outputs: checkpoint(given, live) };
  }

  /** Returns when it is gone, and all that was in it. */
  async delete({ id, timeoutSeconds }: DeleteRequest): Promise<void> {
    await this.namespaces.delete("", id, timeoutSeconds || 600);
  }
}

function namedAs(live: Properties): Properties {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: nameOf(live) } };
}

function checkpoint(inputs: Properties, live: Properties): Properties {
  const { managedFields: _fields, ...about } = metadata(live);
  return { ...live, metadata: about, __inputs: isObject(inputs) ? inputs : {} };
}
