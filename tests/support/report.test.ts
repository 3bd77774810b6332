import { countsOf, durationsOf, lastLine, slowest, sum } from "./report";

const result = (more: object = {}) =>
  JSON.stringify({
    numPassedTests: 3,
    numFailedTests: 1,
    numRuntimeErrorTestSuites: 0,
    numPendingTests: 2,
    testResults: [],
    ...more,
  });

it("counts a file that cannot be loaded, and a Jest that came to no result, as a failure", () => {
  expect(countsOf(result())).toEqual({ passed: 3, failed: 1, skipped: 2 });
  expect(countsOf(result({ numRuntimeErrorTestSuites: 1 })).failed).toBe(2);
  expect(countsOf("")).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

it.each([
  [{ passed: 1, failed: 0, skipped: 0 }, "1 passed, 0 failed"],
  [{ passed: 4, failed: 2, skipped: 3 }, "4 passed, 2 failed, 3 skipped"],
])("sums up %j", (counts, line) => {
  expect(lastLine(sum([counts, { passed: 0, failed: 0, skipped: 0 }]))).toBe(line);
});

it("shows the slowest files, the slowest first", () => {
  const testResults = [100, 12_340, 5_000].map((millis, i) => ({
    name: `/tests/${i}`,
    startTime: 1000,
    endTime: 1000 + millis,
  }));
  const durations = durationsOf(result({ testResults }), (path) => path.replace("/tests/", ""));
  expect(slowest(durations, 2)).toEqual(["   12.3 s  1", "    5.0 s  2"]);
});
