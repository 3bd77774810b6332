/** What the runner needs of a cluster that something is done to, whatever its machines are. */
import { cpus, totalmem } from "node:os";
import type { Cluster } from "../../../operate/drill/cluster";
import type { Context } from "../../../operate/drill/context";
import type { Watched } from "../../../operate/drill/watch";

/** Long: what is proven is that it comes back, on machines that may be busy with something else. */
export const WHOLE_SECONDS = 240;

export interface ClusterUnderTest extends Watched {
  /** Between two questions to a broker whether it is master. */
  readonly pauseMillis: number;
  readonly say: (line: string) => void;
  readonly cluster: Cluster;
  /** What an experiment's clients work with. */
  context(): Promise<Context>;
  /** @throws Error naming what is missing, when the cluster does not become whole */
  whole(seconds?: number): Promise<void>;
  /** Waits; ends at once when the proof is interrupted. */
  pause(seconds: number): Promise<void>;
  /** Ends every fault that is left of an experiment that failed. @returns what it took */
  recover(): Promise<string>;
  /** Writes what machines logged to a folder that stays. @returns the folder */
  saveJournals(name: string): Promise<string>;
}

/** Where it ran. */
export function where(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `a machine with ${cpus().length} cores and ${memory} GiB, which has all the hosts.`;
}

/** @throws Error for an id that there is not */
export function choose<T extends { readonly id: string }>(
  experiments: readonly T[],
  ids: readonly string[],
): readonly T[] {
  const known = experiments.map(({ id }) => id);
  const strange = ids.filter((id) => !known.includes(id));
  if (strange.length > 0) throw new Error(`no experiment ${strange.join(", ")}. Allowed: ${known.join(", ")}`);
  return experiments.filter(({ id }) => ids.length === 0 || ids.includes(id));
}

/** A line with the time, for those who watch. */
export function sayTimed(line: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)}   ${line}`);
}
