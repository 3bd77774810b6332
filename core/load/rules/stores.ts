/** The rules about each store's own settings, a file each. */
import { STORE_NAMES, type StoreName } from "../../products/stores";
import { jdbcRules } from "./jdbc";
import { replicatedLevelDbRules } from "./replicatedLevelDb";
import type { Rule } from "./rule";
import { sharedKahaDbRules } from "./sharedKahaDb";

const RULES: Readonly<Record<StoreName, readonly Rule[]>> = {
  replicatedLevelDB: replicatedLevelDbRules,
  jdbc: jdbcRules,
  sharedKahaDB: sharedKahaDbRules,
  // It has no settings.
  kahaDB: [],
};

export const storeRules: readonly Rule[] = STORE_NAMES.flatMap((store) => RULES[store]);
