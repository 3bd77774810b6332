/** What may not change on target aws while a cluster runs. Pure; see change.ts. */
import type { AwsConfig } from "../../config/awsSchema";
import type { Fault } from "../../config/faults";
import { replacementChains } from "./replacementOrder";
import type { PlannedMachine, PlannedAws } from "../plan/aws/model";
import type { ClusterPlan } from "../plan/model";

const OWN_STACK = "make a stack of its own with the new value, move the clients, drain the old one, then take it down";

/** Settings that every machine, volume or name comes from: AWS changes none of them in place. */
const MADE_ANEW: readonly [path: string, of: (aws: AwsConfig) => string | number | undefined][] = [
  ["aws.region", (aws) => aws.region],
  ["aws.dnsZone", (aws) => aws.dnsZone],
  ["aws.network.vpcId", (aws) => aws.network.vpcId],
  ["aws.network.cidr", (aws) => aws.network.cidr],
  ["aws.volumes.kmsKeyArn", (aws) => aws.volumes.kmsKeyArn],
];

/** Settings that make a machine anew, or stop and start it, by the kind of host that they are for. */
const ONE_BY_ONE: readonly { of: (aws: AwsConfig) => string | undefined; role?: PlannedMachine["role"] }[] = [
  { of: (aws) => aws.image.id },
  { of: (aws) => aws.instanceTypes.broker, role: "broker" },
  { of: (aws) => aws.instanceTypes.zookeeper, role: "zookeeper" },
];

const VOLUMES = { brokerDataGiB: "broker", zookeeperDataGiB: "zookeeper" } as const;

/**
 * The hosts whose machines are replaced or stopped by a change, in the plan's order. It happens to one after the other
 * (hosts/replacementChains.ts), and takes a cluster that can lose one.
 */
export function changedMachines(before: ClusterPlan, next: ClusterPlan): string[] {
  if (before.aws === undefined || next.aws === undefined) return [];
  const [old, fresh] = [before.aws.config, next.aws.config];
  const changed = ONE_BY_ONE.filter(({ of }) => of(old) !== of(fresh));
  const isThere = (host: string) => before.hosts.some(({ name }) => name === host);
  return next.aws.machines
    .filter(({ host, role }) => isThere(host) && changed.some((setting) => (setting.role ?? role) === role))
    .map(({ host }) => host);
}

/** What keeps one plan from becoming the other; nothing unless both are of target aws. */
export function awsFaults(before: ClusterPlan, next: ClusterPlan): Fault[] {
  if (before.aws === undefined || next.aws === undefined) return [];
  const [old, fresh] = [before.aws, next.aws];
  const moved = movedHosts(before, next);
  return [
    ...changed(MADE_ANEW, old, fresh, "Everything would be made anew, empty, and what runs would be deleted."),
    ...otherSubnets(old.config, fresh.config),
    ...rootDisk(old.config, fresh.config),
    ...smallerVolumes(old.config, fresh),
    ...keyPair(old.config, fresh.config),
    ...displacedMachines(old, fresh, next, moved),
    ...moveFaults(before, next, moved),
  ];
}

function changed(settings: typeof MADE_ANEW, old: PlannedAws, fresh: PlannedAws, problem: string): Fault[] {
  return settings.flatMap(([path, of]): Fault[] => {
    const [was, is] = [of(old.config), of(fresh.config)];
    if (was === is) return [];
    const allowed = `${was ?? "the default"}, as it runs`;
    return [{ path, ...(is !== undefined && { value: is }), problem, allowed, fix: OWN_STACK }];
  });
}

/** Interfaces, the database and the file system are in the subnets that they were made in. */
function otherSubnets(old: AwsConfig, fresh: AwsConfig): Fault[] {
  return (fresh.network.subnets ?? []).flatMap((subnet, i): Fault[] => {
    const was = old.network.subnets?.find(({ zone }) => zone === subnet.zone);
    if (was === undefined || was.id === subnet.id) return [];
    return [
      {
        path: `aws.network.subnets[${i}].id`,
        value: subnet.id,
        problem: `What runs in ${subnet.zone} is in ${was.id}: its interfaces would be made anew in the other subnet, while machines use them.`,
        allowed: `${was.id}, as it runs`,
        fix: OWN_STACK,
      },
    ];
  });
}

/** A machine is made with its own disk, and goes with it. */
function rootDisk(old: AwsConfig, fresh: AwsConfig): Fault[] {
  if (old.volumes.rootGiB === fresh.volumes.rootGiB || old.image.id !== fresh.image.id) return [];
  return [
    {
      path: "aws.volumes.rootGiB",
      value: fresh.volumes.rootGiB,
      problem: "A machine's own disk is made with it: one that runs would have a larger disk and the same file system.",
      allowed: `${old.volumes.rootGiB}, as it runs, or another one together with another image`,
      fix: "change aws.image.id in the same run: machines are then replaced, one after the other",
    },
  ];
}

/**
 * A volume that is taken over is as large as it is: a size that it was refused for was never any volume's, although the last run
 * was made with it. AWS itself refuses to make one smaller, and changes nothing then.
 */
function smallerVolumes(old: AwsConfig, { config, machines }: PlannedAws): Fault[] {
  const keys = Object.keys(VOLUMES) as (keyof typeof VOLUMES)[];
  return keys
    .filter((key) => config.volumes[key] < old.volumes[key])
    .filter((key) => !machines.some(({ role, volumeId }) => role === VOLUMES[key] && volumeId !== undefined))
    .map((key) => ({
      path: `aws.volumes.${key}`,
      value: config.volumes[key],
      problem: "Neither a volume nor its file system can be made smaller.",
      allowed: `${old.volumes[key]} or more`,
      fix: `keep it, or ${OWN_STACK}`,
    }));
}

