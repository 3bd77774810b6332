/** What may not change on target aws while a cluster runs. Pure; see change.ts. */
import type { AwsConfig } from "../../config/awsSchema";
import type { Fault } from "../../config/faults";
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

/** Settings that replace or stop a machine, and so all of them side by side: the engine knows no order among them. */
const ALL_AT_ONCE: readonly [path: string, of: (aws: AwsConfig) => string | number | undefined][] = [
  ["aws.image.id", (aws) => aws.image.id],
  ["aws.image.architecture", (aws) => aws.image.architecture],
  ["aws.instanceTypes.broker", (aws) => aws.instanceTypes.broker],
  ["aws.instanceTypes.zookeeper", (aws) => aws.instanceTypes.zookeeper],
  ["aws.volumes.rootGiB", (aws) => aws.volumes.rootGiB],
  ["aws.volumes.brokerDataGiB", (aws) => aws.volumes.brokerDataGiB],
  ["aws.volumes.zookeeperDataGiB", (aws) => aws.volumes.zookeeperDataGiB],
  ["aws.login.keyPair", (aws) => aws.login.keyPair],
];

/** What keeps one plan from becoming the other; nothing unless both are of target aws. */
export function awsFaults(before: ClusterPlan, next: ClusterPlan): Fault[] {
  if (before.aws === undefined || next.aws === undefined) return [];
  const [old, fresh] = [before.aws, next.aws];
  return [
    ...changed(MADE_ANEW, old, fresh, "Everything would be made anew, empty, and what runs would be deleted."),
    ...changed(
      ALL_AT_ONCE,
      old,
      fresh,
      "Every machine of the kind would be replaced or stopped, all at once: changing one after the other is not there yet.",
    ),
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
