/** The placements: which hosts they need, and which brokers each host takes. Pure. */
import type { ClusterConfig, Placement } from "../../config/schema";

/** A broker by positions, both from 0: of its group in the stack file, and its own in the group. */
export interface BrokerAt {
  readonly group: number;
  readonly broker: number;
}

/** What one host takes. */
export interface Slot {
  /** The host's name, where the program names it. */
  readonly host: string;
  /** Position of the group that has the host to itself; absent where groups share hosts. */
  readonly group?: number;
  /** Position among the hosts of that group, or among all hosts where groups share them; from 0. */
  readonly number: number;
  readonly brokers: readonly BrokerAt[];
}

type Groups = readonly Pick<ClusterConfig["groups"][number], "name" | "brokers">[];

const SLOTS: Readonly<Record<Placement, (groups: Groups) => Slot[]>> = {
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
  interleaved: (groups) =>
    range(Math.max(...groups.map(({ brokers }) => brokers))).map((number) => ({
      host: `host-${number + 1}`,
      number,
      brokers: groups.flatMap(({ brokers }, group) => (number < brokers ? [{ group, broker: number }] : [])),
    })),
};

/** The hosts that the placement needs, in order. */
export function slots({ placement, groups }: Pick<ClusterConfig, "placement" | "groups">): Slot[] {
  return SLOTS[placement](groups);
}

/** `<group>-<n>`, n from 1. */
export function brokerNameOf(group: string, index: number): string {
  return `${group}-${index + 1}`;
}

/** 0 .. n-1 */
export function range(n: number): number[] {
  return Array.from({ length: Math.max(0, n) }, (_, i) => i);
}
