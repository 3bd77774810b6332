/** Jest's order of files: the longest first. What Jest itself remembers is gone on a fresh machine. */
const { relative, join } = require("node:path");
const { default: Sequencer } = require("@jest/test-sequencer");
const durations = require("./durations.json");

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const seconds = ({ path }) => durations[relative(join(__dirname, ".."), path)] ?? 0;
    // Jest's own order where nothing is written down.
    return super.sort(tests).sort((a, b) => seconds(b) - seconds(a));
  }
};
