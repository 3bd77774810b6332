/** What the rest of the program needs to know of a store, whatever product renders it. Pure. */
import type { ClusterConfig } from "../../config/schema";
import type { Fault } from "../../config/faults";
import type { StoreName } from "../products/storeNames";
import { storeOf, storesOf, type WithStores } from "../products/storesOf";

/** Who decides which broker of a group is its master. */
export type Election =
  /** The ensemble, by a majority of the group's brokers, which hold copies of each other's messages. */
  | "zookeeper"
  /** The database that the group's brokers share: it leases the mastership to one of them. */
  | "database"
  /** The file system that the group's brokers share: it gives a lock to one of them. */
  | "file"
  /** Nobody: a group is one broker. */
  | "none";

export interface Store {
  readonly election: Election;
  /** How large a group may be, for the error; and how to become so. */
  readonly sizes: { readonly allowed: string; readonly fix: string };
  /** What is wrong with a group of so many brokers; undefined when nothing is. */
  readonly sizeProblem: (brokers: number) => string | undefined;
  /** Why a plan with this store has no ensemble; undefined when it has one. */
  readonly withoutEnsemble?: string;
  /** What the user should know although nothing is wrong. */
  readonly warnings: (config: ClusterConfig) => readonly string[];
}

/** How many of `n` must be there to decide anything. */
export const majority = (n: number): number => Math.floor(n / 2) + 1;

/** How many of a group's brokers must run for it to have a master. */
export function neededBrokers(store: StoreName, brokers: number): number {
  return STORES[store].election === "zookeeper" ? majority(brokers) : 1;
}

const replicatedLevelDB: Store = {
  election: "zookeeper",
  sizes: {
    allowed: "3, 5, 7 or 9 with replicatedLevelDB: one master, the others slaves",
    fix: "write brokers: 3, choose store jdbc for another number, or kahaDB for groups without slaves",
  },
  sizeProblem: (brokers) => {
    if (brokers < 3) return `With ${brokers} of them no majority survives the loss of a broker.`;
    if (brokers % 2 === 1) return undefined;
    return `${brokers} brokers survive no more losses than ${brokers - 1}: a majority of an even number is one more.`;
  },
  warnings: (config) => {
    const { sync } = config.replicatedLevelDB;
    const groups = config.groups.filter((group) => isReplicated(storeOf(config, group)));
    const random = groups.filter((group) => group.ports.replication === 0).map((group) => group.name);
    return [
      `replicatedLevelDB ended with release 5.16: its makers fix nothing any more. The faults that were measured to lose acknowledged messages are mended here (README, 'Choosing a store'). store: jdbc and sharedKahaDB run on a supported release.`,
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
};

const jdbc: Store = {
  election: "database",
  sizes: { allowed: "any number with jdbc: one master, the others slaves", fix: "write brokers: 3" },
  sizeProblem: () => undefined,
  withoutEnsemble: "the database leases the mastership of each group to one of its brokers",
  warnings: ({ target, jdbc: { url } }) => [
    url === undefined && target === "local"
      ? "The database is a PostgreSQL server on this machine, one for all groups: while it is down, every group waits."
      : "Every group waits while the database is down: it should be highly available itself.",
    // JDBCPersistenceAdapter.size() of 6.3.1 is 0, whatever is stored.
    "With jdbc nothing counts what is stored, so limits.storeMiB slows nobody down: the limit is the database's disk.",
  ],
};

const sharedKahaDB: Store = {
  election: "file",
  sizes: { allowed: "any number with sharedKahaDB: one master, the others slaves", fix: "write brokers: 3" },
  sizeProblem: () => undefined,
  withoutEnsemble: "whoever has the lock on a group's shared directory is its master",
  warnings: ({ target }) => {
    if (target === "local") return [];
    const lease = target === "aws" ? "which AWS does not name" : "Linux: 90 s unless its lease-time is shorter";
    const away = "Every group waits while the shared file system is away";
    return [
      `${away}${target === "aws" ? "" : ": it should be highly available itself"}. The lock of a machine that loses power is held until the file server's lease ends (${lease}).`,
    ];
  },
};

const kahaDB: Store = {
  election: "none",
  sizes: {
    allowed: "1 with kahaDB",
    fix: "write brokers: 1, or choose a store with slaves: jdbc, sharedKahaDB or replicatedLevelDB",
  },
  sizeProblem: (brokers) =>
    brokers === 1
      ? undefined
      : "kahaDB has no slaves: further brokers of the group would each keep messages of their own. The default is 3.",
  withoutEnsemble: "no group has slaves to elect a master from",
  warnings: () => ["kahaDB has no slaves: the messages of a broker that is down wait until it is back."],
};

export const STORES: Readonly<Record<StoreName, Store>> = {
  replicatedLevelDB,
  jdbc,
  sharedKahaDB,
  kahaDB,
};

/** True when slaves hold copies, which their master sends them over a port of its own. */
export function isReplicated(store: StoreName): boolean {
  return STORES[store].election === "zookeeper";
}

/** True when a group of the cluster keeps its messages so that its master is elected in that way. */
export function someElected(config: WithStores, election: Election): boolean {
  return storesOf(config).some((store) => STORES[store].election === election);
}

/** The fault of a group's size; undefined when it has none. */
export function sizeFault(store: StoreName, brokers: number): Pick<Fault, "problem" | "allowed" | "fix"> | undefined {
  const { sizes, sizeProblem } = STORES[store];
  const problem = sizeProblem(brokers);
  return problem === undefined ? undefined : { problem, ...sizes };
}
