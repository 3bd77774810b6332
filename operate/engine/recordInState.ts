/** What the last change was made from, as the program's first command printed it (components/plannedCluster.ts). Pure. */

interface Entry {
  readonly urn: string;
  readonly type: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** @returns undefined when the state has no such command: the stack is down, or older than the record */
export function recordIn(entries: readonly Entry[]): string | undefined {
  const command = entries.find(
    ({ urn, type, outputs }) =>
      type === "command:local:Command" && urn.endsWith("-change") && typeof outputs?.["stdout"] === "string",
  );
  return command?.outputs?.["stdout"] as string | undefined;
}
