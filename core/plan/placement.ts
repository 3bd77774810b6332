/** Which broker and which member goes to which host. Pure. */
import type { ClusterConfig, HostConfig } from "../../config/schema";
import type { Fault } from "../../config/faults";
import { someElected } from "../products/storesOf";
import { privateName } from "./aws/names";
import { SERVER_NAME, runsDatabase } from "./database";
import { namedHostFaults } from "./namedHosts";
import { brokerNameOf, range, slots } from "./slots";
import type { PlannedHost } from "./model";

export interface PlacedBroker {
  readonly name: string;
  readonly group: string;
  readonly host: string;
  readonly address: string;
}

export interface PlacedMember {
  readonly name: string;
  readonly id: number;
  readonly host: string;
  readonly address: string;
}

export interface Placed {
  readonly hosts: readonly PlannedHost[];
  readonly brokers: readonly PlacedBroker[];
  readonly members: readonly PlacedMember[];
  /** Where the program runs a database itself. */
  readonly database?: { readonly name: string; readonly host: string; readonly address: string };
}

/** Where a local host listens unless the stack file gives it another loopback address. */
export const LOCAL_ADDRESS = "127.0.0.1";

/** True when the configuration needs a ZooKeeper ensemble. */
export function needsEnsemble(config: ClusterConfig): boolean {
  return someElected(config, "zookeeper");
}

/** The machines given; on local without any a folder for each name at the loopback address; on aws one to be made for each. */
function machines(
  config: ClusterConfig,
  role: "broker" | "zookeeper",
  names: readonly string[],
): readonly HostConfig[] {
  const { aws } = config;
  if (config.target === "aws") {
    const address = (name: string) => (aws === undefined ? name : privateName(aws, name));
    return names.map((name) => ({ name, address: address(name), roles: [role], generation: 1 }));
  }
  return config.hosts ?? names.map((name) => ({ name, address: LOCAL_ADDRESS, roles: [role], generation: 1 }));
}

/**
 * The hosts that brokers take, in the order of the stack file: those for brokers only, and as many of those that may carry
 * both as are missing. The rest is left to ZooKeeper.
 */
function hostsForBrokers(config: ClusterConfig, wanted: readonly string[]): HostConfig[] {
  const able = machines(config, "broker", wanted).filter((host) => host.roles.includes("broker"));
  const onlyBrokers = able.filter((host) => !host.roles.includes("zookeeper")).slice(0, wanted.length);
  const both = able.filter((host) => host.roles.includes("zookeeper")).slice(0, wanted.length - onlyBrokers.length);
  return able.filter((host) => onlyBrokers.includes(host) || both.includes(host));
}

/** The hosts that members take, those for ZooKeeper only first: without brokers, or on local any when there are no such. */
function hostsForMembers(config: ClusterConfig, brokerHosts: readonly HostConfig[]): HostConfig[] {
  const names = range(config.zookeeper.members).map(memberNameOf);
  const able = machines(config, "zookeeper", names).filter((host) => host.roles.includes("zookeeper"));
  const taken = new Set(brokerHosts.map((host) => host.name));
  const free = able.filter((host) => !taken.has(host.name));
  const hosts = free.length === 0 && config.target === "local" ? able : free;
  const onlyMembers = hosts.filter((host) => !host.roles.includes("broker"));
  return [...onlyMembers, ...hosts.filter((host) => host.roles.includes("broker"))].slice(0, names.length);
}

/** Names of the hosts that brokers take before any others, as many as the placement needs. */
export function firstHosts(config: ClusterConfig): string[] {
  return neededHosts(config).map(({ name }) => name);
}

function neededHosts(config: ClusterConfig): HostConfig[] {
  const wanted = slots(config).map((slot) => slot.host);
  return hostsForBrokers(config, wanted);
}

/** Those that brokers need come first. Where groups share the hosts listed, those that would carry nothing follow. */
function sitesOf(config: ClusterConfig) {
  const needed = neededHosts(config);
  const members = needsEnsemble(config) ? hostsForMembers(config, needed) : [];
  const shared = config.placement === "interleaved" && config.hosts !== undefined;
  const taken = new Set([...needed, ...members].map(({ name }) => name));
  const idle = (config.hosts ?? []).filter(({ name, roles }) => roles.includes("broker") && !taken.has(name));
  const brokers = shared ? [...needed, ...idle] : needed;
  return { brokers, members, slots: slots(config, shared ? brokers.map(({ name }) => name) : undefined) };
}

