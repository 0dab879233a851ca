import type { Diff } from "./diff";
import type { Properties } from "./values";

/** What a plugin does, in the words of the engine's protocol; serve.ts puts it on the wire. */
export interface Plugin extends Resource {
  readonly version: string;
  configure?(variables: ReadonlyMap<string, string>): void;
  diffConfig?(olds: Properties, news: Properties): ConfigDiff;
}

/** What is done with resources, of one type or of all that a plugin has. */
export interface Resource {
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Diff;
  create(request: CreateRequest): Promise<{ id: string; outputs: Properties }>;
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  update(request: UpdateRequest): Promise<Properties>;
  delete(request: DeleteRequest): Promise<void>;
}

export interface ConfigDiff {
  changed: boolean;
  keys: string[];
  replaces: string[];
}

interface Request {
  urn: string;
  type: string;
  name: string;
}

/** An operation ends early when the engine cancels, or after `customTimeouts`. */
interface Operation extends Request {
  timeoutSeconds: number;
}

export interface CheckRequest extends Request {
  olds: Properties;
  news: Properties;
}

export interface CheckResult {
  inputs: Properties;
  failures?: { property: string; reason: string }[];
}

export interface DiffRequest extends Request {
  oldInputs: Properties;
  oldOutputs: Properties;
  news: Properties;
  ignoreChanges: string[];
}

export interface CreateRequest extends Operation {
  inputs: Properties;
  preview: boolean;
}

export interface ReadRequest extends Request {
  id: string;
  inputs: Properties;
  outputs: Properties;
}

export interface ReadResult {
  id: string;
  inputs: Properties;
  outputs: Properties;
}

export interface UpdateRequest extends Operation {
  id: string;
  oldOutputs: Properties;
  news: Properties;
  ignoreChanges: string[];
  preview: boolean;
}

export interface DeleteRequest extends Operation {
  id: string;
  outputs: Properties;
}

/** The resource exists but did not come up: the engine keeps it in state and tries again on the next `up`. */
export class InitFailed extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly outputs: Properties,
  ) {
    super(message);
  }
}
