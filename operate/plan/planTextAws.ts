/** What target aws adds to the plan as people read it. */
import type { PlannedRds } from "../../core/plan/aws/rds";
import { table } from "../terminal/table";
import type { PlannedFileSystem, Peer, SecurityRule, PlannedAws } from "../../core/plan/aws/model";
import type { ClusterPlan } from "../../core/plan/model";

type WithHead = (rows: readonly (readonly string[])[]) => string;

/** The machines, then the network that they are in. */
export function machinesText(aws: PlannedAws, hosts: ClusterPlan["hosts"], withHead: WithHead): string {
  const { config, network, machines } = aws;
  const rows = machines.map((machine, i) => [
    machine.host,
    machine.zone,
    machine.address,
    machine.instanceType,
    `${machine.dataGiB} GiB`,
    hosts[i]?.services.join(", ") ?? "",
  ]);
  const facts = [
    ["names", `<host>.${config.dnsZone}`],
    ["network", network.vpcId ?? `a new VPC ${network.cidr ?? ""}`],
    ...network.subnets.map(({ zone, cidr, id }) => ["", `${zone} ${cidr}${id === undefined ? "" : ` (${id})`}`]),
    ["image", `${config.image.id}, ${config.image.architecture}`],
    [
      "bastion",
      aws.bastion === undefined
        ? "none"
        : `${aws.bastion.instanceType} in ${network.publicSubnet?.id ?? aws.bastion.zone}`,
    ],
    ["placement groups", aws.placementGroups.join(", ")],
    ["protected", config.protect ? "yes: no machine is terminated and no data volume deleted" : "no"],
  ];
  return `${withHead([["host", "zone", "address", "type", "data", "runs"], ...rows])}\n\n${table(facts)}`;
}

/** The database that is made. */
export function rdsText(rds: PlannedRds): string {
  const days = rds.backupDays === 1 ? "1 day" : `${rds.backupDays} days`;
  return table([
    ["RDS for PostgreSQL", `${rds.engineVersion}${rds.keptNew ? ", kept new by AWS" : ""}; encrypted connections only`],
    ["class", rds.instanceClass],
    ["zones", rds.multiZone ? "two: a standby takes over in one or two minutes" : "one: no standby"],
    [
      "disk",
      `${rds.storageGiB} GiB${rds.maxStorageGiB === undefined ? "" : `, enlarged up to ${rds.maxStorageGiB} GiB`}`,
    ],
    ["backups", rds.backupDays === 0 ? "none" : `of the last ${days}`],
    [
      "when it is deleted",
      `${rds.protect ? "not before aws.protect is false; " : ""}${rds.finalSnapshot ? "a last snapshot stays" : "nothing stays"}`,
    ],
  ]);
}

/** The file system that is made. */
export function fileSystemText({ accessPoints, backups, protect }: PlannedFileSystem): string {
  const [first, ...more] = accessPoints.map(({ path, mountPoint }) => `${path} at ${mountPoint}`);
  return table([
    ["EFS", "made by the program, in every zone; encrypted, on its disks and on the way"],
    ["mounted", first ?? ""],
    ...more.map((line) => ["", line]),
    ["backups", backups ? "every day" : "none"],
    ["when it is deleted", `${protect ? "not before aws.protect is false; " : ""}nothing stays`],
  ]);
}

/** A row for each connection that is allowed. */
export function securityText({ security }: PlannedAws, withHead: WithHead): string {
  const rows = connections(security.rules).map(({ from, to, port, description }) => [
    from,
    to,
    String(port),
    description,
  ]);
  return withHead([["from", "to", "port", "why"], ...rows]);
}

/** Each connection once: where it is accepted, or where it leaves when that is not ours. */
export function connections(
  rules: readonly SecurityRule[],
): { from: string; to: string; port: number; description: string }[] {
  return rules.flatMap(({ group, direction, peer, port, description }) => {
    if (direction === "ingress") return [{ from: nameOf(peer), to: group, port, description }];
    return "group" in peer ? [] : [{ from: group, to: nameOf(peer), port, description }];
  });
}

function nameOf(peer: Peer): string {
  if ("group" in peer) return peer.group;
  return "cidr" in peer ? peer.cidr : `${peer.service} of the region`;
}
