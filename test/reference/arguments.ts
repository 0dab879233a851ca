import { flat, readKeys, type Key } from "../../tools/reference/keys";
import { openProgram } from "../../tools/reference/program";

/** Read once for all tests: the compiler takes seconds. */
let program: ReturnType<typeof openProgram> | undefined;
let keys: readonly Key[] | undefined;

export function theProgram() {
  return (program ??= openProgram());
}

/** The keys of the component's arguments, blocks with theirs. */
export function theKeys(): readonly Key[] {
  return (keys ??= readKeys(theProgram()));
}

export function everyKey(): readonly Key[] {
  return flat(theKeys());
}
