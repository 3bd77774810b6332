#!/usr/bin/env node
// The project is TypeScript throughout; tsx compiles it as it is loaded, so there is no build step to forget.
require("tsx/cjs");
require("./main.ts");