/** What keeps a configuration from being placed; empty when nothing does. */
export function placementFaults(config: ClusterConfig): Fault[] {
  // It makes as many machines as there are slots.
  if (config.target === "aws") return namedHostFaults(config, []);
  if (config.hosts === undefined) {
    if (config.target === "local") return namedHostFaults(config, []);
    const fix = "list the machines under activemq:hosts, each with name, address and roles";
    return [{ path: "hosts", problem: `Target ${config.target} needs machines.`, allowed: "a list of hosts", fix }];
  }
  const faults: Fault[] = [];
  const wanted = slots(config).map((slot) => slot.host);
  const forBrokers = hostsForBrokers(config, wanted);
  if (forBrokers.length < wanted.length) {
    faults.push({
      path: "hosts",
      value: forBrokers.map((host) => host.name),
      problem: `The groups cannot be placed: ${config.placement} needs ${wanted.length} broker hosts, there are ${forBrokers.length}.`,
      allowed: `at least ${wanted.length} hosts with the role broker`,
      fix: "add hosts, have fewer brokers or groups, or choose another placement",
    });
  }
  if (needsEnsemble(config) && hostsForMembers(config, forBrokers).length === 0) {
    const able = config.hosts.filter((host) => host.roles.includes("zookeeper"));
    faults.push({
      path: "hosts",
      value: able.map((host) => host.name),
      problem:
        able.length === 0
          ? "No host may carry ZooKeeper."
          : "ZooKeeper would share a machine with a broker, and one loss would cost both.",
      allowed: "hosts with the role zookeeper that carry no broker (target local excepted)",
      fix: "add machines with roles: [zookeeper], three for a production stack",
    });
  }
  const free = sitesOf(config).brokers.map(({ name }) => name);
  return [...faults, ...namedHostFaults(config, free)];
}

function memberNameOf(index: number): string {
  return `zookeeper-${index + 1}`;
}

/**
 * Places every broker and member.
 * @throws Error when placementFaults reports any.
 */
export function place(config: ClusterConfig): Placed {
  const faults = placementFaults(config);
  if (faults.length > 0) throw new Error(faults.map((fault) => fault.problem).join(" "));
  const sites = sitesOf(config);
  const hostOf = new Map(
    sites.slots.flatMap((slot, i) => slot.brokers.map(({ group, broker }) => [`${group} ${broker}`, sites.brokers[i]])),
  );
  const brokers = config.groups.flatMap((group, g) =>
    range(group.brokers).map((b): PlacedBroker => {
      const host = hostOf.get(`${g} ${b}`);
      if (host === undefined) throw new Error(`no host for ${brokerNameOf(group.name, b)}`);
      return { name: brokerNameOf(group.name, b), group: group.name, host: host.name, address: host.address };
    }),
  );
  const members = needsEnsemble(config) ? placeMembers(config, sites.members) : [];
  const database = runsDatabase(config) ? { name: SERVER_NAME, host: SERVER_NAME, address: LOCAL_ADDRESS } : undefined;
  const hosts = hostsOf(config, brokers, members);
  if (database === undefined) return { brokers, members, hosts };
  const own = { name: database.host, address: database.address, services: [database.name], role: "database" } as const;
  return { brokers, members, database, hosts: [...hosts, own] };
}

/** Members go to their hosts in turn: a machine each when there are enough. */
function placeMembers(config: ClusterConfig, hosts: readonly HostConfig[]): PlacedMember[] {
  return range(config.zookeeper.members).map((i) => {
    const host = hosts[i % hosts.length];
    if (host === undefined) throw new Error("no host for ZooKeeper");
    return { name: memberNameOf(i), id: i + 1, host: host.name, address: host.address };
  });
}

/** Only hosts that carry something exist; in the order brokers, then members, name them first. */
function hostsOf(
  config: ClusterConfig,
  brokers: readonly PlacedBroker[],
  members: readonly PlacedMember[],
): PlannedHost[] {
  const services = new Map<string, { address: string; brokers: string[]; members: string[] }>();
  const at = (host: string, address: string) => {
    const known = services.get(host) ?? { address, brokers: [], members: [] };
    services.set(host, known);
    return known;
  };
  for (const broker of brokers) at(broker.host, broker.address).brokers.push(broker.name);
  for (const member of members) at(member.host, member.address).members.push(member.name);
  return [...services].map(([name, host]) => ({
    name,
    address: host.address,
    services: [...host.brokers, ...host.members],
    role: host.members.length === 0 ? "broker" : host.brokers.length === 0 ? "zookeeper" : "mixed",
  }));
}
