import type { Properties } from "../wire/values";
import { command, CommandFailed } from "./commands";
import type { Cluster } from "./config";

/** What the API server said no to, and the word that it has for that: `AlreadyExists`, `Conflict`, `Forbidden`... */
export class Refused extends Error {
  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

/** There was no API server to ask. */
export class Unreachable extends Error {
  constructor(reason: string) {
    super(`configured Kubernetes cluster is unreachable: ${reason}`);
  }
}

/** A namespace that is not there yet (`NotFound`), or an object that is there already, shows in `up` only. */
export const hiddenInPreview: ReadonlySet<string> = new Set(["AlreadyExists", "Forbidden", "NotFound"]);

export function whatFailed(error: unknown, what: string): Error {
  if (error instanceof Unreachable) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new Error(`${what}: ${reason}`, { cause: error });
}

export interface WriteOptions {
  manager: string;
  preview: boolean;
  /** Takes fields from other managers. */
  force?: boolean;
}

/** The objects of one kind in a cluster. Their contents, which may be secret, go to kubectl by its standard input. */
export class Objects {
  constructor(
    private readonly kind: "namespace" | "secret",
    readonly cluster: Cluster,
    private readonly cancelled: AbortSignal,
  ) {}

  create(object: Properties, options: WriteOptions): Promise<Properties> {
    return this.write(["create"], object, options);
  }

  apply(object: Properties, options: WriteOptions): Promise<Properties> {
    const force = `--force-conflicts=${options.force ?? false}`;
    return this.write(["apply", "--server-side", force], object, options);
  }

  async get(namespace: string, name: string): Promise<Properties | undefined> {
    try {
      return await this.object(["get", this.kind, name, "--namespace", namespace]);
    } catch (error) {
      if (error instanceof Refused && error.reason === "NotFound") return undefined;
      throw error;
    }
  }

  /** Says anew who manages which fields; what the fields hold is not part of it. */
  manage(namespace: string, name: string, managedFields: Properties[]): Promise<Properties> {
    const patch = [{ op: "replace", path: "/metadata/managedFields", value: managedFields }];
    const args = ["patch", this.kind, name, "--namespace", namespace];
    return this.object([...args, "--type", "json", "--patch", JSON.stringify(patch)]);
  }

  /** Returns when it is gone, also when it was before. */
  async delete(namespace: string, name: string, timeoutSeconds: number): Promise<void> {
    const wait = ["--ignore-not-found", "--cascade", "foreground", "--timeout", `${timeoutSeconds}s`];
    await this.kubectl(["delete", this.kind, name, "--namespace", namespace, ...wait]);
  }

  private write(what: string[], object: Properties, { manager, preview }: WriteOptions): Promise<Properties> {
    const args = [...what, "--filename", "-", "--validate=warn", "--field-manager", manager];
    if (preview) args.push("--dry-run=server");
    return this.object(args, JSON.stringify(object));
  }

  private async object(args: string[], stdin?: string): Promise<Properties> {
    const output = ["--output", "json", "--show-managed-fields"];
    return JSON.parse(await this.kubectl([...args, ...output], stdin)) as Properties;
  }

  private async kubectl(args: string[], stdin?: string): Promise<string> {
    if (this.cluster.unreachable !== undefined) throw new Unreachable(this.cluster.unreachable);
    try {
      return await command("kubectl", args, this.cluster, {
        signal: this.cancelled,
        ...(stdin !== undefined && { stdin }),
      });
    } catch (error) {
      throw error instanceof CommandFailed ? answer(error) : error;
    }
  }
}

/** The API server's own words, without what kubectl puts around them. */
function answer(error: CommandFailed): Error {
  const { message } = error;
  const [, reason, said] =
    /^Error from server \((\w+)\): (?:error when \w+ "STDIN": )?([^]*)$/m.exec(message) ?? [];
  if (reason !== undefined && said !== undefined) return new Refused(reason, said);
  const [, invalid] = /^The (\w+ .* is invalid: [^]*)$/m.exec(message) ?? [];
  if (invalid !== undefined) return new Refused("Invalid", invalid);
  const [conflict] = /^Apply failed with \d+ conflict[^]*?(?=\nPlease review|$(?![^]))/m.exec(message) ?? [];
  if (conflict !== undefined) return new Refused("Conflict", conflict);
  const [unreachable] =
    /^(The connection to the server|Unable to connect to the server|Error in configuration).*/m.exec(
      message,
    ) ?? [];
  return unreachable === undefined ? error : new Unreachable(unreachable);
}
