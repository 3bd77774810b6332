import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { AwsConfig } from "../../config/awsSchema";
import { PrivateDns } from "./dns";
import { Network } from "./network";
import { SecurityGroups } from "./securityGroups";
import {
  BASTION_SECURITY_GROUP,
  CLIENTS_SECURITY_GROUP,
  DATABASE_SECURITY_GROUP,
  FILES_SECURITY_GROUP,
  ENDPOINTS_SECURITY_GROUP,
} from "../../core/plan/aws/securityRules";
import { TYPES } from "../resourceNames";
import { named, type Tags } from "./tags";
import { RdsDatabase } from "./rdsDatabase";
import { ArtefactBucket } from "./artefacts";
import { Bastion } from "./bastion";
import { BASTION } from "../../core/plan/aws/bastionName";
import { EfsFileSystem } from "./efsFileSystem";
import { Ec2Host, type Ec2HostArgs } from "./ec2Host";
import type { PlannedMachine, PlannedAws } from "../../core/plan/aws/model";
import type { ClusterPlan } from "../../core/plan/model";

export interface Ec2SiteArgs {
  readonly plan: PlannedAws;
  readonly tags: Tags;
  /** What a text of the plan stands for, where another resource makes it. */
  readonly resolve: (text: string) => pulumi.Input<string>;
}

/** Everything that brokers and members run on: network, names, machines, who may connect to whom. */
export class Ec2Site extends pulumi.ComponentResource {
  readonly network: Network;
  readonly artefacts: ArtefactBucket;
  /** Applications join it to reach the brokers. */
  readonly clientSecurityGroupId: pulumi.Output<string>;
  /** Absent when the key pair is given. */
  readonly generatedKey?: pulumi.Output<string>;
  readonly bastion?: Bastion;
  /** Absent when no group shares a directory. */
  readonly fileSystem?: EfsFileSystem;
  /** Once it was asked for. */
  database?: RdsDatabase;
  /** Begins the names of what belongs to it. */
  readonly prefix: string;
  /** Those made so far. */
  readonly hosts = new Map<string, Ec2Host>();
  private readonly groups: SecurityGroups;
  private readonly create: (machine: PlannedMachine, replacedAfter: Ec2HostArgs["replacedAfter"]) => Ec2Host;

  constructor(
    name: string,
    private readonly args: Ec2SiteArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(TYPES.site, name, {}, opts);
    this.prefix = name;
    const { plan, tags, resolve } = args;
    const { config } = plan;
    const parent = { parent: this };
    this.artefacts = new ArtefactBucket(`${name}-artefacts`, { tags }, parent);
    this.network = new Network(
      `${name}-network`,
      { plan: plan.network, region: config.region, bucketArn: this.artefacts.arn, tags, resolve },
      parent,
    );
    const { vpcId, s3PrefixListId } = this.network;
    const groups = new SecurityGroups(`${name}-allow`, { plan: plan.security, vpcId, s3PrefixListId, tags }, parent);
    this.groups = groups;
    this.clientSecurityGroupId = groups.id(CLIENTS_SECURITY_GROUP);
    this.createEndpoints(name, config, groups, tags);
    if (plan.fileSystem !== undefined) {
      this.fileSystem = new EfsFileSystem(
        `${name}-shared`,
        {
          plan: plan.fileSystem,
          kmsKeyArn: config.volumes.kmsKeyArn,
          subnetIds: this.network.subnetIds,
          securityGroupId: groups.id(FILES_SECURITY_GROUP),
          tags,
        },
        parent,
      );
    }
    const key = this.createKeyPair(name, config, tags);
    if (key.generated !== undefined) this.generatedKey = key.generated;
    const shared = { config, keyName: key.name, artefacts: this.artefacts, tags };
    const reachable = [...this.network.routes, ...groups.rules];

    if (plan.bastion !== undefined && this.network.publicSubnetId !== undefined) {
      this.bastion = new Bastion(
        `${name}-${BASTION}`,
        {
          ...shared,
          instanceType: plan.bastion.instanceType,
          subnetId: this.network.publicSubnetId,
          securityGroupId: groups.id(BASTION_SECURITY_GROUP),
          after: reachable,
        },
        parent,
      );
    }
    const interfaces = plan.machines.map((machine) => this.createInterface(name, machine, groups, tags));
    const dns = new PrivateDns(
      `${name}-dns`,
      {
        zone: config.dnsZone,
        vpcId,
        region: config.region,
        records: new Map(
          interfaces.map(({ machine, networkInterface }) => [machine.dnsName, networkInterface.privateIp]),
        ),
        tags,
      },
      parent,
    );
    const placementGroups = this.createPlacementGroups(name, plan.placementGroups, tags);
    const networkInterfaces = new Map(
      interfaces.map(({ machine, networkInterface }) => [machine.host, networkInterface]),
    );
    this.create = (machine, replacedAfter) => {
      const networkInterface = networkInterfaces.get(machine.host);
      if (networkInterface === undefined) throw new Error(`no interface for host ${machine.host}`);
      return new Ec2Host(
        `${name}-${machine.host}`,
        {
          ...shared,
          machine,
          networkInterface,
          placementGroup: placementGroups.get(machine.placementGroup) ?? "",
          after: [...dns.records, ...reachable],
          replacedAfter,
        },
        parent,
      );
    };
    this.registerOutputs({ vpcId });
  }

