/** What the user should know of each store although nothing is wrong. Pure. */
import type { ClusterConfig } from "../../config/schema";
import { type StoreName, isReplicated } from "../products/stores";
import { storeOf, storesOf } from "../products/storesOf";

const WARNINGS: Readonly<Record<StoreName, (config: ClusterConfig) => readonly string[]>> = {
  replicatedLevelDB: (config) => {
    const { sync } = config.replicatedLevelDB;
    const groups = config.groups.filter((group) => isReplicated(storeOf(config, group)));
    const random = groups.filter((group) => group.ports.replication === 0).map((group) => group.name);
    return [
      `replicatedLevelDB ended with release 5.16: its makers fix nothing any more. It has known faults that lose acknowledged messages (docs/stores.md, 'What is known to be wrong today'). store: jdbc and sharedKahaDB run on a supported release.`,
      "replicatedLevelDB: brokers refuse XA transactions. Use transactions of one session, or store jdbc, sharedKahaDB or kahaDB.",
      ...(sync === "quorum_disk"
        ? []
        : [
            `replicatedLevelDB.sync ${sync} acknowledges before a majority has the message on disk: a failover can lose what was acknowledged.`,
          ]),
      ...(random.length === 0
        ? []
        : [
            `Replication port 0 of ${random.join(", ")}: the port is another one with every master, so no firewall can allow it. Give a fixed one.`,
          ]),
    ];
  },
  jdbc: ({ target, jdbc: { url } }) => [
    url === undefined && target === "local"
      ? "The database is a PostgreSQL server on this machine, one for all groups: while it is down, every group waits."
      : "Every group waits while the database is down: it should be highly available itself.",
    // JDBCPersistenceAdapter.size() of 6.3.1 is 0, whatever is stored.
    "With jdbc nothing counts what is stored, so limits.storeMiB slows nobody down: the limit is the database's disk.",
  ],
  sharedKahaDB: ({ target }) => {
    if (target === "local") return [];
    const lease = target === "aws" ? "which AWS does not name" : "Linux: 90 s unless its lease-time is shorter";
    const away = "Every group waits while the shared file system is away";
    return [
      `${away}${target === "aws" ? "" : ": it should be highly available itself"}. The lock of a machine that loses power is held until the file server's lease ends (${lease}).`,
    ];
  },
  kahaDB: () => ["kahaDB has no slaves: the messages of a broker that is down wait until it is back."],
};

/** The warnings of every store that a group has. */
export function storeWarnings(config: ClusterConfig): string[] {
  return storesOf(config).flatMap((store) => WARNINGS[store](config));
}
