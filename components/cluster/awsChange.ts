/** What may not change on target aws while a cluster runs. Pure; see change.ts. */
import type { AwsConfig } from "../../config/awsSchema";
import type { Fault } from "../../config/faults";
import type { PlannedMachine } from "../hosts/machines";
import type { PlannedAws } from "./awsPlan";
import type { ClusterPlan } from "./plan";

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

const VOLUMES = ["brokerDataGiB", "zookeeperDataGiB"] as const;

/**
 * The hosts whose machines are replaced or stopped by a change, in the plan's order. It happens to one after the other
 * (hosts/hostChains.ts), and takes a cluster that can lose one.
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
  return [
    ...changed(MADE_ANEW, old, fresh, "Everything would be made anew, empty, and what runs would be deleted."),
    ...rootDisk(old.config, fresh.config),
    ...smallerVolumes(old.config, fresh.config),
    ...keyPair(old.config, fresh.config),
    ...movedMachines(old, fresh, next),
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

function smallerVolumes(old: AwsConfig, fresh: AwsConfig): Fault[] {
  return VOLUMES.filter((key) => fresh.volumes[key] < old.volumes[key]).map((key) => ({
    path: `aws.volumes.${key}`,
    value: fresh.volumes[key],
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
      fix: OWN_STACK,
    },
  ];
}

/** A network interface and a volume stay in the zone that they were made in. */
function movedMachines(old: PlannedAws, fresh: PlannedAws, next: ClusterPlan): Fault[] {
  const sameZones = old.config.zones.join() === fresh.config.zones.join();
  return old.machines.flatMap((was): Fault[] => {
    const is = fresh.machines.find(({ host }) => host === was.host);
    if (is === undefined || (is.zone === was.zone && is.address === was.address)) return [];
    const index = next.groups.findIndex((group) => group.brokers.some(({ host }) => host === was.host));
    const byPosition = sameZones && index >= 0 && next.config.groups[index]?.addressBlock === undefined;
    return [
      {
        path: byPosition && next.config.placement !== "interleaved" ? `groups[${index}].addressBlock` : "aws.zones",
        problem: `Host ${was.host} is ${was.address} in ${was.zone} and would become ${is.address} in ${is.zone}: another machine with an empty volume.`,
        allowed: "machines that stay where they are",
        fix: "keep the order of aws.zones and aws.network as they were; where groups were added or removed, write each group's addressBlock as it was: its position then, from 0",
      },
    ];
  });
}
