/**
 * Who may connect to whom on target aws, as rows of plain data. Pure.
 *
 * Everything is closed both ways but for these rows: each connection has a row where it is accepted and, when it comes from
 * one of our groups, a row where it may leave. DNS, time and instance metadata are the VPC's own and pass no security group.
 */
import type { AwsConfig } from "../../../config/awsSchema";
import type { ClusterConfig } from "../../../config/schema";
import { STORES } from "../../products/stores";
import { type PlannedDatabase, portsOf } from "../database";
import { brokerSecurityGroup, HOSTS_SECURITY_GROUP, ZOOKEEPER_SECURITY_GROUP } from "./machines";
import type { PlannedSecurityGroup, Peer, SecurityRule, SecurityPlan } from "./model";
import { type PlannedBridge, type PlannedEnsemble, type PlannedGroup, clientPorts } from "../model";

/** Applications join it: the output clientSecurityGroupId. */
export const CLIENTS_SECURITY_GROUP = "clients";
export const BASTION_SECURITY_GROUP = "bastion";
/** Of the database, where the program makes it. */
export const DATABASE_SECURITY_GROUP = "database";
/** Of the file system that brokers share. */
export const FILES_SECURITY_GROUP = "files";
/** Of the interface endpoints; absent without any. */
export const ENDPOINTS_SECURITY_GROUP = "endpoints";

const SSH = 22;
const HTTPS = 443;
const NFS = 2049;

/** One kind of connection. */
interface Flow {
  readonly from: Peer;
  readonly to: Peer;
  readonly port: number;
  readonly description: string;
}

interface Parts {
  readonly groups: readonly PlannedGroup[];
  readonly ensemble?: PlannedEnsemble;
  readonly bridges: readonly PlannedBridge[];
  readonly database?: PlannedDatabase;
}

/** The groups and rules of a plan. */
export function planSecurity(config: ClusterConfig, aws: AwsConfig, parts: Parts): SecurityPlan {
  const brokers = distinct(parts.groups.map(({ name }) => brokerSecurityGroup(config, name)));
  const groups: PlannedSecurityGroup[] = [
    { name: CLIENTS_SECURITY_GROUP, description: "Applications that use the brokers" },
    ...brokers.map((name) => ({
      name,
      description: name === "brokers" ? "Brokers of all groups" : `Brokers of group ${name.slice("brokers-".length)}`,
    })),
    ...(parts.ensemble === undefined ? [] : [{ name: ZOOKEEPER_SECURITY_GROUP, description: "ZooKeeper members" }]),
    ...(parts.database?.rds === undefined
      ? []
      : [{ name: DATABASE_SECURITY_GROUP, description: "The database of all groups" }]),
    ...(sharesFiles(parts) ? [{ name: FILES_SECURITY_GROUP, description: "The file system of all groups" }] : []),
    { name: HOSTS_SECURITY_GROUP, description: "Every host: logins, and packages from S3" },
    ...(aws.login.bastion === undefined ? [] : [{ name: BASTION_SECURITY_GROUP, description: "The bastion" }]),
    ...(hasEndpoints(aws) ? [{ name: ENDPOINTS_SECURITY_GROUP, description: "Endpoints of services of AWS" }] : []),
  ];
  const flows = [
    ...clientFlows(config, parts.groups),
    ...groupFlows(config, parts.groups),
    ...bridgeFlows(config, parts),
    ...zooKeeperFlows(parts.ensemble, brokers),
    ...databaseFlows(config, parts),
    ...distinct(
      parts.groups
        .filter(({ directory }) => directory !== undefined)
        .map(({ name }) => brokerSecurityGroup(config, name)),
    ).map((group) => ({
      from: { group },
      to: { group: FILES_SECURITY_GROUP },
      port: NFS,
      description: "Brokers to their file system",
    })),
    ...loginFlows(aws),
    ...endpointFlows(aws),
  ];
  const rules = new Map(flows.flatMap(rowsOf).map((rule) => [rule.id, rule]));
  return { groups, rules: [...rules.values()] };
}

function clientFlows(config: ClusterConfig, groups: readonly PlannedGroup[]): Flow[] {
  return groups.flatMap((group) =>
    distinct(group.brokers.flatMap(clientPorts).map(({ port }) => port)).map((port) => ({
      from: { group: CLIENTS_SECURITY_GROUP },
      to: { group: brokerSecurityGroup(config, group.name) },
      port,
      description: `Clients to brokers of ${group.name}`,
    })),
  );
}

