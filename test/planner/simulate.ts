import type { Finished, Position, Step } from "../../components/migrations/planner";
import semver from "semver";

/** What would be observed of an instance, and what its lineage has finished. */
export interface World {
  readonly deployed: string | null;
  readonly owner: string | null;
  readonly mark: string | null;
  readonly settled: boolean;
  readonly maintenance: boolean;
  readonly dataMigrations: readonly string[];
  readonly snapshot: string | null;
}

export function positionIn(world: World): Position {
  return {
    deployedVersion: world.deployed,
    schemaOwner: world.owner,
    highWaterMark: world.mark,
    settled: world.settled,
    maintenance: world.maintenance,
  };
}

export function finishedIn(world: World): Finished {
  return { dataMigrations: world.dataMigrations, snapshot: world.snapshot };
}

/** The world as it begins: owner and mark as any observer would raise them. */
export function worldOf(position: Position): World {
  const owner = higher(position.schemaOwner, position.deployedVersion);
  return {
    deployed: position.deployedVersion,
    owner,
    mark: higher(position.highWaterMark, owner),
    settled: position.settled,
    maintenance: position.maintenance === true,
    dataMigrations: [],
    snapshot: null,
  };
}

/** The world once a step has been done and verified. */
export function done(world: World, step: Step): World {
  switch (step.kind) {
    case "restore":
      throw new Error("the owner and the mark of a snapshot are in the request, not in the step");
    case "deploy": {
      const begun = attempted(world, step);
      return { ...begun, deployed: step.version, settled: !step.maintenance };
    }
    case "snapshot":
      return { ...world, snapshot: world.maintenance ? step.version : null };
    case "awaitDataMigration":
      return { ...world, dataMigrations: [...world.dataMigrations, step.version] };
    case "migrateDown":
      return { ...world, owner: world.deployed };
  }
}

/** The world once a deploy has begun and was not verified: it may have migrated the database, and may serve. */
export function attempted(world: World, step: Step & { kind: "deploy" }): World {
  const takesOver = world.owner === null || semver.gt(step.version, world.owner);
  return {
    ...world,
    owner: takesOver ? step.version : world.owner,
    mark: higher(world.mark, step.version),
    settled: false,
    maintenance: step.maintenance,
    snapshot: step.maintenance ? world.snapshot : null,
  };
}

function higher(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return semver.gte(a, b) ? a : b;
}
