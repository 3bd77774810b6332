/** What the fault suite is run over: stores, ways to join groups, faults. Pure. */
import { FAULTS, type Fault } from "../../../operate/drill/faults";
import { STORES, STORE_NAMES, type StoreName, usualBrokers } from "../../../core/products/stores";
import type { ClusterPlan } from "../../../core/plan/model";

export interface Cell {
  readonly store: StoreName;
  readonly topology: Topology;
}

/** Groups of each topology; with spokes two of either kind, which is every kind of neighbour that a group can have. */
const GROUPS = {
  mesh: [{ name: "a" }, { name: "b" }],
  duplex: [{ name: "a" }, { name: "b" }],
  spokes: [
    { name: "a", role: "producers" },
    { name: "b", role: "producers" },
    { name: "c", role: "consumers" },
    { name: "d", role: "consumers" },
  ],
  none: [{ name: "a" }],
} as const;
export type Topology = keyof typeof GROUPS;
export const TOPOLOGIES = Object.keys(GROUPS) as Topology[];

/** Ports that no other proof, test or benchmark has. */
const PORTS = { openwire: 30616, replication: 30716, metrics: 30816 };
const ENSEMBLE_PORTS = { client: 30181, peer: 30281, election: 30381 };
const DATABASE_PORT = 30432;

/** A cell's stack file: the default times, as a user gets them. Keys without their namespace. */
export function keysOf({ store, topology }: Cell): Record<string, unknown> {
  const brokers = usualBrokers(store);
  const { election } = STORES[store];
  const groups = GROUPS[topology].map((group, index) => {
    const { replication, ...others } = PORTS;
    const ports = { ...others, ...(election === "zookeeper" && { replication }) };
    const own = Object.entries(ports).map(([purpose, first]) => [purpose, first + index * brokers] as const);
    return { ...group, brokers, ports: Object.fromEntries(own) };
  });
  return {
    target: "local",
    store,
    topology,
    groups,
    ...(election === "zookeeper" && { zookeeper: { ports: ENSEMBLE_PORTS } }),
    ...(election === "database" && { jdbc: { port: DATABASE_PORT } }),
  };
}

/** Kills of masters in fault 5. */
const KILLS = 5;
/**
 * Below what each store takes and gives here, so that what is measured is the fault and not a queue for the processor. All eight
 * producers send at the same moment, so eight sends are in flight together.
 */
export const PER_SECOND = 80;

/** How `amq drill` runs a fault. */
export function wordsOf({ id }: Fault): string[] {
  return [id, "--kills", String(KILLS), "--rate", String(PER_SECOND)];
}

/** Words of the command line, each a store, a topology or a fault; nothing of a kind means all of it. */
export interface Selection {
  readonly cells: readonly Cell[];
  /** Faults that were asked for and fit. */
  readonly faultsFor: (plan: ClusterPlan) => readonly Fault[];
}

/** @throws Error for a word that nothing has as its name */
export function select(words: readonly string[]): Selection {
  const faultIds = FAULTS.map(({ id }) => id);
  const strange = words.filter((word) => ![...STORE_NAMES, ...TOPOLOGIES, ...faultIds].includes(word));
  if (strange.length > 0) {
    throw new Error(
      `neither store, topology nor fault: ${strange.join(", ")}. Allowed: ${[STORE_NAMES, TOPOLOGIES, faultIds].map((kind) => kind.join(", ")).join("; ")}`,
    );
  }
  const chosen = <T extends string>(all: readonly T[]): readonly T[] => {
    const named = all.filter((name) => words.includes(name));
    return named.length > 0 ? named : all;
  };
  const ids = chosen(faultIds);
  return {
    cells: chosen(STORE_NAMES).flatMap((store) => chosen(TOPOLOGIES).map((topology) => ({ store, topology }))),
    faultsFor: (plan) => FAULTS.filter(({ id, unfit }) => ids.includes(id) && unfit(plan) === undefined),
  };
}
