/** The tables that `npm run proof:faults` writes. Pure. */
import { FAULTS } from "../../../operate/drill/faults";
import { PER_SECOND, TOPOLOGIES } from "./cells";
import type { CellResult, FaultResult } from "./results";
import { STORE_NAMES, type StoreName, usualBrokers } from "../../../core/products/stores";

/** @param machine what it ran on */
export function markdown(results: readonly CellResult[], machine: string): string {
  const stores = STORE_NAMES.filter((store) => results.some((result) => result.store === store));
  return `# The fault suite, over stores and topologies

Written by \`npm run proof:faults\`; \`npm run proof:faults -- jdbc mesh slaves\` measures some cells anew and keeps the others.
${machine}

A cell is a fresh cluster on the local target with the default times: mesh and duplex two groups, spokes two groups of producers and
two of consumers, none one group. Brokers of a group: ${stores.map((store) => `${usualBrokers(store)} with ${store}`).join(", ")}. Each fault is an experiment of \`amq drill\`:
eight producers, which send ${PER_SECOND} messages of 1 KiB a second together, and a consumer, through the printed failover URL. In fault 5 masters
are killed five times, a group after the other.

In a cell: **lost**, acknowledged and never delivered (dead letters do not count as delivered), of the acknowledged; duplicated,
deliveries beyond the first; the longest time in which a group had no master. Where none can serve (the majority or the database away,
the only broker frozen), that time counts from the end of the fault. A dash: not measured yet.

## In all

${table(
  ["store", ...TOPOLOGIES],
  stores.map((store) => [store, ...TOPOLOGIES.map((topology) => sum(cellOf(results, store, topology)))]),
)}

${totals(results)}
${stores.map((store) => section(results, store)).join("")}`;
}

function section(results: readonly CellResult[], store: StoreName): string {
  const rows = FAULTS.filter(({ id }) => results.some((cell) => cell.store === store && cell.faults[id] !== undefined));
  const cells = rows.map(({ id, title }) => [
    `**${id}**: ${title}`,
    ...TOPOLOGIES.map((topology) => told(cellOf(results, store, topology)?.faults[id])),
  ]);
  return `
## ${store}

${table(["fault", ...TOPOLOGIES], cells)}
`;
}

function cellOf(results: readonly CellResult[], store: string, topology: string): CellResult | undefined {
  return results.find((result) => result.store === store && result.topology === topology);
}

function told(result: FaultResult | undefined): string {
  if (result === undefined) return "-";
  const { outcome, failure } = result;
  if (outcome === undefined) return `**not as promised**: ${(failure ?? "").replaceAll("|", "/")}`;
  const { sent, lost, duplicated, failoverSeconds } = outcome;
  const seconds = failoverSeconds === null ? "" : `; ${failoverSeconds.toFixed(1)} s`;
  return `${lost === 0 ? "0 lost" : `**${lost} LOST**`} of ${sent}; ${duplicated} duplicated${seconds}`;
}

function sum(cell: CellResult | undefined): string {
  if (cell === undefined) return "-";
  const { sent, lost, duplicated, kept, faults, from, to } = counts([cell]);
  const days = from === to ? from : `${from} to ${to}`;
  return `${lost === 0 ? "0 lost" : `**${lost} LOST**`} of ${sent}; ${duplicated} duplicated; ${kept} of ${faults} as promised (${days})`;
}

/** One line over all cells. */
export function totals(results: readonly CellResult[]): string {
  const { sent, lost, duplicated, kept, faults } = counts(results);
  return `${sent} acknowledged, ${lost} lost, ${duplicated} duplicated; ${kept} of ${faults} as promised.`;
}

function counts(results: readonly CellResult[]) {
  const all = results.flatMap(({ faults }) => Object.values(faults));
  const days = all.map(({ at }) => at.slice(0, 10)).sort();
  const add = (of: "sent" | "lost" | "duplicated") =>
    all.reduce((total, { outcome }) => total + (outcome?.[of] ?? 0), 0);
  return {
    sent: add("sent"),
    lost: add("lost"),
    duplicated: add("duplicated"),
    kept: all.filter(({ outcome }) => outcome?.ok === true).length,
    faults: all.length,
    from: days[0] ?? "",
    to: days.at(-1) ?? "",
  };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
