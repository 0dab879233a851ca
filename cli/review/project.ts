import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { loadYaml } from "../../components/kubernetes-client";
import { Unreadable } from "../unreadable";

/** A Pulumi project: the folder of its program, and the prefix of its configuration keys. */
export interface Project {
  readonly folder: string;
  readonly name: string;
}

/** Finds the project of a folder, as the pulumi command does. */
export function findProject(cwd: string): Project {
  const from = resolve(cwd);
  for (let folder = from; ; folder = dirname(folder)) {
    const file = ["Pulumi.yaml", "Pulumi.yml"]
      .map((name) => join(folder, name))
      .find((path) => existsSync(path));
    if (file !== undefined) return { folder, name: nameIn(file) };
    if (folder === dirname(folder)) break;
  }
  throw new Unreadable(
    "The project could not be read.",
    `no Pulumi.yaml in ${from} or above it`,
    "the folder of a Pulumi project",
    "run it in the project's folder, or name that with --cwd",
  );
}

function nameIn(file: string): string {
  const name = nameOf(read(file));
  if (name !== undefined) return name;
  throw new Unreadable(
    "The project could not be read.",
    `${file} has no project name`,
    "a Pulumi.yaml with the project's name",
    "fix the file, so that pulumi stack ls works",
  );
}

function read(file: string): unknown {
  try {
    return loadYaml(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function nameOf(project: unknown): string | undefined {
  if (typeof project !== "object" || project === null || !("name" in project)) return undefined;
  return typeof project.name === "string" ? project.name : undefined;
}
