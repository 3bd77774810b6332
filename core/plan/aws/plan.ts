/** Target aws's part of the plan: network, machines, who may connect to whom. Pure. */
import type { AwsConfig } from "../../../config/awsSchema";
import type { ClusterConfig } from "../../../config/schema";
import { STORES } from "../../products/stores";
import { planMachines } from "./machines";
import { planFileSystem } from "./sharedFileSystem";
import { parseNetwork, sizeOf } from "../../util/ipv4";
import { planSecurity } from "./securityRules";
import { planNetwork } from "./subnets";
import { rdsWarnings } from "./rds";
import type { PlannedAws } from "./model";
import { type ClusterPlan, brokersOf } from "../model";

/** What AWS allows for each security group unless the account's quota was raised. */
const RULES_PER_DIRECTION = 60;

/** @throws Error when the configuration breaks a rule, which is reported before */
export function planAws(
  config: ClusterConfig,
  aws: AwsConfig,
  parts: Pick<ClusterPlan, "hosts" | "groups" | "ensemble" | "bridges" | "database">,
): PlannedAws {
  const machines = planMachines(config, aws, parts);
  const network = planNetwork(aws);
  const { bastion } = aws.login;
  const fileSystem = planFileSystem(aws, parts.groups);
  return {
    config: aws,
    network,
    machines,
    placementGroups: [...new Set(machines.map(({ placementGroup }) => placementGroup))],
    security: planSecurity(config, aws, parts),
    ...(fileSystem && { fileSystem }),
    ...(bastion && {
      bastion: {
        zone: network.publicSubnet?.zone ?? "",
        instanceType: bastion.instanceType ?? (aws.image.architecture === "arm64" ? "t4g.nano" : "t3.nano"),
      },
    }),
  };
}

/** True for a network so wide that it is the internet, or a good part of it. */
export function isOpenToTheWorld(cidr: string): boolean {
  const network = parseNetwork(cidr);
  return network !== undefined && sizeOf(network) > 2 ** 24;
}

/** The groups that are in the database. */
const storedIn = (groups: ClusterPlan["groups"]) => groups.filter(({ store }) => STORES[store].election === "database");

/** What to know before `up`. */
export function awsWarnings(
  { config, security, network }: PlannedAws,
  { placement, jdbc }: Pick<ClusterConfig, "placement" | "jdbc">,
  { groups, database }: Pick<ClusterPlan, "groups" | "database">,
): string[] {
  const open = (config.login.bastion?.cidrs ?? []).filter(isOpenToTheWorld);
  const full = security.groups.flatMap(({ name }) => {
    const rows = security.rules.filter(({ group }) => group === name);
    const most = Math.max(...["ingress", "egress"].map((way) => rows.filter((row) => row.direction === way).length));
    return most > RULES_PER_DIRECTION ? [`${name} (${most})`] : [];
  });
  return [
    ...(open.length === 0
      ? []
      : [
          `aws.login.bastion.cidrs has ${open.join(", ")}: anybody on the internet may try to log in to the bastion. Write down your own networks.`,
        ]),
    ...(full.length === 0
      ? []
      : [
          `Security groups with more rules than the usual quota of ${RULES_PER_DIRECTION} in one direction: ${full.join(", ")}. Ask for a higher quota first, or choose topology duplex or spokes.`,
        ]),
    ...(config.network.interfaceEndpoints.length === 0
      ? []
      : [
          `aws.network.interfaceEndpoints: ${config.network.interfaceEndpoints.length * config.zones.length} interfaces (a service in a zone), each paid by the hour: about 7.30 USD a month and 0.01 a GB in us-east-1.`,
        ]),
    ...(database?.rds === undefined
      ? []
      : rdsWarnings(database.rds, brokersOf({ groups: storedIn(groups) }).length * jdbc.maxConnections)),
    ...(database === undefined || database.rds !== undefined || network.vpcId !== undefined
      ? []
      : [
          "The database of jdbc.url is outside of the VPC that is made, and nothing leads out of that: the brokers wait until you have joined the two (a peering and its routes).",
        ]),
    ...(placement === "hostPerGroup"
      ? ["Placement hostPerGroup: a group is on one machine in one zone, and is down while that is."]
      : []),
    ...(config.protect
      ? []
      : ["aws.protect is false: `amq down` and a slip of the stack file delete machines and their data volumes."]),
  ];
}
