import { nearest, oneOf } from "../../../core/util/suggest";

it.each([
  ["brokrs", ["brokers", "bridges"], "brokers"],
  ["HEAPMIB", ["heapMiB", "tempMiB"], "heapMiB"],
  ["broker", ["brokers", "brokerName"], "brokers"],
  ["group3", ["group1", "group2"], "group1"],
  ["cheese", ["target", "hosts"], undefined],
  ["b", ["a"], undefined],
  ["g2", ["g1"], undefined],
  ["", ["a"], undefined],
  ["x", [], undefined],
  ["__proto__", ["ports"], undefined],
])("of %j among %j the nearest is %j", (name, known, found) => {
  expect(nearest(name, known)).toBe(found);
});

it.each([
  [[], "nothing"],
  [["a"], "`a`"],
  [["a", "b"], "`a` or `b`"],
  [["a", "b", "c"], "`a`, `b` or `c`"],
])("lists %j as %s", (names, text) => {
  expect(oneOf(names)).toBe(text);
});
