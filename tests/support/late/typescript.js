/** Stands for the TypeScript compiler where Pulumi loads it: see late.js. */
module.exports = require("./late.js")(() => require("typescript"));
