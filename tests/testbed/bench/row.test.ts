import { type Row, isMet, markdown, median, quantity, ratio, spread } from "../../../testbed/bench/row";

const row = (keys: Partial<Row>): Row => ({ what: "it", value: 12, unit: "s", against: "by hand", base: 8, ...keys });

it("holds a figure against another one of the same run", () => {
  expect(ratio(row({}))).toBe(1.5);
});

it.each([
  ["without an aim", undefined, undefined],
  ["at the aim", 12, true],
  ["beyond it", 11.9, false],
])("says whether the aim is met: %s", (_, most, met) => {
  expect(isMet(row(most === undefined ? {} : { aim: { most, words: "at most" } }))).toBe(met);
});

it("prints a table that prettier leaves as it is", () => {
  const rows = [
    row({ detail: "median of 3", aim: { most: 16, words: "at most twice" } }),
    row({ what: "another", value: 326, base: 1826, unit: "messages/s", against: "one broker" }),
  ];
  expect(markdown(rows)).toBe(
    [
      "| what    | measured             | against            | ratio | aim                |",
      "| ------- | -------------------- | ------------------ | ----- | ------------------ |",
      "| it      | 12.0 s (median of 3) | by hand: 8.0 s     | 1.50  | at most twice: met |",
      "| another | 326/s                | one broker: 1826/s | 0.18  |                    |",
    ].join("\n"),
  );
});

it.each([
  [0.0042, "4.2 ms"],
  [0.42, "420 ms"],
  [4.2, "4.2 s"],
])("writes %p s as %s", (seconds, text) => {
  expect(quantity(seconds, "s")).toBe(text);
});

it("takes the middle, and says how far the rest is from it", () => {
  expect(median([9, 1, 3])).toBe(3);
  expect(median([1, 2, 3, 4])).toBe(2.5);
  expect(() => median([])).toThrow("no values");
  expect(spread([9, 1, 3], "s")).toBe("median of 3, 1.0 s to 9.0 s");
});
