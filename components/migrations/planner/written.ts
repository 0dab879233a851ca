import { parseAcknowledgement, type Acknowledgement } from "./acknowledgement";
import type { Position, Request } from "./types";
import { parseExact, type Version } from "./versions";

/** A text that should be a version. `version` is `null` when there is no text, or when it is no exact version. */
export interface Written<T = Version> {
  readonly text: string | null;
  readonly version: T | null;
}

/** Every version that the planner is given, each parsed once. */
export interface WrittenVersions {
  readonly target: Written;
  readonly deployed: Written;
  readonly owner: Written;
  readonly mark: Written;
  readonly acknowledgement: Written<Acknowledgement>;
}

export function read(position: Position, request: Request): WrittenVersions {
  const { acknowledgeDataLoss } = request;
  return {
    target: written(request.target),
    deployed: written(position.deployedVersion),
    owner: written(position.schemaOwner),
    mark: written(position.highWaterMark),
    acknowledgement: {
      text: acknowledgeDataLoss,
      version: acknowledgeDataLoss === null ? null : parseAcknowledgement(acknowledgeDataLoss),
    },
  };
}

/** Given, and not what it should be. */
export function isInvalid({ text, version }: Written<unknown>): boolean {
  return text !== null && version === null;
}

function written(text: string | null): Written {
  return { text, version: text === null ? null : parseExact(text) };
}
