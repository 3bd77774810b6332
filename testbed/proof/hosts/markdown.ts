/** The table that a proof on hosts writes. Pure. */
import type { Result } from "./runner";

const HEAD = [
  "",
  "on",
  "what was done",
  "acknowledged",
  "delivered",
  "lost",
  "duplicated",
  "every group served after",
  "whole after",
  "remarks",
];

/** @param intro heading and text, up to how messages are counted */
export function markdown(intro: string, results: readonly Result[]): string {
  return `${intro}

- lost: acknowledged and never delivered; dead letters do not count as delivered. duplicated: deliveries beyond the first.
- every group served after: longest time in which a group had no master, asked every second from outside; where the row says that
  a majority was away, counted from its return.
- whole after: from the end of the fault (power or cable back) until every broker, member and bridge was in its place.

${table(results)}
`;
}

/** A row for each experiment, and what they came to in all. */
export function table(results: readonly Result[]): string {
  const rows = [HEAD, HEAD.map(() => "---"), ...results.map(row)].map((cells) => `| ${cells.join(" | ")} |`);
  return `${rows.join("\n")}\n\n${totals(results)}`;
}

function row({ experiment, at, load, counts, served, whole, remarks, ok }: Result): string[] {
  const count = (number: number | undefined) => (number === undefined ? "-" : String(number));
  const seconds = (number: number | undefined) =>
    number === undefined || !Number.isFinite(number) ? "-" : `${Math.ceil(number)} s`;
  return [
    experiment.id,
    `${at.slice(0, 10)}, ${Math.round(load)}`,
    `**${experiment.title}**: ${experiment.done}`,
    ...[counts?.sent, counts?.received, counts?.lost, counts?.duplicated].map(count),
    seconds(served),
    seconds(whole),
    [...(ok ? [] : ["**not as promised**"]), ...remarks].join("; ").replaceAll("|", "/") || "-",
  ];
}

export function totals(results: readonly Result[]): string {
  const sum = (of: (result: Result) => number | undefined) => results.reduce((total, one) => total + (of(one) ?? 0), 0);
  const broken = results.filter(({ ok }) => !ok).map(({ experiment }) => experiment.id);
  return (
    `In all: ${sum(({ counts }) => counts?.sent)} acknowledged, ${sum(({ counts }) => counts?.lost)} lost, ` +
    `${sum(({ counts }) => counts?.duplicated)} duplicated; ${results.length - broken.length} of ${results.length} experiments as promised` +
    (broken.length === 0 ? "." : `, not: ${broken.join(", ")}.`)
  );
}