  /**
   * Makes the machine of a host.
   * @param replacedAfter what it waits for before it is changed or replaced
   */
  addHost(machine: PlannedMachine, replacedAfter: Ec2HostArgs["replacedAfter"]): Ec2Host {
    const host = this.create(machine, replacedAfter);
    this.hosts.set(machine.host, host);
    return host;
  }

  /** Makes the database of the plan. @throws Error when the plan has none to make, which is a fault of ours */
  addDatabase(
    { stack, database }: Pick<ClusterPlan, "stack" | "database">,
    password: pulumi.Output<string>,
  ): RdsDatabase {
    if (database?.rds === undefined) throw new Error("the plan has no database to make");
    const { plan, tags } = this.args;
    this.database = new RdsDatabase(
      `${this.prefix}-database`,
      {
        plan: { ...database, rds: database.rds },
        stack,
        config: plan.config,
        subnetIds: [...this.network.subnetIds.values()],
        securityGroupId: this.groups.id(DATABASE_SECURITY_GROUP),
        password,
        // A bucket's name is never given out twice: nor is a snapshot's that begins with it.
        deployment: this.artefacts.bucket,
        tags,
      },
      { parent: this },
    );
    return this.database;
  }

  /** Public SSH host keys by host, the bastion's under its name; of the machines made so far. */
  get hostKeys(): Readonly<Record<string, pulumi.Output<string>>> {
    return Object.fromEntries([
      ...[...this.hosts].map(([host, { hostKey }]) => [host, hostKey] as const),
      ...(this.bastion === undefined ? [] : [[BASTION, this.bastion.hostKey] as const]),
    ]);
  }

  /** In every zone, because one that is reached through another zone is lost with that. */
  private createEndpoints(name: string, { region, network }: AwsConfig, groups: SecurityGroups, tags: Tags): void {
    for (const service of network.interfaceEndpoints) {
      new ec2.VpcEndpoint(
        `${name}-endpoint-${service}`,
        {
          vpcId: this.network.vpcId,
          serviceName: `com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Interface",
          subnetIds: [...this.network.subnetIds.values()],
          securityGroupIds: [groups.id(ENDPOINTS_SECURITY_GROUP)],
          // The service's usual name leads here.
          privateDnsEnabled: true,
          tags: named(tags, service),
        },
        { parent: this },
      );
    }
  }

  private createKeyPair(
    name: string,
    { login }: AwsConfig,
    tags: Tags,
  ): { name: pulumi.Input<string>; generated?: pulumi.Output<string> } {
    if (login.keyPair !== undefined) return { name: login.keyPair };
    const key = new tls.PrivateKey(`${name}-login`, { algorithm: "ED25519" }, { parent: this });
    const pair = new ec2.KeyPair(
      `${name}-login`,
      { publicKey: key.publicKeyOpenssh.apply((text) => text.trim()), tags: named(tags, "login") },
      { parent: this },
    );
    return { name: pair.keyName, generated: pulumi.secret(key.privateKeyOpenssh) };
  }

  private createInterface(name: string, machine: PlannedMachine, groups: SecurityGroups, tags: Tags) {
    const subnetId = this.network.subnetIds.get(machine.zone);
    if (subnetId === undefined) throw new Error(`no subnet in ${machine.zone}`);
    const networkInterface = new ec2.NetworkInterface(
      `${name}-${machine.host}`,
      {
        subnetId,
        privateIps: [machine.address],
        securityGroups: machine.securityGroups.map((group) => groups.id(group)),
        description: `${tags["activemq-stack"] ?? ""} ${machine.host}`.trim(),
        tags: { ...named(tags, machine.host), "activemq-host": machine.host },
      },
      { parent: this },
    );
    return { machine, networkInterface };
  }

  private createPlacementGroups(name: string, names: readonly string[], tags: Tags) {
    return new Map(
      names.map((group) => [
        group,
        new ec2.PlacementGroup(`${name}-${group}`, { strategy: "spread", tags: named(tags, group) }, { parent: this })
          .name,
      ]),
    );
  }
}
