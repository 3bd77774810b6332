/** The directories that brokers with store sharedKahaDB have in common: which ones, and where. Pure. */
import type { ClusterConfig, GroupConfig } from "../../config/schema";
import { STORES } from "../products/stores";
import { someElected, storeOf, type WithStores } from "../products/storesOf";

/** Of target local, below the stack's folder. */
export const LOCAL_SHARED = "shared";

export function needsSharedDirectory(config: WithStores): boolean {
  return someElected(config, "file");
}

/** Of target aws, where the program mounts what it makes, unless the stack file says another place. */
const AWS_SHARED = "/srv/activemq-cluster";

/** Below it a folder for each stack; undefined where it is in a local stack's folder. */
export function sharedBase({ target, sharedKahaDB }: ClusterConfig): string | undefined {
  return sharedKahaDB.directory ?? (target === "aws" ? AWS_SHARED : undefined);
}

/**
 * The directory of a group, absolute; on local, unless the stack file names one, relative to the stack's folder, which only this
 * machine knows. On aws each group has a file system of its own, as it seems, and its directory is one in that: a mount point is
 * there also while nothing is mounted. Undefined when the store shares none.
 */
export function sharedDirectory(config: ClusterConfig, stack: string, group: GroupConfig): string | undefined {
  if (STORES[storeOf(config, group)].election !== "file") return undefined;
  const base = sharedBase(config);
  if (base === undefined) return `${LOCAL_SHARED}/${group.name}`;
  return `${base}/${stack}/${group.name}${config.target === "aws" ? "/store" : ""}`;
}
