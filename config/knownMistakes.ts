/** What the field's how-tos would have one write and this program does not do: why not, and what does it instead. */
import type { Fault } from "./faults";

type KnownMistake = Pick<Fault, "problem" | "allowed" | "fix">;

const MASTER_SLAVE: KnownMistake = {
  problem:
    "Pure master/slave (masterConnectorURI) was removed from ActiveMQ in 5.8: it had one slave, and a master that had died was brought back by hand.",
  allowed: "groups, each a master with slaves that take over by themselves",
  fix: "write groups with brokers: 3, and a store that has slaves; topology only says how groups are joined",
};

const MULTICAST: KnownMistake = {
  problem:
    "Multicast discovery is not done: a bridge would log in, with its password, to whoever answers, and a network such as EC2's carries no multicast.",
  allowed: "bridges to the groups of this stack, whose addresses are known",
  fix: "choose topology mesh, duplex, spokes or custom, which list them",
};

/** Compared without regard to case and punctuation. */
const VALUES: ReadonlyMap<string, KnownMistake> = new Map([
  ["topology masterslave", MASTER_SLAVE],
  ["topology puremasterslave", MASTER_SLAVE],
  ["topology multicast", MULTICAST],
  ["topology discovery", MULTICAST],
  ["store masterslave", MASTER_SLAVE],
  ["store puremasterslave", MASTER_SLAVE],
]);

/** Anywhere in a stack file. */
const KEYS: ReadonlyMap<string, KnownMistake> = new Map([
  ["masterconnectoruri", MASTER_SLAVE],
  ["masterconnector", MASTER_SLAVE],
  ["masterslave", MASTER_SLAVE],
  ["puremasterslave", MASTER_SLAVE],
  ["shutdownonmasterfailure", MASTER_SLAVE],
  ["waitforslave", MASTER_SLAVE],
  ["multicast", MULTICAST],
  ["discoveryuri", MULTICAST],
]);

const plain = (word: string) => word.toLowerCase().replace(/[^a-z]/g, "");

/** Why a key that the schema does not have is none; undefined when nobody would expect it. */
export function mistakenKey(key: string): KnownMistake | undefined {
  return KEYS.get(plain(key));
}

/** Why a value is not one of a key's choices; undefined when nobody would expect it. @param key without the namespace */
export function mistakenValue(key: string, value: unknown): KnownMistake | undefined {
  return typeof value === "string" ? VALUES.get(`${key} ${plain(value)}`) : undefined;
}
