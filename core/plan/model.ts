/** What a plan consists of, and how one finds something in it. Types and look-ups alone: plan.ts computes it. */
import type { ClusterConfig } from "../../config/schema";
import { ALL_TRANSPORTS, type OtherTransport, type Transport } from "../products/transports";
import type { PlannedDatabase } from "./database";
import type { PlannedAws } from "./aws/model";

/** The lists of a bridge, each entry `queue://name` or `topic://name`; in the product's own terms and order of elements. */
export interface BridgeFilters {
  /** When there are any, consumers of these only draw messages over the bridge. */
  readonly dynamicallyIncludedDestinations: readonly string[];
  /** Never cross, whatever the other lists say. */
  readonly excludedDestinations: readonly string[];
  /** Cross whether there is a consumer or not. */
  readonly staticallyIncludedDestinations: readonly string[];
}

/** The ports of one broker; `replication` only with a replicated store, optional transports only when they are on. */
export type BrokerPorts = {
  readonly openwire: number;
  readonly metrics: number;
  readonly replication?: number;
} & Readonly<Partial<Record<OtherTransport, number>>>;

export interface PlannedHost {
  readonly name: string;
  readonly address: string;
  /** What runs here: names of brokers and members. */
  readonly services: readonly string[];
  readonly role: "broker" | "zookeeper" | "mixed" | "database";
}

export interface PlannedBroker {
  /** `<group>-<n>`, also the name of its service. */
  readonly name: string;
  readonly group: string;
  readonly host: string;
  readonly address: string;
  readonly ports: BrokerPorts;
}

/** Settings with none left out. */
type Resolved<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** What holds for a group's brokers, nothing left open: who takes the cluster's settings for them does not compile. */
export interface GroupSettings {
  readonly limits: Resolved<ClusterConfig["limits"]>;
  readonly transports: Resolved<ClusterConfig["transports"]>;
}

/**
 * `limits` and `transports` are not enumerable: they follow from `config`, which the plan's JSON has already. A copy made with
 * `...` is without them.
 */
export interface PlannedGroup extends GroupSettings {
  readonly name: string;
  readonly brokerName: string;
  readonly role?: "producers" | "consumers";
  readonly store: ClusterConfig["store"];
  /** True for a group that is on its way out; else absent. */
  readonly retired?: true;
  /** Absent without a replicated store. */
  readonly zkPath?: string;
  /** What its brokers share, absolute or below the folder of a local stack; absent when its store shares none. */
  readonly directory?: string;
  readonly brokers: readonly PlannedBroker[];
}

export interface PlannedMember {
  /** `zookeeper-<id>`, also the name of its service. */
  readonly name: string;
  /** The myid. */
  readonly id: number;
  readonly host: string;
  readonly address: string;
  readonly ports: { readonly client: number; readonly peer: number; readonly election: number };
}

export interface PlannedEnsemble {
  readonly members: readonly PlannedMember[];
  /** `address:port,...` as ZooKeeper clients take it. */
  readonly connect: string;
}

/** One network connector, held by every broker of `from`; only the master's is active. */
export interface PlannedBridge {
  /** `<from>-to-<to>`: unique, as connector names must be. */
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly uri: string;
  readonly duplex: boolean;
  readonly consumerTTL: number;
  readonly messageTTL: number;
  /** Absent when everything crosses. */
  readonly filters?: BridgeFilters;
}

export interface ClientUrls {
  /** For everybody; with spokes, for clients that both send and consume, see `producers` and `consumers`. */
  readonly failover: string;
  readonly groups: Readonly<Record<string, string>>;
  readonly producers?: string;
  readonly consumers?: string;
  /** Of the other transports that are on, each in the form its clients take; absent when none is. */
  readonly transports?: Readonly<Partial<Record<OtherTransport, TransportUrls>>>;
}

export interface TransportUrls {
  readonly everybody: string;
  /** Of the groups that speak it. */
  readonly groups: Readonly<Record<string, string>>;
  readonly producers?: string;
  readonly consumers?: string;
}

export interface ClusterPlan {
  readonly stack: string;
  readonly config: ClusterConfig;
  readonly hosts: readonly PlannedHost[];
  readonly groups: readonly PlannedGroup[];
  /** Absent when no group's store elects through ZooKeeper. */
  readonly ensemble?: PlannedEnsemble;
  /** Absent when no group's store is in a database. */
  readonly database?: PlannedDatabase;
  readonly bridges: readonly PlannedBridge[];
  readonly urls: ClientUrls;
  /** With target aws: network and machines. */
  readonly aws?: PlannedAws;
  /** What the user should know although nothing is wrong. */
  readonly warnings: readonly string[];
}

/** All brokers of a plan, group by group. */
export function brokersOf(plan: Pick<ClusterPlan, "groups">): PlannedBroker[] {
  return plan.groups.flatMap((group) => group.brokers);
}

/** Where a broker takes clients' connections: each transport that is on, and neither replication nor metrics. */
export function clientPorts({
  ports,
}: Pick<PlannedBroker, "ports">): { readonly transport: Transport; readonly port: number }[] {
  return ALL_TRANSPORTS.flatMap((transport) => {
    const port = ports[transport];
    return port === undefined ? [] : [{ transport, port }];
  });
}

/** Everything that runs: its name is that of its service. */
export function servicesOf(
  plan: Pick<ClusterPlan, "groups" | "ensemble" | "database">,
): { readonly name: string; readonly host: string }[] {
  const { server } = plan.database ?? {};
  return [...brokersOf(plan), ...(plan.ensemble?.members ?? []), ...(server === undefined ? [] : [server])];
}

/** The group of that name. @throws Error when the plan has none, which is a fault of ours. */
export function groupNamed(plan: Pick<ClusterPlan, "groups">, name: string): PlannedGroup {
  const group = plan.groups.find((candidate) => candidate.name === name);
  if (group === undefined) throw new Error(`no group ${name} in the plan`);
  return group;
}
