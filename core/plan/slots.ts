/** The placements: which hosts they need, and which brokers each host takes. Pure. */
import type { ClusterConfig, Placement } from "../../config/schema";

/** A broker by positions, both from 0: of its group in the stack file, and its own in the group. */
export interface BrokerAt {
  readonly group: number;
  readonly broker: number;
}

/** What one host takes. */
export interface Slot {
  /** The host's name, where the program names it or was told it. */
  readonly host: string;
  /** Position of the group that has the host to itself; absent where groups share hosts. */
  readonly group?: number;
  /** Position among the hosts of that group, or among all hosts where groups share them; from 0. */
  readonly number: number;
  readonly brokers: readonly BrokerAt[];
}

type Groups = readonly Pick<ClusterConfig["groups"][number], "name" | "brokers" | "hosts">[];

const SLOTS: Readonly<Record<Placement, (groups: Groups, hosts?: readonly string[]) => Slot[]>> = {
  hostPerBroker: (groups) =>
    groups.flatMap(({ name, brokers }, group) =>
      range(brokers).map((broker) => ({
        host: brokerNameOf(name, broker),
        group,
        number: broker,
        brokers: [{ group, broker }],
      })),
    ),
  hostPerGroup: (groups) =>
    groups.map(({ name, brokers }, group) => ({
      host: `${name}-host`,
      group,
      number: 0,
      brokers: range(brokers).map((broker) => ({ group, broker })),
    })),
  interleaved: (groups, hosts) => (hosts === undefined ? numbered(groups) : spread(groups, hosts)),
};

/**
 * The hosts that the placement needs, in order.
 * @param hosts those that there are: interleaved spreads over all of them. Default: as few as are needed
 */
export function slots(
  { placement, groups }: Pick<ClusterConfig, "placement" | "groups">,
  hosts?: readonly string[],
): Slot[] {
  return SLOTS[placement](groups, hosts);
}

/** The n-th broker of each group on the n-th host: as many hosts as the largest group has brokers. */
function numbered(groups: Groups): Slot[] {
  return range(Math.max(...groups.map(({ brokers }) => brokers))).map((number) => ({
    host: `host-${number + 1}`,
    number,
    brokers: groups.flatMap(({ brokers }, group) => (number < brokers ? [{ group, broker: number }] : [])),
  }));
}

/**
 * Group by group, each on the hosts that it names, or on those with the fewest brokers of the groups before it. So a group moves
 * none that stands before it, and where each group has as many brokers as there are hosts, this is {@link numbered}.
 */
function spread(groups: Groups, hosts: readonly string[]): Slot[] {
  const taken = hosts.map((): BrokerAt[] => []);
  groups.forEach(({ brokers, hosts: named }, group) => {
    const chosen = named?.map((host) => hosts.indexOf(host)) ?? emptiest(taken, brokers);
    chosen.forEach((at, broker) => taken[at]?.push({ group, broker }));
  });
  return hosts.map((host, number) => ({ host, number, brokers: taken[number] ?? [] }));
}

/** Positions of the emptiest hosts, as many as are wanted, in the hosts' order. */
function emptiest(taken: readonly (readonly BrokerAt[])[], wanted: number): number[] {
  return taken
    .map(({ length }, at) => ({ length, at }))
    .sort((a, b) => a.length - b.length || a.at - b.at)
    .slice(0, wanted)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
}

/** `<group>-<n>`, n from 1. */
export function brokerNameOf(group: string, index: number): string {
  return `${group}-${index + 1}`;
}

/** 0 .. n-1 */
export function range(n: number): number[] {
  return Array.from({ length: Math.max(0, n) }, (_, i) => i);
}
