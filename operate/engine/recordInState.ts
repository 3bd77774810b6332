/** What the last change was made from, as the program's first command printed it (components/plannedCluster.ts). Pure. */
import { nameOf, readResource } from "../../components/resourceNames";

interface Entry {
  readonly urn: string;
  /** The cluster's URN. */
  readonly parent?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** @returns undefined when the state has no such command: the stack is down, or older than the record */
export function recordIn(entries: readonly Entry[]): string | undefined {
  const command = entries.find(
    ({ urn, parent = "", outputs }) =>
      readResource(urn, nameOf(parent))?.kind === "change" && typeof outputs?.["stdout"] === "string",
  );
  return command?.outputs?.["stdout"] as string | undefined;
}
