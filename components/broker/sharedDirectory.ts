/** The directories that brokers with store sharedKahaDB have in common: which ones, and where. Pure. */
import { storeOf, type WithStores } from "../../config/groupSettings";
import type { ClusterConfig, GroupConfig } from "../../config/schema";
import { STORES, someElected } from "./stores";

/** Of target local, below the stack's folder. */
export const LOCAL_SHARED = "shared";

export function needsSharedDirectory(config: WithStores): boolean {
  return someElected(config, "file");
}

/**
 * The directory of a group, absolute; on local, unless the stack file names one, relative to the stack's folder, which only this
 * machine knows. Undefined when the store shares none.
 */
export function sharedDirectory(config: ClusterConfig, stack: string, group: GroupConfig): string | undefined {
  if (STORES[storeOf(config, group)].election !== "file") return undefined;
  const { directory } = config.sharedKahaDB;
  return directory === undefined ? `${LOCAL_SHARED}/${group.name}` : `${directory}/${stack}/${group.name}`;
}