function groupFlows(config: ClusterConfig, groups: readonly PlannedGroup[]): Flow[] {
  return groups.flatMap((group) => {
    const own = { group: brokerSecurityGroup(config, group.name) };
    return distinct(group.brokers.flatMap(({ ports }) => ports.replication ?? [])).map((port) => ({
      from: own,
      to: own,
      port,
      description: `Slaves of ${group.name} to their master`,
    }));
  });
}

function bridgeFlows(config: ClusterConfig, { groups, bridges }: Parts): Flow[] {
  return bridges.flatMap((bridge) => {
    const dialled = groups.find(({ name }) => name === bridge.to)?.brokers ?? [];
    return distinct(dialled.map(({ ports }) => ports.openwire)).map((port) => ({
      from: { group: brokerSecurityGroup(config, bridge.from) },
      to: { group: brokerSecurityGroup(config, bridge.to) },
      port,
      description: `Bridge ${bridge.name}`,
    }));
  });
}

function zooKeeperFlows(ensemble: PlannedEnsemble | undefined, brokers: readonly string[]): Flow[] {
  if (ensemble === undefined) return [];
  const to = { group: ZOOKEEPER_SECURITY_GROUP };
  const ports = (purpose: "client" | "peer" | "election") =>
    distinct(ensemble.members.map((member) => member.ports[purpose]));
  return [
    ...brokers.flatMap((group) =>
      ports("client").map((port) => ({ from: { group }, to, port, description: "Brokers to ZooKeeper" })),
    ),
    ...ports("peer").map((port) => ({ from: to, to, port, description: "Followers to the leader" })),
    ...ports("election").map((port) => ({ from: to, to, port, description: "Leader election" })),
  ];
}

const sharesFiles = ({ groups }: Parts) => groups.some(({ directory }) => directory !== undefined);

/** To the one that the program makes, or to the networks that a given one is in. */
function databaseFlows(config: ClusterConfig, { groups, database }: Parts): Flow[] {
  if (database === undefined) return [];
  const stored = groups.filter(({ store }) => STORES[store].election === "database");
  const brokers = distinct(stored.map(({ name }) => brokerSecurityGroup(config, name)));
  const targets: Pick<Flow, "to" | "port">[] =
    database.rds === undefined
      ? (config.jdbc.cidrs ?? []).flatMap((cidr) =>
          distinct(portsOf(database.url)).map((port) => ({ to: { cidr }, port })),
        )
      : [{ to: { group: DATABASE_SECURITY_GROUP }, port: database.rds.port }];
  return targets.flatMap((target) =>
    brokers.map((group) => ({ from: { group }, ...target, description: "Brokers to their database" })),
  );
}

function loginFlows({ login }: AwsConfig): Flow[] {
  const hosts = { group: HOSTS_SECURITY_GROUP };
  const s3 = { service: "s3" } as const;
  const bastion = { group: BASTION_SECURITY_GROUP };
  return [
    { from: hosts, to: s3, port: HTTPS, description: "Artefacts and packages" },
    ...(login.cidrs ?? []).map((cidr) => ({ from: { cidr }, to: hosts, port: SSH, description: "Direct logins" })),
    ...(login.bastion === undefined
      ? []
      : [
          { from: bastion, to: s3, port: HTTPS, description: "The host key" },
          { from: bastion, to: hosts, port: SSH, description: "Logins through the bastion" },
          ...login.bastion.cidrs.map((cidr) => ({
            from: { cidr },
            to: bastion,
            port: SSH,
            description: "Logins to the bastion",
          })),
        ]),
  ];
}

const hasEndpoints = ({ network }: AwsConfig) => network.interfaceEndpoints.length > 0;

function endpointFlows(aws: AwsConfig): Flow[] {
  if (!hasEndpoints(aws)) return [];
  return [CLIENTS_SECURITY_GROUP, HOSTS_SECURITY_GROUP].map((group) => ({
    from: { group },
    to: { group: ENDPOINTS_SECURITY_GROUP },
    port: HTTPS,
    description: "Services of AWS",
  }));
}

/** A flow as the rules at its two ends. */
function rowsOf({ from, to, port, description }: Flow): SecurityRule[] {
  const row = (direction: SecurityRule["direction"], at: Peer, peer: Peer): SecurityRule[] =>
    "group" in at
      ? [
          {
            id: `${at.group}-${direction}-${port}-${nameOf(peer)}`,
            group: at.group,
            direction,
            peer,
            port,
            description,
          },
        ]
      : [];
  return [...row("ingress", to, from), ...row("egress", from, to)];
}

function nameOf(peer: Peer): string {
  if ("group" in peer) return peer.group;
  return "cidr" in peer ? peer.cidr.replace("/", "-") : peer.service;
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
