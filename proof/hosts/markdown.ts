/** The table that `npm run proof:hosts` writes. Pure. */
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

/** @param where the last of them ran, a line or two */
export function markdown(results: readonly Result[], where: string): string {
  return `# What nine real hosts went through

Written by \`npm run proof:hosts\`; with numbers of experiments after it, these are measured anew and the others stay. The last one on
${where} "on" is the day of a row, and the machine's load average at its end, other work on it included: on a busy machine seconds say
little.

One cluster, one experiment after the other: two groups of three brokers and three ZooKeeper members, each on a host of its own
(systemd, sshd, a network address), brought up by SSH with the default settings. Unless a row says otherwise eight producers send
150 messages of 1 KiB a second and a consumer receives, all through the printed failover URL, before, during and after.

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
