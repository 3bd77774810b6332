/** What a plan consists of on target aws: network, machines, security groups, file system. Types alone. */
import type { AwsConfig } from "../../../config/awsSchema";

/** One instance with its network interface and its data volume. */
export interface PlannedMachine {
  /** The host it carries. */
  readonly host: string;
  /** Its name in the private zone, known before anything exists. */
  readonly dnsName: string;
  readonly role: "broker" | "zookeeper";
  readonly zone: string;
  /** Its fixed address in the zone's subnet. */
  readonly address: string;
  readonly instanceType: string;
  /** The spread placement group; see {@link placementGroupOf}. */
  readonly placementGroup: string;
  /** Security groups of its interface. */
  readonly securityGroups: readonly string[];
  readonly dataGiB: number;
  /** Tells its data volume from those that it had in other zones: empty in the zone whose turn it is. */
  readonly volumeSuffix: string;
  /** An existing volume that becomes its data volume. */
  readonly volumeId?: string;
  /** A volume that it has left in another zone, and that is kept. */
  readonly keptVolume?: { readonly zone: string; readonly suffix: string };
}

/** What a group's brokers see of the file system, and where. */
export interface PlannedAccessPoint {
  readonly group: string;
  /** Its root in the file system. */
  readonly path: string;
  /** Where hosts with a broker of the group have it. The group's directory is one below: while it is not mounted, that is missing. */
  readonly mountPoint: string;
}

export interface PlannedFileSystem {
  readonly accessPoints: readonly PlannedAccessPoint[];
  readonly backups: boolean;
  readonly protect: boolean;
}

/** A security group, by the name that rows know it by. */
export interface PlannedSecurityGroup {
  readonly name: string;
  readonly description: string;
}

/** The other end of a connection: one of our groups, a network, or S3 of the region. */
export type Peer = { readonly group: string } | { readonly cidr: string } | { readonly service: "s3" };

/** One rule of one security group, TCP. */
export interface SecurityRule {
  /** Stable: from what the rule says, never from its position. */
  readonly id: string;
  readonly group: string;
  readonly direction: "ingress" | "egress";
  readonly peer: Peer;
  readonly port: number;
  readonly description: string;
}

export interface SecurityPlan {
  readonly groups: readonly PlannedSecurityGroup[];
  readonly rules: readonly SecurityRule[];
}

/** The private subnet of a zone. */
export interface PlannedSubnet {
  readonly zone: string;
  readonly cidr: string;
  /** Of one that exists. */
  readonly id?: string;
}

/** Where hosts are: a VPC of our own, or one that exists. */
export interface PlannedNetwork {
  /** Of one that exists. */
  readonly vpcId?: string;
  /** Of one of our own. */
  readonly cidr?: string;
  /** One for each zone, in the order of the zones. */
  readonly subnets: readonly PlannedSubnet[];
  /** Where the bastion is; absent without one. */
  readonly publicSubnet?: { readonly zone: string; readonly id?: string; readonly cidr?: string };
  /** Of a VPC that exists: route tables that get an S3 gateway endpoint. */
  readonly routeTableIds?: readonly string[];
}

export interface PlannedAws {
  readonly config: AwsConfig;
  readonly network: PlannedNetwork;
  /** One for each host of the plan, in their order. */
  readonly machines: readonly PlannedMachine[];
  /** Names of the spread placement groups. */
  readonly placementGroups: readonly string[];
  readonly security: SecurityPlan;
  /** Absent when no group shares a directory. */
  readonly fileSystem?: PlannedFileSystem;
  /** Absent without a bastion. */
  readonly bastion?: { readonly zone: string; readonly instanceType: string };
}
