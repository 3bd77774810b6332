/** What was measured, a row for each run; histories.md is written from it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { STORE_NAMES, type StoreName } from "../../../core/products/stores";
import type { Finding } from "./check";
import type { History } from "./history";
import type { Family } from "./operations";
import { FAMILIES, type Figures, figures, markdownTable, sum } from "./table";

export interface MeasuredRun {
  readonly at: string;
  readonly store: StoreName;
  readonly seed: number;
  readonly minutes: number;
  readonly faults: number;
  /** Why it ended early; undefined when it did not. */
  readonly failure?: string;
  readonly families: Readonly<Record<Family, Figures>>;
}

const RESULTS = join(__dirname, "results.json");
const TABLE = join(__dirname, "..", "histories.md");

export function readRuns(): MeasuredRun[] {
  return existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, "utf8")) as MeasuredRun[]) : [];
}

/** Adds a run, in place of an earlier one with the same seed, and writes the tables. */
export function keepRun(
  run: { readonly store: StoreName; readonly seed: number; readonly minutes: number },
  history: History,
  findings: readonly Finding[],
  failure?: string,
): void {
  const others = readRuns().filter(({ store, seed }) => store !== run.store || seed !== run.seed);
  const measured = { at: new Date().toISOString(), ...run, faults: history.faults.length };
  const families = figures(history, findings);
  const runs = [...others, { ...measured, ...(failure !== undefined && { failure }), families }];
  writeFileSync(RESULTS, `${JSON.stringify(runs, undefined, 2)}\n`);
  writeFileSync(TABLE, markdown(runs));
}

const HEAD = [
  "seed",
  "on",
  "minutes",
  "faults",
  "operations",
  "acknowledged",
  "lost",
  "misplaced",
  "stuck",
  "other",
  "end",
];

/** The page of all runs: a section for each store that was measured. */
export function markdown(runs: readonly MeasuredRun[]): string {
  const sections = STORE_NAMES.flatMap((store) => {
    const own = runs.filter((run) => run.store === store);
    return own.length === 0 ? [] : [`## ${store}\n\n${section(own)}`];
  });
  return `# Histories of what clients did under faults

Written by \`npm run proof:histories\`. Each run: a fresh group on the local target, log files of 1 MiB, twelve clients (OpenWire, STOMP,
AMQP, MQTT) that do what the seed says, and faults, one or two at once. The checker then looks for what breaks the table of promises in
docs/guarantees.md. under faults: operations that were under way while a fault lasted. acknowledged: messages. stuck: also clients that
did not come back. other: half transactions, messages that came back or came unmarked, phantoms, order.

${sections.join("\n\n")}
`;
}

function section(runs: readonly MeasuredRun[]): string {
  const families = Object.fromEntries(
    FAMILIES.map((family) => [family, sum(runs.map((run) => run.families[family]))]),
  ) as Record<Family, Figures>;
  const rows = runs.map(({ at, seed, minutes, faults, failure, families: own }) => {
    const { operations, acknowledged, lost, misplaced, stuck, other } = sum(Object.values(own));
    const numbers = [seed, at.slice(0, 10), minutes, faults, operations, acknowledged, lost, misplaced, stuck, other];
    return [...numbers.map(String), failure === undefined ? "whole" : failure.replaceAll("|", "/")];
  });
  const table = [HEAD, HEAD.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `${markdownTable(families)}\n\n${table}`;
}
