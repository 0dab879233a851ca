import { join } from "node:path";
import type { Project } from "../../../sandbox/stack";

/** One of the programs beside this file: its folder has its name. */
export function program(name: "from-nothing" | "nested" | "two-instances"): Project {
  return { folder: join(__dirname, name), name, configDir: "." };
}
