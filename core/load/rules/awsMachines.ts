/** Rules about the machines of target aws: types, placement groups, addresses, disks. */
import { STORES } from "../../products/stores";
import { needsEnsemble } from "../../plan/placement";
import { slots } from "../../plan/slots";
import { blockOf, placementGroupOf, machinePositions, zoneOf } from "../../plan/aws/machines";
import { parseNetwork } from "../../util/ipv4";
import { lastUsable, subnetsOf } from "../../plan/aws/subnets";
import type { ARCHITECTURES } from "../../../config/awsSchema";
import type { Fault } from "../../../config/faults";
import { limit } from "../../../config/groupSettings";
import type { ClusterConfig, GroupConfig } from "../../../config/schema";
import { oneOf } from "../../util/suggest";
import { earlierDuplicate, onAws, type Rule } from "./rule";
import { storeOf } from "../../products/storesOf";

/** AWS starts no more instances of a spread placement group in one zone. */
const MOST_PER_ZONE = 7;

/**
 * The architecture of an instance type, by AWS's naming: a family's letters, a generation, then attributes, of which `g` for
 * Graviton comes first (t4g, c7gn, im4gn, x2gd); a1 is older than that rule.
 */
export function architectureOf(instanceType: string): (typeof ARCHITECTURES)[number] {
  return /^(a1\.|[a-z]+\d+g[a-z]*[.-])/.test(instanceType) ? "arm64" : "x86_64";
}

const architectures = onAws((aws) => {
  const types = {
    "aws.instanceTypes.broker": aws.instanceTypes.broker,
    "aws.instanceTypes.zookeeper": aws.instanceTypes.zookeeper,
    "aws.login.bastion.instanceType": aws.login.bastion?.instanceType,
  };
  return Object.entries(types).flatMap(([path, value]): Fault[] => {
    if (value === undefined || architectureOf(value) === aws.image.architecture) return [];
    return [
      {
        path,
        value,
        problem: `It is ${architectureOf(value)}, and the image is ${aws.image.architecture}: no machine would boot.`,
        allowed: aws.image.architecture === "arm64" ? "Graviton types such as m7g.large" : "types such as m7i.large",
        fix: "change the type, or aws.image (id and architecture)",
      },
    ];
  });
});

const memberType = onAws((aws, config) => {
  if (!needsEnsemble(config) || aws.instanceTypes.zookeeper !== undefined) return [];
  return [
    {
      path: "aws.instanceTypes.zookeeper",
      problem: "A group's master is elected through ZooKeeper, whose members have machines of their own.",
      allowed: "an instance type such as t4g.small",
      fix: "write it down",
    },
  ];
});

const blocks = onAws((_aws, config) => {
  if (config.placement === "interleaved") return [];
  return config.groups.flatMap((group, i): Fault[] => {
    const block = blockOf(config, i);
    const duplicate = config.groups.findIndex((_, j) => j < i && blockOf(config, j) === block);
    if (duplicate < 0) return [];
    return [
      {
        path: `groups[${i}].addressBlock`,
        ...(group.addressBlock !== undefined && { value: group.addressBlock }),
        problem: `Group ${config.groups[duplicate]?.name ?? ""} has block ${block} as well${group.addressBlock === undefined ? ", and by position this one would" : ""}: their hosts would have the same addresses.`,
        allowed: "a block of its own for each group",
        fix: "write down another one for this group",
      },
    ];
  });
});

