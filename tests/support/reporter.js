/**
 * Jest's reporter for main.ts: writes each file down when it is begun and when it is over, so that a run that does not end is counted.
 * The lines are those of report.ts, in the file that AMQ_TEST_RESULTS names.
 */
const { appendFileSync } = require("node:fs");

module.exports = class FileReporter {
  note(result) {
    appendFileSync(process.env.AMQ_TEST_RESULTS, `${JSON.stringify(result)}\n`);
  }

  onTestFileStart({ path }) {
    this.note({ path });
  }

  onTestFileResult(
    { path },
    { numPassingTests, numFailingTests, numPendingTests, numTodoTests, failureMessage, perfStats },
  ) {
    // A file that could not even be loaded has no failed test.
    const failed = numFailingTests === 0 && failureMessage ? 1 : numFailingTests;
    const seconds = (perfStats.end - perfStats.start) / 1000;
    this.note({ path, passed: numPassingTests, failed, skipped: numPendingTests + numTodoTests, seconds });
  }
};
