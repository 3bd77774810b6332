/** What histories came to, as a table by family of operation. Pure. */
import { type Finding, check } from "./check";
import type { History } from "./history";
import { messagesOf } from "./history";
import { type Family, OPERATION_ROWS } from "./operations";
import { isSend } from "./traces";

/** One line of the table: figures of one family, or of all. */
export interface Figures {
  readonly operations: number;
  /** Operations that were under way while a fault lasted. */
  readonly underFaults: number;
  /** Messages whose send or commit returned. */
  readonly acknowledged: number;
  readonly lost: number;
  readonly misplaced: number;
  readonly stuck: number;
  /** Findings of every other kind. */
  readonly other: number;
}

export const FAMILIES = [...new Set(Object.values(OPERATION_ROWS).map(({ family }) => family))] as readonly Family[];

const familyOf = ({ operation }: Finding): Family =>
  // What is counted with no operation is of the queues.
  operation === undefined ? "sends" : OPERATION_ROWS[operation.operation].family;

/** The figures of each family. @param findings what {@link check} found in it */
export function figures(history: History, findings: readonly Finding[] = check(history)): Record<Family, Figures> {
  const of = (family: Family): Figures => {
    const operations = history.operations.filter((one) => OPERATION_ROWS[one.operation].family === family);
    const found = findings.filter((one) => familyOf(one) === family);
    const count = (...kinds: readonly string[]) => found.filter(({ kind }) => kinds.includes(kind)).length;
    const named = { lost: count("lost"), misplaced: count("misplaced"), stuck: count("stuck", "hung") };
    return {
      operations: operations.length,
      underFaults: operations.filter(({ invoked, completed }) =>
        history.faults.some(({ began, settled }) => invoked <= settled && completed >= began),
      ).length,
      acknowledged: operations
        .filter(isSend)
        .filter(({ result, call }) => result === "ok" && call.end !== "rollback")
        .reduce((sum, { id, call }) => sum + messagesOf(id, call).length, 0),
      ...named,
      other: found.length - named.lost - named.misplaced - named.stuck,
    };
  };
  return Object.fromEntries(FAMILIES.map((family) => [family, of(family)])) as Record<Family, Figures>;
}

const COLUMNS = ["operations", "underFaults", "acknowledged", "lost", "misplaced", "stuck", "other"] as const;

/** Adds figures of several runs. */
export function sum(all: readonly Figures[]): Figures {
  const total = (column: (typeof COLUMNS)[number]) => all.reduce((so, one) => so + one[column], 0);
  return Object.fromEntries(COLUMNS.map((column) => [column, total(column)])) as unknown as Figures;
}

const HEAD = ["operation", "operations", "under faults", "acknowledged", "lost", "misplaced", "stuck", "other"];

/** A Markdown table of the families, and of all of them. */
export function markdownTable(families: Readonly<Record<Family, Figures>>): string {
  const row = (name: string, one: Figures) => [name, ...COLUMNS.map((column) => one[column].toLocaleString("en"))];
  const rows = [
    HEAD,
    HEAD.map(() => "---"),
    ...FAMILIES.map((family) => row(family, families[family])),
    row("all", sum(Object.values(families))),
  ];
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
