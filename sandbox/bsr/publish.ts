/**
 * Publishes the stand-in BSR: for every release of the table a chart at charts/bsr and images at bsr/<image>. What the
 * registry has already is left alone.
 *
 * Run as a program it publishes all to BSR_SANDBOX_REGISTRY.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../paths";
import { say, seconds } from "../say";
import { bufdProgram } from "./binary";
import { chartArtifact, type ChartFiles, chartFiles } from "./chart";
import { image, programLayer } from "./image";
import { type Blob, type Login, push } from "./registry";

/** All of them are the same program; what a pod does is its command. */
export const imageNames = ["bufd", "frontend", "oci-registry", "check"] as const;
export type ImageName = (typeof imageNames)[number];

export interface TableRelease {
  readonly version: string;
  /** null for a release before there were migrations. */
  readonly databaseVersion: number | null;
}

export interface ReleaseOptions extends TableRelease {
  readonly registry: string;
  /**
   * A path of its own in the registry, for charts and images: a test can have a broken 1.3.0 there while all others
   * see the good one. Without it, the release is published where all of them are.
   */
  readonly prefix?: string;
  /** Images that are forgotten: their pods cannot start. */
  readonly omitImages?: readonly ImageName[];
  /** Where the chart goes instead, and the login it takes; images stay in `registry`, which pods reach without one. */
  readonly chartRegistry?: { readonly address: string; readonly login: Login };
  /**
   * Changes the chart's files before they are packed, by their path in the chart: `set` edits one or adds one
   * (`values.schema.json`, another template), `delete` leaves one out. Helm reads the result, so
   * `files.set("templates/required.yaml", '{{ $_ := required "x is required" .Values.x }}')` makes a value required.
   */
  readonly editChart?: (files: ChartFiles) => void;
}

export interface Published {
  /** The chart's address for Helm, with no version. */
  readonly chart: string;
  readonly version: string;
  /** False when the registry had all of it. */
  readonly changed: boolean;
}

export function tableReleases(): readonly TableRelease[] {
  const table = join(checkout, "components", "migrations", "facts", "releases.json");
  return (JSON.parse(readFileSync(table, "utf8")) as { releases: TableRelease[] }).releases;
}

export async function publishRelease(options: ReleaseOptions): Promise<Published> {
  return publish(options, programLayer(readFileSync(await bufdProgram())));
}

async function publish(options: ReleaseOptions, program: Blob): Promise<Published> {
  const { version, databaseVersion, registry, chartRegistry } = options;
  const path = options.prefix === undefined ? "" : `${options.prefix}/`;
  let changed = false;
  const artifact = image(program, version, databaseVersion);
  let lender: string | undefined;
  for (const name of imageNames) {
    if (options.omitImages?.includes(name)) continue;
    const repository = `${path}bsr/${name}`;
    if (await push(registry, repository, version, artifact, { lender })) changed = true;
    lender = repository;
  }
  const files = chartFiles(version, path === "" ? registry : `${registry}/${options.prefix}`);
  options.editChart?.(files);
  const { address, login } = chartRegistry ?? { address: registry, login: undefined };
  if (await push(address, `${path}charts/bsr`, version, chartArtifact(files), { login })) changed = true;
  return { chart: `oci://${address}/${path}charts/bsr`, version, changed };
}

/** Publishes every release of the table, a few at a time. */
export async function publishAll(registry: string): Promise<readonly Published[]> {
  const program = programLayer(readFileSync(await bufdProgram()));
  const waiting = [...tableReleases()];
  const published: Published[] = [];
  // The first one alone brings the shared layer; the others find it there.
  const first = waiting.shift();
  if (first !== undefined) published.push(await publish({ ...first, registry }, program));
  const worker = async (): Promise<void> => {
    for (let release = waiting.shift(); release !== undefined; release = waiting.shift()) {
      published.push(await publish({ ...release, registry }, program));
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return published;
}

async function main(): Promise<void> {
  const registry = process.env["BSR_SANDBOX_REGISTRY"];
  if (!registry)
    throw new Error("BSR_SANDBOX_REGISTRY is not set: source .sandbox/env, which `make sandbox` leaves");
  const started = Date.now();
  const published = await publishAll(registry);
  const changed = published.filter((release) => release.changed).length;
  say(
    `the registry has ${published.length} releases of the stand-in BSR, ${changed} of them new (${seconds(started)})`,
  );
}

if (require.main === module) {
  main().catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
