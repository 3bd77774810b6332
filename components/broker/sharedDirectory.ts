/** The directories that brokers with store sharedKahaDB have in common: which ones, and where. Pure. */
import type { ClusterConfig } from "../../config/schema";
import { STORES } from "./stores";

/** Of target local, below the stack's folder. */
export const LOCAL_SHARED = "shared";

export function needsSharedDirectory(config: Pick<ClusterConfig, "store">): boolean {
  return STORES[config.store].election === "file";
}

/**
 * The directory of a group, absolute; on local, unless the stack file names one, relative to the stack's folder, which only this
 * machine knows. Undefined when the store shares none.
 */
export function sharedDirectory(config: ClusterConfig, stack: string, group: string): string | undefined {
  if (!needsSharedDirectory(config)) return undefined;
  const { directory } = config.sharedKahaDB;
  return directory === undefined ? `${LOCAL_SHARED}/${group}` : `${directory}/${stack}/${group}`;
}
