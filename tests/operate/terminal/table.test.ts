import { indent, table, wrap } from "../../../operate/terminal/table";

test("columns are as wide as their widest cell", () => {
  expect(table([["a", "bbb", "c"], ["aaaa", "b", "cc"]])).toBe("a     bbb  c\naaaa  b    cc"); // prettier-ignore
});

test("rows may end early, and nothing ends with spaces", () => {
  expect(table([["a", "", ""], ["aaa", "b"]])).toBe("a\naaa  b"); // prettier-ignore
});

test("cells are coloured after they are padded", () => {
  expect(table([["a", "b"], ["cc", "d"]], (text, row, column) => `[${text}${row}${column}]`)).toBe("[a 00]  [b01]\n[cc10]  [d11]"); // prettier-ignore
});

test("indent leaves empty lines empty", () => {
  expect(indent("a\n\nb")).toBe("  a\n\n  b");
});

test.each([
  ["one two three", 7, "one two\nthree"],
  ["one two three", 100, "one two three"],
  ["unbreakable-word a", 5, "unbreakable-word\na"],
])("wrap %j at %i", (text, width, wrapped) => {
  expect(wrap(text, width)).toBe(wrapped);
});
