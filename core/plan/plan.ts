/**
 * What will exist, as plain data computed before the first resource: hosts, members, groups, ports, bridges, URLs.
 * Pure: the same configuration gives the same plan. Everything later (render, deploy, operate) reads it and decides nothing.
 */
import type { ClusterConfig } from "../../config/schema";
import { groupSettings, maxFrameSizeBytes } from "./sizes";
import { releaseNamed } from "../products/releases";
import { sharedDirectory } from "./sharedDirectory";
import { isReplicated } from "../products/stores";
import { storeWarnings } from "./storeWarnings";
import { acceptsPrevious } from "./users";
import { openVulnerabilities } from "./vulnerabilities";
import { planDatabase } from "./database";
import { awsWarnings, planAws } from "./aws/plan";
import { bridgePairs, planBridges } from "./bridges";
import { clientUrls } from "./clientUrls";
import { filtersFor } from "./destinations";
import { type Placed, place } from "./placement";
import { assignPorts } from "./ports";
import { storeOf } from "../products/storesOf";
import type { GroupSettings, PlannedGroup, ClusterPlan } from "./model";

/**
 * The plan of a validated configuration.
 * @throws Error when a group cannot be placed or ports cannot be assigned: loadConfig reports those as faults first.
 */
export function plan(stack: string, config: ClusterConfig): ClusterPlan {
  const placed = place(config);
  const ports = assignPorts(config, placed);
  const groups = config.groups.map((group): PlannedGroup => {
    const brokers = placed.brokers
      .filter((broker) => broker.group === group.name)
      .map((broker) => ({ ...broker, ports: ports.broker(broker.name) }));
    const directory = sharedDirectory(config, stack, group);
    const store = storeOf(config, group);
    const described = {
      name: group.name,
      brokerName: group.brokerName ?? group.name,
      ...(group.role && { role: group.role }),
      store,
      ...(group.retire !== false && { retired: true as const }),
      ...(isReplicated(store) && { zkPath: zkPathOf(group) }),
      ...(directory !== undefined && { directory }),
      brokers,
    };
    return withSettings(described, groupSettings(config, group));
  });
  const members = placed.members.map((member) => ({ ...member, ports: ports.member(member.name) }));
  const database = planDatabase(config, placed.database && { ...placed.database, port: ports.database });
  const parts = {
    hosts: placed.hosts,
    groups,
    ...(members.length > 0 && {
      ensemble: { members, connect: members.map((m) => `${m.address}:${m.ports.client}`).join(",") },
    }),
    ...(database !== undefined && { database }),
    bridges: planBridges(config, groups),
  };
  const aws = config.target === "aws" && config.aws !== undefined ? planAws(config, config.aws, parts) : undefined;
  return {
    stack,
    config,
    ...parts,
    urls: clientUrls(config, groups),
    ...(aws && { aws }),
    warnings: [...warnings(config, groups, placed), ...(aws === undefined ? [] : awsWarnings(aws, config, parts))],
  };
}

/** @see PlannedGroup for why they are not enumerable */
function withSettings(group: Omit<PlannedGroup, keyof GroupSettings>, settings: GroupSettings): PlannedGroup {
  return Object.defineProperties(group, {
    limits: { value: Object.freeze(settings.limits) },
    transports: { value: Object.freeze(settings.transports) },
  }) as PlannedGroup;
}

/** The election path of a group: given, or its own below a common root. */
export function zkPathOf(group: ClusterConfig["groups"][number]): string {
  return group.zkPath ?? `/activemq/leveldb-stores/${group.name}`;
}

