/** Which stores a configuration has: the cluster's, or each group's own. */
import { STORES, type Election, type StoreName } from "./stores";

/** What is asked of a group for its store. Not `Pick<GroupConfig>`: the schema itself asks. */
export interface MayHaveStore {
  readonly store?: StoreName | undefined;
}

/** What is asked of a configuration for its stores. */
export interface WithStores {
  readonly store: StoreName;
  readonly groups: readonly MayHaveStore[];
}

/** How the group keeps its messages. */
export function storeOf(config: Pick<WithStores, "store">, group: MayHaveStore): StoreName {
  return group.store ?? config.store;
}

/** Each store that a group has, once. */
export function storesOf(config: WithStores): StoreName[] {
  return [...new Set(config.groups.map((group) => storeOf(config, group)))];
}

/** True when a group of the cluster keeps its messages so that its master is elected in that way. */
export function someElected(config: WithStores, election: Election): boolean {
  return storesOf(config).some((store) => STORES[store].election === election);
}
