import { parseAcknowledgement, type Acknowledgement } from "./acknowledgement";
import type { Position, Request } from "./types";
import { parseExact, type Version } from "./versions";

/** A text that should be a version. `version` is `null` when there is no text, or it is not an exact version. */
export interface Written<T = Version> {
  readonly text: string | null;
  readonly version: T | null;
}

/** The version deployed on a database, and what bounds the paths from there. */
export interface WrittenBounds {
  readonly deployed: Written;
  readonly owner: Written;
  readonly mark: Written;
}

/** Every version that the planner is given, each parsed once. */
export interface WrittenVersions extends WrittenBounds {
  readonly target: Written;
  readonly acknowledgement: Written<Acknowledgement>;
  /** The versions of the snapshot to restore (R18). */
  readonly snapshot: WrittenBounds | null;
}

export function read(position: Position, request: Request): WrittenVersions {
  const { acknowledgeDataLoss, restore = null } = request;
  return {
    target: written(request.target),
    ...bounds(position.deployedVersion, position.schemaOwner, position.highWaterMark),
    acknowledgement: {
      text: acknowledgeDataLoss,
      version: acknowledgeDataLoss === null ? null : parseAcknowledgement(acknowledgeDataLoss),
    },
    snapshot: restore === null ? null : bounds(restore.version, restore.schemaOwner, restore.highWaterMark),
  };
}

function bounds(deployed: string | null, owner: string | null, mark: string | null): WrittenBounds {
  return { deployed: written(deployed), owner: written(owner), mark: written(mark) };
}

/** Whether a text was given that is not what it should be. */
export function isInvalid({ text, version }: Written<unknown>): boolean {
  return text !== null && version === null;
}

function written(text: string | null): Written {
  return { text, version: text === null ? null : parseExact(text) };
}