function warnings(config: ClusterConfig, groups: readonly PlannedGroup[], { hosts, members }: Placed): string[] {
  const found = [...storeWarnings(config), ...ofRelease(config)];
  for (const { name, retire } of config.groups) {
    if (retire === false) continue;
    const then = retire === "discard" ? "what it still holds is given up then" : "refused while it holds anything";
    found.push(
      `Group ${name} is retired: clients are no longer given its address. Remove it from the stack file next (${then}).`,
    );
  }
  found.push(...keptBack(config), ...unequalFrames(config, groups));
  const replication = config.groups.flatMap((group) => group.ports.replication ?? []);
  if (replication.some((port) => port >= 32768 && port <= 60999)) {
    found.push(
      "A replication port lies in 32768 to 60999, from where Linux takes the local ports of connections: a slave binds it only when it is promoted, may find it taken, and the group stays without a master. Use another one.",
    );
  }
  if (acceptsPrevious(config.passwords)) {
    found.push(
      `Brokers accept the passwords of generation ${config.passwords.generation - 1} as well. Once every client has connected with the new ones (outputs password-<user>), write passwords.acceptPrevious: false and run up again.`,
    );
  }
  const idle = (config.hosts ?? []).filter(({ name }) => !hosts.some((host) => host.name === name));
  if (idle.length > 0) {
    found.push(
      `Nothing runs on ${idle.map(({ name }) => name).join(", ")}: there is no broker or member for it. Add groups, or take it out of activemq:hosts.`,
    );
  }
  if (config.target === "ssh") {
    const unchecked = (config.hosts ?? []).filter((host) => host.hostKey === undefined).map((host) => host.name);
    if (config.ssh?.bastion && config.ssh.bastion.hostKey === undefined) unchecked.push("the bastion");
    if (unchecked.length > 0) {
      found.push(
        `No hostKey for ${unchecked.join(", ")}: whoever answers at that address is trusted, and gets the credentials. ssh-keyscan -t ed25519 ADDRESS prints it; compare it with the machine's own /etc/ssh/ssh_host_ed25519_key.pub.`,
      );
    }
  }
  const machines = new Set(members.map((member) => member.address));
  if (config.target !== "local" && members.length > machines.size) {
    found.push(
      `${members.length} ZooKeeper members share ${machines.size} machine${machines.size === 1 ? "" : "s"}: losing one can stop every election. Use a machine each.`,
    );
  }
  if (config.target === "local") {
    found.push(
      "Target local: brokers and ZooKeeper share this machine, so it survives dead processes but not a dead machine.",
    );
  }
  return found;
}

/** A message that its own group takes and the next one does not would hold up the bridge between them. */
function unequalFrames(config: ClusterConfig, groups: readonly PlannedGroup[]): string[] {
  const sizes = groups.map((group) => [group.name, maxFrameSizeBytes(group)] as const);
  const [smallest = 0, largest = 0] = [Math.min, Math.max].map((of) => of(...sizes.map(([, size]) => size)));
  if (smallest === largest || bridgePairs(config).length === 0) return [];
  const names = (wanted: number) => sizes.flatMap(([name, size]) => (size === wanted ? [name] : [])).join(", ");
  const mib = (size: number) => `${Math.round((size / 1024 / 1024) * 10) / 10} MiB`;
  return [
    `Groups take messages of different size: ${names(largest)} up to ${mib(largest)}, ${names(smallest)} up to ${mib(smallest)}. One that is too large for the other end holds up its bridge: write transports.maxFrameSizeMiB for all.`,
  ];
}

/** A group that is to drain over bridges which do not carry everything. */
function keptBack(config: ClusterConfig): string[] {
  const pairs = bridgePairs(config);
  const filtersOf = filtersFor(config);
  return config.groups
    .filter(({ name, retire }) => {
      if (retire !== true) return false;
      const ways = pairs.filter(({ from, to, duplex }) => from === name || (duplex && to === name));
      return ways.length > 0 && ways.every((bridge) => filtersOf(bridge) !== undefined);
    })
    .map(
      ({ name }) =>
        `What bridges do not carry does not drain out of group ${name}: let consumers have it at the group's own URL, output failoverUrl-${name}.`,
    );
}

/** An end-of-life release is named with what it leaves open; nothing when it is maintained and nothing is known. */
function ofRelease(config: ClusterConfig): string[] {
  const ended = releaseNamed(config.release)?.endOfLife;
  const open = openVulnerabilities(config);
  const which = open.map(({ id, what }) => `${id} (${what})`).join(", ");
  return [
    ...(ended === undefined ? [] : [`Release ${config.release} of ActiveMQ ended on ${ended}: it gets no fixes.`]),
    ...(open.length === 0
      ? []
      : [
          `Known vulnerabilities that release ${config.release} has and this configuration does not close: ${which}. Let only networks that you trust reach the brokers' ports.`,
        ]),
  ];
}
