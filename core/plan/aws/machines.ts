/** The EC2 machines of target aws, as plain data: zone, address, type, placement group. Pure. */
import type { AwsConfig } from "../../../config/awsSchema";
import type { ClusterConfig } from "../../../config/schema";
import { someElected } from "../../products/storesOf";
import { range, slots } from "../slots";
import { addressAt, parseNetwork } from "../../util/ipv4";
import { privateName } from "./names";
import { subnetsOf } from "./subnets";
import type { PlannedMachine } from "./model";
import type { PlannedEnsemble, PlannedGroup, PlannedHost } from "../model";

/** Where a host goes: counted from `network.firstAddress`, and from the first zone. */
export interface MachinePosition {
  readonly host: string;
  readonly role: "broker" | "zookeeper";
  /** Group of a host that carries one group alone. */
  readonly group?: string;
  /** Places after `firstAddress`. */
  readonly offset: number;
  /** Zones after the first, round and round. */
  readonly zoneOffset: number;
}

/** Members have the first ten addresses of their subnets; then ten for each block. */
const ADDRESSES_PER_BLOCK = 10;

/** The addresses and zones of a group's hosts: written down, or by the group's position. */
export function blockOf(config: Pick<ClusterConfig, "groups">, index: number): number {
  return config.groups[index]?.addressBlock ?? index;
}

/**
 * Every host's position. A host's position depends on its own group's block and its own number alone, so that a group that is
 * added or removed moves no other; and the zones of a group's hosts, and of members, follow each other, so that a lost zone
 * costs each as few as can be.
 */
export function machinePositions(config: ClusterConfig): MachinePosition[] {
  const brokers = slots(config).map(({ host, group, number }): MachinePosition => {
    const block = group === undefined ? 0 : blockOf(config, group);
    const name = group === undefined ? undefined : config.groups[group]?.name;
    return {
      host,
      role: "broker",
      ...(name !== undefined && { group: name }),
      offset: ADDRESSES_PER_BLOCK * (block + 1) + number,
      zoneOffset: block + number,
    };
  });
  const members = range(someElected(config, "zookeeper") ? config.zookeeper.members : 0).map((i): MachinePosition => ({
    host: `zookeeper-${i + 1}`,
    role: "zookeeper",
    offset: i,
    zoneOffset: i,
  }));
  return [...brokers, ...members];
}

/** The zone of a position: written down, or by its offset. @throws Error without zones, which the schema refuses */
export function zoneOf(
  aws: Pick<AwsConfig, "zones" | "hosts">,
  position: Pick<MachinePosition, "zoneOffset" | "host">,
): string {
  return aws.hosts.find(({ name }) => name === position.host)?.zone ?? defaultZone(aws, position);
}

/** The zone that a position has unless another one is written down. */
export function defaultZone(
  { zones }: Pick<AwsConfig, "zones">,
  { zoneOffset }: Pick<MachinePosition, "zoneOffset">,
): string {
  const zone = zones[zoneOffset % zones.length];
  if (zone === undefined) throw new Error("aws.zones is empty");
  return zone;
}

/** What is left of a machine's own when it moves is known by its zone; in its default zone, by nothing. */
function volumesOf(
  aws: AwsConfig,
  position: MachinePosition,
): Pick<PlannedMachine, "volumeSuffix" | "volumeId" | "keptVolume"> {
  const suffixIn = (zone: string) => (zone === defaultZone(aws, position) ? "" : `-${zone}`);
  const { volumeId, keepsVolumeOf } = { ...aws.hosts.find(({ name }) => name === position.host) };
  return {
    volumeSuffix: suffixIn(zoneOf(aws, position)),
    ...(volumeId !== undefined && { volumeId }),
    ...(keepsVolumeOf !== undefined && { keptVolume: { zone: keepsVolumeOf, suffix: suffixIn(keepsVolumeOf) } }),
  };
}

/** One for each group whose brokers have machines of their own, one for all other broker hosts, one for the ensemble. */
export function placementGroupOf(config: Pick<ClusterConfig, "placement">, position: MachinePosition): string {
  if (position.role === "zookeeper") return "zookeeper";
  return config.placement === "hostPerBroker" && position.group !== undefined ? `brokers-${position.group}` : "brokers";
}

/** One for each group, unless groups share machines. */
export function brokerSecurityGroup(config: Pick<ClusterConfig, "placement">, group: string): string {
  return config.placement === "interleaved" ? "brokers" : `brokers-${group}`;
}

/** The security groups of everything that is logged in to, and of members. */
export const HOSTS_SECURITY_GROUP = "hosts";
export const ZOOKEEPER_SECURITY_GROUP = "zookeeper";

/**
 * The machines of the hosts of a plan, in their order.
 * @throws Error when a host has no subnet: rules report that first
 */
export function planMachines(
  config: ClusterConfig,
  aws: AwsConfig,
  plan: {
    readonly hosts: readonly PlannedHost[];
    readonly groups: readonly PlannedGroup[];
    readonly ensemble?: PlannedEnsemble;
  },
): PlannedMachine[] {
  const subnets = new Map(subnetsOf(aws)?.map((subnet) => [subnet.zone, parseNetwork(subnet.cidr)]));
  const positions = new Map(machinePositions(config).map((position) => [position.host, position]));
  return plan.hosts.map(({ name }) => {
    const position = positions.get(name);
    const subnet = position && subnets.get(zoneOf(aws, position));
    if (position === undefined || subnet === undefined) throw new Error(`no subnet for host ${name}`);
    const isBroker = position.role === "broker";
    const own = isBroker ? brokerSecurityGroup(config, position.group ?? "") : ZOOKEEPER_SECURITY_GROUP;
    return {
      host: name,
      dnsName: privateName(aws, name),
      role: position.role,
      zone: zoneOf(aws, position),
      address: addressAt(subnet, aws.network.firstAddress + position.offset),
      // A plan with members has a type for them: a rule reports its absence first.
      instanceType: (isBroker ? aws.instanceTypes.broker : aws.instanceTypes.zookeeper) ?? "",
      placementGroup: placementGroupOf(config, position),
      securityGroups: [own, HOSTS_SECURITY_GROUP],
      dataGiB: isBroker ? aws.volumes.brokerDataGiB : aws.volumes.zookeeperDataGiB,
      ...volumesOf(aws, position),
    };
  });
}
