/** What the rest of the program needs to know of a store, whoever renders it: a row each. Pure. */

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
  /** The lines of ActiveMQ Classic that have it and that this project offers it on; all from the first one where no last is given. */
  readonly lines: { readonly first: string; readonly last?: string };
  /** Artefacts beside activemq-broker that the runtimes of those lines have for it. */
  readonly jars: readonly string[];
  /** How large a group may be, for the error; and how to become so. */
  readonly sizes: { readonly allowed: string; readonly fix: string };
  /** What is wrong with a group of so many brokers; undefined when nothing is. */
  readonly sizeProblem: (brokers: number) => string | undefined;
  /** Why a plan with this store has no ensemble; undefined when it has one. */
  readonly withoutEnsemble?: string;
}

/**
 * The first is a stack file's default.
 *
 * Lines: activemq-leveldb-store is in the tags 5.8.0 to 5.16.8, its replicated form from 5.9.0; 5.17.0 removed it (commit
 * 52a2bd446a, AMQ-7502). KahaDB is in all lines that releases.ts has. JDBC and a shared KahaDB are, too; they begin where this project
 * has tried them.
 */
const ROWS = {
  replicatedLevelDB: {
    election: "zookeeper",
    lines: { first: "5.9", last: "5.16" },
    jars: ["activemq-leveldb-store"],
    sizes: {
      allowed: "3, 5, 7 or 9 with replicatedLevelDB: one master, the others slaves",
      fix: "write brokers: 3, choose store jdbc for another number, or kahaDB for groups without slaves",
    },
    sizeProblem: (brokers) => {
      if (brokers < 3) return `With ${brokers} of them no majority survives the loss of a broker.`;
      if (brokers % 2 === 1) return undefined;
      return `${brokers} brokers survive no more losses than ${brokers - 1}: a majority of an even number is one more.`;
    },
  },
  jdbc: {
    election: "database",
    lines: { first: "6.3" },
    jars: ["activemq-jdbc-store", "postgresql"],
    sizes: { allowed: "any number with jdbc: one master, the others slaves", fix: "write brokers: 3" },
    sizeProblem: () => undefined,
    withoutEnsemble: "the database leases the mastership of each group to one of its brokers",
  },
  sharedKahaDB: {
    election: "file",
    lines: { first: "6.3" },
    jars: ["activemq-kahadb-store"],
    sizes: { allowed: "any number with sharedKahaDB: one master, the others slaves", fix: "write brokers: 3" },
    sizeProblem: () => undefined,
    withoutEnsemble: "whoever has the lock on a group's shared directory is its master",
  },
  kahaDB: {
    election: "none",
    lines: { first: "5.9" },
    jars: ["activemq-kahadb-store"],
    sizes: {
      allowed: "1 with kahaDB",
      fix: "write brokers: 1, or choose a store with slaves: jdbc, sharedKahaDB or replicatedLevelDB",
    },
    sizeProblem: (brokers) =>
      brokers === 1
        ? undefined
        : "kahaDB has no slaves: further brokers of the group would each keep messages of their own. The default is 3.",
    withoutEnsemble: "no group has slaves to elect a master from",
  },
} satisfies Readonly<Record<string, Store>>;

export type StoreName = keyof typeof ROWS;

export const STORES: Readonly<Record<StoreName, Store>> = ROWS;
export const STORE_NAMES = Object.keys(ROWS) as readonly StoreName[];

/** How many of `n` must be there to decide anything. */
export const majority = (n: number): number => Math.floor(n / 2) + 1;

/** How many of a group's brokers must run for it to have a master. */
export function neededBrokers(store: StoreName, brokers: number): number {
  return STORES[store].election === "zookeeper" ? majority(brokers) : 1;
}

/** True when slaves hold copies, which their master sends them over a port of its own. */
export function isReplicated(store: StoreName): boolean {
  return STORES[store].election === "zookeeper";
}

/** Brokers of an ordinary group, which proofs, benchmarks and tests have: a master and two slaves, where the store has slaves. */
export function usualBrokers(store: StoreName): 1 | 3 {
  return STORES[store].election === "none" ? 1 : 3;
}

/** What is wrong with a group's size, what is allowed and how to get there; undefined when nothing is wrong. */
export function sizeFault(
  store: StoreName,
  brokers: number,
): { readonly problem: string; readonly allowed: string; readonly fix: string } | undefined {
  const { sizes, sizeProblem } = STORES[store];
  const problem = sizeProblem(brokers);
  return problem === undefined ? undefined : { problem, ...sizes };
}
