/** Text for people: aligned, wrapped, and coloured where that can be seen. */
import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** Whether colours are wanted was decided before: newer Nodes would decide again, by their own stdout. */
const colour: Paint = (style, text) => styleText(style, text, { validateStream: false });

export const plain: Paint = (_style, text) => text;

/** Colours on a terminal, unless NO_COLOR says otherwise (no-color.org). */
export function painterFor(out: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Paint {
  const noColor = env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "";
  return out.isTTY === true && !noColor && env["TERM"] !== "dumb" ? colour : plain;
}

/**
 * Columns padded to their widest cell, two spaces apart.
 * @param paint colours a cell once it is padded
 */
export function table(
  rows: readonly (readonly string[])[],
  paint: (text: string, row: number, column: number) => string = (text) => text,
): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows
    .map((row, r) =>
      row
        // Nothing follows the last one: no spaces at the end of a line.
        .map((cell, c) => paint(c === row.length - 1 ? cell : cell.padEnd(widths[c] ?? 0), r, c))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Every line moved to the right. */
export function indent(text: string, by = 2): string {
  return text.replaceAll(/^(?=.)/gm, " ".repeat(by));
}

/** Broken between words, so that no line is longer than `width` unless a word is. */
export function wrap(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join("\n");
}
