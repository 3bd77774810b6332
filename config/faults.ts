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

/** The faults as people read them: one paragraph each. */
export function formatFaults(source: string, faults: readonly Fault[]): string {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  const paragraphs = faults.map((fault) => {
    const value = fault.value === undefined ? "" : ` = ${JSON.stringify(fault.value)}`;
    return `  ${fault.path}${value}\n    ${fault.problem}\n    allowed: ${fault.allowed}\n    fix: ${fault.fix}`;
  });
  return [`${source}: ${count}, nothing was changed`, ...paragraphs].join("\n");
}
