/** Faults that were mended, to be put back into a copy of the program: the checker has to find each of them. */
import type { StoreName } from "../../../core/products/stores";
import type { Patch } from "./stack";

interface MendedFault {
  readonly store: StoreName;
  readonly patches: readonly Patch[];
}

/** By their letters in docs/guarantees.md. */
export const MENDED: Readonly<Record<string, MendedFault>> = {
  b: {
    store: "replicatedLevelDB",
    patches: [
      {
        // The record of a removed collection stays as replay cannot read it.
        file: "runtime/classic-5.16/java/activemq/cluster/ReplayedLog.java",
        from: "if ((Byte) record._1() != LevelDBClient.LOG_REMOVE_COLLECTION()) {",
        to: "if (record != null) {",
      },
    ],
  },
  h: {
    store: "jdbc",
    patches: [
      {
        // The product's topics, which take each acknowledgment for one of everything before, too.
        file: "core/render/activemq/jdbc.ts",
        from: 'class: "activemq.cluster.DatabaseStore"',
        to: "class: `${PRODUCT}.JDBCPersistenceAdapter`",
      },
    ],
  },
};