/** Between the first machine that is replaced and the last one, hosts would take different keys. */
function keyPair(old: AwsConfig, fresh: AwsConfig): Fault[] {
  if (old.login.keyPair === fresh.login.keyPair) return [];
  return [
    {
      path: "aws.login.keyPair",
      ...(fresh.login.keyPair !== undefined && { value: fresh.login.keyPair }),
      problem:
        "Machines get the public half at their first boot: those that run would refuse the other key, and the change could not log in to them.",
      allowed: `${old.login.keyPair ?? "the generated one"}, as it runs`,
      fix: old.login.keyPair === undefined ? OWN_STACK : `${anotherKey(old.login.keyPair)}; or ${OWN_STACK}`,
    },
  ];
}

/** A pair's name is what machines are made with, and stays; the key in it is another one. */
function anotherKey(pair: string): string {
  return `keep ${pair} and put another key in it: add the new public half to ~ec2-user/.ssh/authorized_keys of every host and of the bastion, by the old key; \`aws ec2 delete-key-pair\` and \`import-key-pair\` with the same name and the new half (machines that run do not notice, those to come get it); name the new aws.login.privateKeyFile and run \`amq up\`, which replaces no machine; then take the old half out`;
}

/** Hosts that the stack file moves to another zone, where their volumes are empty. */
export function movedHosts(before: ClusterPlan, next: ClusterPlan): string[] {
  return (next.aws?.machines ?? [])
    .filter(({ host, zone }) => {
      const was = before.aws?.machines.find((machine) => machine.host === host);
      return was !== undefined && was.zone !== zone && entryOf(next, host)?.zone === zone;
    })
    .map(({ host }) => host);
}

const entryOf = ({ aws }: ClusterPlan, host: string) => aws?.config.hosts.find(({ name }) => name === host);

/** A network interface and a volume stay in the zone that they were made in, unless somebody says otherwise. */
function displacedMachines(old: PlannedAws, fresh: PlannedAws, next: ClusterPlan, moved: readonly string[]): Fault[] {
  const sameZones = old.config.zones.join() === fresh.config.zones.join();
  return old.machines.flatMap((was): Fault[] => {
    const is = fresh.machines.find(({ host }) => host === was.host);
    if (is === undefined || (is.zone === was.zone && is.address === was.address)) return [];
    if (moved.includes(was.host)) return [];
    const index = next.groups.findIndex((group) => group.brokers.some(({ host }) => host === was.host));
    const byPosition = sameZones && index >= 0 && next.config.groups[index]?.addressBlock === undefined;
    return [
      {
        path: byPosition && next.config.placement !== "interleaved" ? `groups[${index}].addressBlock` : "aws.zones",
        problem: `Host ${was.host} is ${was.address} in ${was.zone} and would become ${is.address} in ${is.zone}: another machine with an empty volume.`,
        allowed: "machines that stay where they are",
        fix: "keep the order of aws.zones and aws.network as they were; where groups were added or removed, write each group's addressBlock as it was: its position then, from 0. To move a host, name it and its zone in aws.hosts",
      },
    ];
  });
}

/** An empty volume is filled by the rest of the group: by nobody where there is no rest, or where the rest is away, too. */
function moveFaults(before: ClusterPlan, next: ClusterPlan, moved: readonly string[]): Fault[] {
  const at = (host: string) => `aws.hosts[${next.aws?.config.hosts.findIndex(({ name }) => name === host) ?? -1}]`;
  const others = changedMachines(before, next);
  const crowded = replacementChains(next).flatMap(({ hosts }): Fault[] => {
    const [first, ...more] = hosts.filter((host) => moved.includes(host));
    if (first === undefined || (more.length === 0 && hosts.length > 1)) return [];
    return [
      {
        path: `${at(first)}.zone`,
        problem:
          more.length === 0
            ? `There is no other host that has what ${first} holds: it would come up empty, and its messages stay behind.`
            : `${[first, ...more].join(", ")} have copies of the same messages, and would all come up empty.`,
        allowed: "one host of a group at a time, where others have its messages",
        fix: more.length === 0 ? `add a group elsewhere, and retire this one` : "move one, run `amq up`, then the next",
      },
    ];
  });
  const mixed: Fault[] =
    moved.length === 0 || others.length === 0
      ? []
      : [
          {
            path: "aws.hosts",
            problem: `${moved.join(", ")} would come up empty while the machines of others are replaced, and could not be filled.`,
            allowed: "one of the two in one run",
            fix: "move first, run `amq up`, then change images or instance types",
          },
        ];
  const left = moved.flatMap((host): Fault[] => {
    const was = before.aws?.machines.find((machine) => machine.host === host);
    if (was?.keptVolume !== undefined && was.keptVolume.zone === entryOf(next, host)?.zone) {
      return [
        {
          path: `${at(host)}.keepsVolumeOf`,
          problem: `${host} would be given the volume that it left in ${was.keptVolume.zone}, with messages of then.`,
          allowed: "to go back to a zone whose volume was forgotten",
          fix: "leave keepsVolumeOf out and run `amq up`, then move it",
        },
      ];
    }
    if (was === undefined || before.aws?.config.protect !== true) return [];
    if (entryOf(next, host)?.keepsVolumeOf === was.zone) return [];
    return [
      {
        path: `${at(host)}.keepsVolumeOf`,
        problem: `The stack is protected, and the volume of ${host} in ${was.zone} would have to be deleted.`,
        allowed: was.zone,
        fix: `write keepsVolumeOf: ${was.zone}; left out in a later run, the volume is forgotten and stays in the account`,
      },
    ];
  });
  return [...crowded, ...mixed, ...left];
}
