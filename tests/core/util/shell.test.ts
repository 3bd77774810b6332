import * as fc from "fast-check";
import { spawnSync } from "node:child_process";
import { quoted, shellQuote } from "../../../core/util/shell";

/** The words that a shell makes of a line. */
function wordsOf(line: string): string[] {
  const { status, stdout } = spawnSync("sh", ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" });
  expect(status).toBe(0);
  return stdout.split("\0").slice(0, -1);
}

/** Without the character that no word can hold. */
const words = fc.array(
  fc.string({ unit: "grapheme" }).filter((word) => !word.includes("\0")),
  { minLength: 1 },
);

it("comes through a shell as it was, whatever is in it", () => {
  fc.assert(
    fc.property(words, (all) => {
      expect(wordsOf(all.map(shellQuote).join(" "))).toEqual(all);
      expect(wordsOf(all.map(quoted).join(" "))).toEqual(all);
    }),
    { numRuns: 30 },
  );
});

it.each(["plain", "a_b-c.d/e:f=g@h,i+j"])("leaves %j as it is", (word) => {
  expect(shellQuote(word)).toBe(word);
});

it.each([
  ["", "''"],
  ["two words", "'two words'"],
  ["it's", `'it'\\''s'`],
  ["$(x)`y`", "'$(x)`y`'"],
  ["100%", "'100%'"],
])("quotes %j", (word, expected) => {
  expect(shellQuote(word)).toBe(expected);
});

it("quotes a text also where it need not", () => {
  expect(quoted("plain")).toBe("'plain'");
});
