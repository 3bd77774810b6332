/** Stands for npm's Arborist where Pulumi loads it: see late.js. */
const { join } = require("node:path");

// By its path: its name means this file.
module.exports = require("./late.js")(() =>
  require(join(__dirname, "../../../node_modules/@npmcli/arborist/lib/index.js")),
);
