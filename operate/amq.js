#!/usr/bin/env node
// Said here, before anything newer is loaded: an old Node would fail at a word it does not know.
if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error("amq needs Node 20 or newer, this is " + process.versions.node + ": see https://nodejs.org");
  process.exit(1);
}
// The project is TypeScript throughout, compiled as it is loaded.
require("./typescript.js");
require("./main.ts");
