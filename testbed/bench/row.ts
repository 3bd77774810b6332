/** What a measurement says: a figure, what it is held against in the same run, and the ratio of the two. Pure. */

export interface Row {
  readonly what: string;
  /** The figure, and how it came about. */
  readonly value: number;
  readonly detail?: string;
  readonly unit: Unit;
  /** What it is held against. */
  readonly against: string;
  readonly base: number;
  /** What it shall be at most, and in words why. */
  readonly aim?: { readonly most: number; readonly words: string };
}

export type Unit = "s" | "messages/s";

/** How many times the base the value is. */
export function ratio({ value, base }: Row): number {
  return value / base;
}

/** Undefined where nothing is aimed at. */
export function isMet({ value, aim }: Row): boolean | undefined {
  return aim === undefined ? undefined : value <= aim.most;
}

/** The rows as a markdown table, laid out as prettier does it. */
export function markdown(rows: readonly Row[]): string {
  const head = ["what", "measured", "against", "ratio", "aim"];
  const cells = rows.map((row) => [
    row.what,
    `${quantity(row.value, row.unit)}${row.detail === undefined ? "" : ` (${row.detail})`}`,
    `${row.against}: ${quantity(row.base, row.unit)}`,
    ratio(row).toFixed(2),
    row.aim === undefined ? "" : `${row.aim.words}: ${isMet(row) === true ? "met" : "MISSED"}`,
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...cells.map(line)].join("\n");
}

/** In the unit that reads best. */
export function quantity(value: number, unit: Unit): string {
  switch (unit) {
    case "s":
      return value < 1 ? `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms` : `${value.toFixed(1)} s`;
    case "messages/s":
      return `${Math.round(value)}/s`;
    default:
      return unit satisfies never;
  }
}

/** @throws Error for an empty list */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error("no values");
  return (low + high) / 2;
}

/** `median of 3, 9.1 s to 11.0 s`. */
export function spread(values: readonly number[], unit: Unit): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `median of ${values.length}, ${quantity(least, unit)} to ${quantity(most, unit)}`;
}