const spread = onAws((aws, config) => {
  const counts = new Map<string, number>();
  for (const position of machinePositions(config)) {
    const key = `${placementGroupOf(config, position)} ${zoneOf(aws, position)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].flatMap(([key, count]): Fault[] => {
    if (count <= MOST_PER_ZONE) return [];
    const [group = "", zone = ""] = key.split(" ");
    return [
      {
        path: "aws.zones",
        value: aws.zones,
        problem: `Zone ${zone} would get ${count} machines of the spread placement group ${group}; AWS starts ${MOST_PER_ZONE}.`,
        allowed: `at most ${MOST_PER_ZONE} machines of a placement group in a zone`,
        fix: "add zones, or have fewer brokers or groups; placement hostPerBroker has a placement group for each group",
      },
    ];
  });
});

const addresses = onAws((aws, config) => {
  const subnets = new Map(subnetsOf(aws)?.map((subnet) => [subnet.zone, parseNetwork(subnet.cidr)]));
  const tooFar = machinePositions(config).filter((position) => {
    const subnet = subnets.get(zoneOf(aws, position));
    // What is no network, and a zone without a subnet, are faults of their own.
    return subnet !== undefined && aws.network.firstAddress + position.offset > lastUsable(subnet);
  });
  const [first] = tooFar;
  if (first === undefined) return [];
  const own = aws.network.vpcId === undefined;
  return [
    {
      path: own ? "aws.network.cidr" : "aws.network.subnets",
      value: own ? aws.network.cidr : aws.network.subnets?.map(({ cidr }) => cidr),
      problem: `The subnet has no address for ${first.host}${tooFar.length > 1 ? ` and ${tooFar.length - 1} more` : ""}: it would be number ${aws.network.firstAddress + first.offset}.`,
      allowed: "ten addresses for the members, and ten for each group's block, from aws.network.firstAddress on",
      fix: own ? "write a wider network" : "name wider subnets, or begin lower (aws.network.firstAddress)",
    },
  ];
});

/** Entries of aws.hosts: of hosts that exist, once each, in zones that there are. */
const hosts = onAws((aws, config) => {
  const known = machinePositions(config);
  return aws.hosts.flatMap((host, i): Fault[] => {
    const at = `aws.hosts[${i}]`;
    const duplicate = earlierDuplicate(aws.hosts, host, i, ({ name }) => name);
    if (duplicate !== undefined) {
      const problem = `aws.hosts[${duplicate.index}] is the same host.`;
      return [
        { path: `${at}.name`, value: host.name, problem, allowed: "each host once", fix: "remove one of the two" },
      ];
    }
    const position = known.find((one) => one.host === host.name);
    if (position === undefined) {
      const problem = "There is no such host.";
      return [
        {
          path: `${at}.name`,
          value: host.name,
          problem,
          allowed: oneOf(known.map((one) => one.host)),
          fix: "correct the name, or remove the entry",
        },
      ];
    }
    const wrong = (["zone", "keepsVolumeOf"] as const).flatMap((key): Fault[] => {
      const value = host[key];
      if (value === undefined || aws.zones.includes(value)) return [];
      const problem = "It is none of aws.zones.";
      return [{ path: `${at}.${key}`, value, problem, allowed: oneOf(aws.zones), fix: "name one of them" }];
    });
    if (host.keepsVolumeOf !== zoneOf(aws, position)) return wrong;
    const problem = `${host.name} is in this zone, and its volume there is the one that it uses.`;
    return [
      ...wrong,
      {
        path: `${at}.keepsVolumeOf`,
        value: host.keepsVolumeOf,
        problem,
        allowed: "the zone that it was moved from",
        fix: "remove the key",
      },
    ];
  });
});

/** For logs, versions of the rendered files, and what a file system keeps. */
const SPARE_MIB = 2048;

const dataVolumes = onAws((aws, config) => {
  const host = fullestHost(config);
  const needed = Math.ceil((host.mib + SPARE_MIB) / 1024);
  if (aws.volumes.brokerDataGiB >= needed) return [];
  return [
    {
      path: "aws.volumes.brokerDataGiB",
      value: aws.volumes.brokerDataGiB,
      problem: `A host carries ${host.brokers === 1 ? "a broker that" : `${host.brokers} brokers that together`} may store and spool ${host.mib} MiB (limits.storeMiB, unless that is in a database or a shared directory, and tempMiB): the disk would be full before the broker slows its producers down, and it stops then.`,
      allowed: `${needed} or more`,
      fix: "enlarge the volume, or lower limits.storeMiB or tempMiB",
    },
  ];
});

/** False where messages are in what brokers share. */
const keepsOnItsDisk = (config: ClusterConfig, group: GroupConfig) =>
  !["database", "file"].includes(STORES[storeOf(config, group)].election);

/** The host whose brokers may keep most on its disk. */
function fullestHost(config: ClusterConfig): { readonly brokers: number; readonly mib: number } {
  const ofGroup = config.groups.map(
    (group) => (keepsOnItsDisk(config, group) ? limit(config, group, "storeMiB") : 0) + limit(config, group, "tempMiB"),
  );
  return slots(config)
    .map(({ brokers }) => ({
      brokers: brokers.length,
      mib: brokers.reduce((sum, { group }) => sum + (ofGroup[group] ?? 0), 0),
    }))
    .reduce((fullest, host) => (host.mib > fullest.mib ? host : fullest));
}

export const awsMachineRules: readonly Rule[] = [
  architectures,
  memberType,
  blocks,
  spread,
  addresses,
  hosts,
  dataVolumes,
];
