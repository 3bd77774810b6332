/** One thing that is wrong in a stack file. */
export interface Fault {
  /** Where, as in `groups[1].ports.openwire`. */
  readonly path: string;
  /** The value found there; absent when the key is missing. */
  readonly value?: unknown;
  /** What is wrong, in a sentence. */
  readonly problem: string;
  /** What would be accepted. */
  readonly allowed: string;
  /** What to do about it. */
  readonly fix: string;
}

/** Thrown with every fault of a stack file at once; nothing was changed. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(
    readonly source: string,
    readonly faults: readonly Fault[],
  ) {
    super(formatFaults(source, faults));
  }
}

/** Longer values are cut: a fault is about a place, and a whole list of groups would hide it. */
const LONGEST_VALUE = 120;

/** The faults as people read them: one paragraph each. */
export function formatFaults(source: string, faults: readonly Fault[]): string {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  const paragraphs = faults.map((fault) => {
    const value = fault.value === undefined ? "" : ` = ${shown(fault.value)}`;
    return `  ${fault.path}${value}\n    ${fault.problem}\n    allowed: ${fault.allowed}\n    fix: ${fault.fix}`;
  });
  return [`${source}: ${count}, nothing was changed`, ...paragraphs].join("\n");
}

function shown(value: unknown): string {
  try {
    const text = JSON.stringify(value);
    return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text;
  } catch {
    // Nested too deeply for JSON.stringify: the report must not fail over the value it reports.
    return "(a deeply nested value)";
  }
}
