/** Bundles into the compiler's output folder: `tools/bundle/main.ts dist`. */
import { resolve } from "node:path";
import { bundle } from "./bundle";

bundle(resolve(process.argv[2] ?? "dist"));
