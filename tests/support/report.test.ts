import { lastLine, outcomeOf, slowest, sum } from "./report";

const outcome = (...lines: readonly object[]) =>
  outcomeOf(lines.map((line) => `${JSON.stringify(line)}\n`).join(""), (path) => path.replace("/tests/", ""));
const over = { passed: 3, failed: 1, skipped: 2, seconds: 1.5 };

it("counts a file that did not end, and a Jest that came to no file, as a failure", () => {
  const [one, other] = [{ path: "/tests/one" }, { path: "/tests/other" }];
  expect(outcome(one, other, { ...one, ...over }, { ...other, ...over })).toEqual({
    counts: { passed: 6, failed: 2, skipped: 4 },
    durations: ["one", "other"].map((file) => ({ file, seconds: 1.5 })),
    unfinished: [],
  });
  expect(outcome(one, other, { ...one, ...over })).toMatchObject({
    counts: { passed: 3, failed: 2, skipped: 2 },
    unfinished: ["other"],
  });
  expect(outcome().counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

it.each([
  [{ passed: 1, failed: 0, skipped: 0 }, "1 passed, 0 failed"],
  [{ passed: 4, failed: 2, skipped: 3 }, "4 passed, 2 failed, 3 skipped"],
])("sums up %j", (counts, line) => {
  expect(lastLine(sum([counts, { passed: 0, failed: 0, skipped: 0 }]))).toBe(line);
});

it("shows the slowest files, the slowest first", () => {
  const durations = [0.1, 12.34, 5].map((seconds, i) => ({ file: String(i), seconds }));
  expect(slowest(durations, 2)).toEqual(["   12.3 s  1", "    5.0 s  2"]);
});
