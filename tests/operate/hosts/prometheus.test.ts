import { parseMetrics } from "../../../operate/hosts/prometheus";

test.each([
  ["a 1", { name: "a", labels: {}, value: 1 }],
  ["a_b:c 1.5E3", { name: "a_b:c", labels: {}, value: 1500 }],
  ['a{queue="x"} 0', { name: "a", labels: { queue: "x" }, value: 0 }],
  ['a{queue="x",} 0.0', { name: "a", labels: { queue: "x" }, value: 0 }],
  ['a{b="1", queue="x,y"} 2', { name: "a", labels: { b: "1", queue: "x,y" }, value: 2 }],
  [
    'a{queue="a \\"quoted\\" \\\\ name\\nbelow"} 3',
    { name: "a", labels: { queue: 'a "quoted" \\ name\nbelow' }, value: 3 },
  ],
  ['a{queue="brace} 7"} 3', { name: "a", labels: { queue: "brace} 7" }, value: 3 }],
  ["a 1 1700000000000", { name: "a", labels: {}, value: 1 }],
  ["a +Inf", { name: "a", labels: {}, value: Infinity }],
  ["a NaN", { name: "a", labels: {}, value: NaN }],
  ["a 1\r", { name: "a", labels: {}, value: 1 }],
])("%s", (line, sample) => {
  expect(parseMetrics(line)).toEqual([sample]);
});

test.each(["", "# HELP a b", "# TYPE a gauge", "no value here", "{} 1", "9a 1"])("passes over %j", (line) => {
  expect(parseMetrics(line)).toEqual([]);
});
