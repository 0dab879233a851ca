import semver from "semver";
import type { Case } from "./arbitrary";
import { worldOf } from "./simulate";

/**
 * The refusals that the rules give a question, worked out from the rules alone and by other means than the
 * planner's: minors are plain numbers, and a path is the set of versions that it deploys.
 */
export function expectedRefusals({ facts, position, request }: Case): string[] {
  const { deployed, owner, mark } = worldOf(position);
  const target = request.target;
  const to = minor(target);
  const maintenance = request.strategy === "maintenance";

  if (deployed === null && owner !== null && ![0, 1].includes(minor(owner) - to))
    return ["reinstall-owner-first"];
  const unfinished = deployed !== null && owner !== null && minor(owner) - minor(deployed) > 1;
  if (unfinished && !(maintenance && to >= minor(owner))) return ["unfinished-maintenance"];

  const down = owner !== null && to < minor(owner);
  const up = deployed !== null && !down && to > minor(deployed);
  const start = down ? minor(owner) : up ? minor(deployed) : to;
  const newest = (at: number) => {
    const known = facts.releases.map(({ version }) => version).filter((version) => minor(version) === at);
    return semver.rsort(known)[0];
  };
  const between = range(Math.min(start, to) + 1, Math.max(start, to)).filter(() => !overMajor(start, to));

  const codes: string[] = [];
  const expect = (code: string, condition: boolean) => condition && codes.push(code);
  expect("unknown-path", overMajor(start, to) || between.some((at) => newest(at) === undefined));
  expect(
    "below-high-water-mark",
    down && mark !== null && minor(mark) - to > 1 && request.acknowledgeDataLoss !== `${mark}->${target}`,
  );
  const passed = between.flatMap((at) => newest(at) ?? []);
  if (down) {
    for (const version of [...passed.reverse(), target]) {
      const release = facts.releases.find((known) => known.version === version);
      expect("unknown-schema-version", release?.databaseVersion === null);
    }
  }

  const stops = facts.requiredStops
    .map((stop) => minor(`${stop.minor}.0`))
    .filter((stop) => up && stop > start && stop < to && newest(stop) !== undefined);
  const ends = [start, ...stops.sort((a, b) => a - b), to];
  const legs = up ? ends.slice(1).map((end, index): [number, number] => [ends[index] as number, end]) : [];
  const jumps = legs.map(
    ([from, end], index) =>
      maintenance && ((end - from >= 3 && !overMajor(from, end)) || (unfinished && index === 0)),
  );
  expect("downtime-not-allowed", jumps.includes(true) && !request.allowDowntime);
  expect("snapshot-required", jumps.includes(true) && !request.snapshots);

  const deploys = new Set<string>();
  if (up) {
    legs.forEach(([from, end], index) => {
      if (jumps[index] === true) deploys.add(index === 0 ? deployed : (newest(from) as string));
      else if (!overMajor(from, end)) {
        range(from + 1, end).forEach((at) => newest(at) !== undefined && deploys.add(newest(at) as string));
      }
      deploys.add(end === to ? target : (newest(end) as string));
    });
  } else if (down) {
    [...passed, target].forEach((version) => deploys.add(version));
  } else if (deployed !== target || !position.settled) {
    deploys.add(target);
  }
  const licensed = facts.contracts[0]?.versions ?? "";
  const lacking = [...deploys].some((version) => semver.satisfies(version, licensed));
  expect("license-required", request.given.length === 0 && lacking);
  return codes;
}

function minor(version: string): number {
  return semver.major(version) * 1000 + semver.minor(version);
}

function overMajor(a: number, b: number): boolean {
  return Math.floor(a / 1000) !== Math.floor(b / 1000);
}

/** The numbers from `first` to before `end`. */
function range(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}
