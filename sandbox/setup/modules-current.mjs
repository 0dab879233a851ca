// Exits with 0 when node_modules holds what package-lock.json pins. npm keeps what it installed in a lock file of its
// own; comparing the two leaves a developer's `npm install` alone. Plain JavaScript: it runs before ts-node is there.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const project = process.argv[2];

function packages(file) {
  try {
    return JSON.parse(readFileSync(join(project, file), "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

const wanted = packages("package-lock.json");
const installed = packages("node_modules/.package-lock.json");

const current =
  wanted !== undefined &&
  installed !== undefined &&
  Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === "") return true;
    const found = installed[path];
    if (found === undefined) return optional === true;
    return found.version === version && found.integrity === integrity;
  });

process.exit(current ? 0 : 1);
