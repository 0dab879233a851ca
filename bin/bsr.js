#!/usr/bin/env node
"use strict";
// The compiled command where it is built; in a fresh checkout the TypeScript source, which needs no build.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const compiled = join(__dirname, "..", "dist", "cli", "main.js");
if (existsSync(compiled)) {
  require(compiled);
} else {
  require("ts-node").register({ transpileOnly: true, cwd: join(__dirname, "..") });
  require("../cli/main.ts");
}
