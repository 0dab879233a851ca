import { randomBytes } from "node:crypto";
import { plainDiff, type Diff } from "../wire/diff";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  Plugin,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "../wire/plugin";
import type { PluginContext } from "../wire/serve";
import { isUnknown, revealed, sameValue, unknown, type Properties } from "../wire/values";
import { run, type Output } from "./run";

const resource = "command:local:Command";
const outputKeys = ["stdout", "stderr"] as const;

/** `command.local.Command`: runs a command when the resource is created, changed or deleted. */
export class CommandPlugin implements Plugin {
  readonly version = "1.2.1";

  constructor(private readonly context: PluginContext) {}

  check({ type, news }: CheckRequest): Promise<CheckResult> {
    if (type !== resource)
      throw new Error(`The stand-in for the Command plugin has only ${resource}, not ${type}.`);
    if (news.assetPaths !== undefined || news.archivePaths !== undefined) {
      throw new Error("The stand-in for the Command plugin has no assetPaths and no archivePaths.");
    }
    const inputs = Object.fromEntries(Object.entries(news).filter(([, value]) => value !== null));
    return Promise.resolve({ inputs });
  }

  /** Any changed input is an update. That a changed trigger replaces is the Node SDK's doing. */
  diff({ oldInputs, oldOutputs, news, ignoreChanges }: DiffRequest): Diff {
    const diff = plainDiff(oldInputs, withIgnored(news, oldOutputs, ignoreChanges));
    const triggers = diff.details.triggers;
    if (triggers !== undefined) triggers.replace = true;
    return diff;
  }

  async create({ urn, name, inputs, preview, timeoutSeconds }: CreateRequest) {
    const id = name + randomBytes(4).toString("hex");
    if (preview) return { id, outputs: { ...inputs, stdout: unknown, stderr: unknown } };
    const output = await this.run(urn, inputs.create, inputs, undefined, timeoutSeconds);
    return { id, outputs: { ...inputs, stdout: "", stderr: "", ...output } };
  }

  /** It has nothing to read: the stored state is the state. */
  read({ id, inputs, outputs }: ReadRequest): Promise<ReadResult> {
    return Promise.resolve({ id, inputs, outputs });
  }

  async update(request: UpdateRequest): Promise<Properties> {
    const { urn, oldOutputs, preview, timeoutSeconds } = request;
    const news = withIgnored(request.news, oldOutputs, request.ignoreChanges);
    const previous = Object.fromEntries(outputKeys.map((key) => [key, oldOutputs[key] ?? ""]));
    if (preview) return { ...news, ...(changes(oldOutputs, news) ? unknownOutput : previous) };
    const command = news.update ?? news.create;
    const output = await this.run(urn, command, news, outputOf(oldOutputs), timeoutSeconds);
    return { ...news, ...previous, ...output };
  }

  async delete({ urn, outputs, timeoutSeconds }: DeleteRequest): Promise<void> {
    await this.run(urn, outputs.delete, outputs, outputOf(outputs), timeoutSeconds);
  }

  private async run(
    urn: string,
    command: unknown,
    inputs: Properties,
    previous: Output | undefined,
    timeoutSeconds: number,
  ): Promise<Output | undefined> {
    const text = command === undefined ? undefined : revealed(command as string);
    if (typeof text !== "string") return undefined;
    const { cancelled, log } = this.context;
    const timeout = timeoutSeconds > 0 ? [AbortSignal.timeout(timeoutSeconds * 1000)] : [];
    const signal = AbortSignal.any([cancelled, ...timeout]);
    return await run(text, revealed(inputs), { previous, signal, onLine: (line) => log.status(urn, line) });
  }
}

const unknownOutput = { stdout: unknown, stderr: unknown };

function withIgnored(news: Properties, state: Properties, ignored: string[]): Properties {
  const kept = ignored.filter((key) => key in state).map((key) => [key, state[key] ?? null] as const);
  return { ...news, ...Object.fromEntries(kept) };
}

/** In a preview the output becomes unknown once an input that was there before differs, or one is unknown. */
function changes(state: Properties, news: Properties): boolean {
  const inputs = new Set([...Object.keys(state), ...Object.keys(news)]);
  for (const key of outputKeys) inputs.delete(key);
  return [...inputs].some((key) => {
    const now = news[key];
    return (now !== undefined && isUnknown(revealed(now))) || (key in state && !sameValue(state[key], now));
  });
}

function outputOf(state: Properties): Output {
  const { stdout, stderr } = revealed(state);
  return {
    stdout: typeof stdout === "string" ? stdout : "",
    stderr: typeof stderr === "string" ? stderr : "",
  };
}
