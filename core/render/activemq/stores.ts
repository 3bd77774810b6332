/** How ActiveMQ Classic is told of a store: everything in a broker's files that differs between stores, a file each. */
import type { StoreName } from "../../products/stores";
import { jdbcStore } from "./jdbc";
import { kahaDbStore } from "./kahaDb";
import { replicatedLevelDbStore } from "./replicatedLevelDb";
import { sharedKahaDbStore } from "./sharedKahaDb";
import type { ClassicStore } from "./store";

const RENDERERS: Readonly<Record<StoreName, ClassicStore>> = {
  replicatedLevelDB: replicatedLevelDbStore,
  jdbc: jdbcStore,
  sharedKahaDB: sharedKahaDbStore,
  kahaDB: kahaDbStore,
};

export function classicStore(store: StoreName): ClassicStore {
  return RENDERERS[store];
}
