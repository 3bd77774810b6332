import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { type ExistingSubnet, subnetFault, vpcFault } from "./existingVpc";
import { endpointPolicy } from "./policies";
import { named, type Tags } from "./tags";
import type { PlannedNetwork } from "../../core/plan/aws/model";

export interface NetworkArgs {
  readonly plan: PlannedNetwork;
  readonly region: string;
  /** What machines may read through the VPC's S3 endpoint, beside their packages. */
  readonly bucketArn: pulumi.Input<string>;
  readonly tags: Tags;
  /** What an id of the plan stands for, where another resource makes it. */
  readonly resolve: (text: string) => pulumi.Input<string>;
}

/** Private subnets in every zone, S3 reachable from them and nothing else; or those of a VPC that exists. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** The private subnet of each zone. */
  readonly subnetIds: ReadonlyMap<string, pulumi.Output<string>>;
  /** The bastion's; absent without one. */
  readonly publicSubnetId?: pulumi.Output<string>;
  /** Addresses of S3 in the region, for security groups. */
  readonly s3PrefixListId: pulumi.Output<string>;
  /** What must be there before a machine can reach S3, or be reached. */
  readonly routes: readonly pulumi.Resource[];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("activemq:index:Network", name, {}, opts);
    const made =
      args.plan.vpcId === undefined ? this.create(name, args) : this.existingVpc(name, args, args.plan.vpcId);
    this.vpcId = made.vpcId;
    this.subnetIds = made.subnetIds;
    this.s3PrefixListId = made.s3PrefixListId;
    this.routes = made.routes;
    if (made.publicSubnetId !== undefined) this.publicSubnetId = made.publicSubnetId;
    this.registerOutputs({ vpcId: this.vpcId });
  }

  private create(name: string, args: NetworkArgs): Made {
    const { plan, tags } = args;
    const parent = { parent: this };
    const vpc = new ec2.Vpc(
      `${name}-vpc`,
      {
        cidrBlock: plan.cidr ?? "",
        // The private zone's names, and S3's, are resolved by the VPC.
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: named(tags, "vpc"),
      },
      parent,
    );
    // Every VPC comes with a group that lets its members talk to each other and out: nothing of ours is in it, nor shall be.
    new ec2.DefaultSecurityGroup(
      `${name}-default`,
      { vpcId: vpc.id, ingress: [], egress: [], tags: named(tags, "default-closed") },
      parent,
    );
    const privateTable = new ec2.RouteTable(
      `${name}-private`,
      // Nothing but the VPC itself; the endpoint adds S3.
      { vpcId: vpc.id, tags: named(tags, "private") },
      parent,
    );
    const associations: pulumi.Resource[] = [];
    const subnetIds = new Map(
      plan.subnets.map(({ zone, cidr }) => {
        const subnet = new ec2.Subnet(
          `${name}-private-${zone}`,
          {
            vpcId: vpc.id,
            availabilityZone: zone,
            cidrBlock: cidr,
            mapPublicIpOnLaunch: false,
            tags: named(tags, `private-${zone}`),
          },
          parent,
        );
        associations.push(
          new ec2.RouteTableAssociation(
            `${name}-private-${zone}-routes`,
            { subnetId: subnet.id, routeTableId: privateTable.id },
            parent,
          ),
        );
        return [zone, subnet.id] as const;
      }),
    );
    const outside = plan.publicSubnet && this.createPublic(name, vpc, plan.publicSubnet, tags);
    const endpoint = this.createEndpoint(name, args, vpc.id, [
      privateTable.id,
      ...(outside === undefined ? [] : [outside.routeTableId]),
    ]);
    return {
      vpcId: vpc.id,
      subnetIds,
      s3PrefixListId: endpoint.prefixListId,
      routes: [...associations, endpoint, ...(outside?.routes ?? [])],
      ...(outside && { publicSubnetId: outside.subnetId }),
    };
  }

  /** The one subnet with a way to the internet: the bastion's. */
  private createPublic(
    name: string,
    vpc: ec2.Vpc,
    plan: NonNullable<PlannedNetwork["publicSubnet"]>,
    tags: Tags,
  ): { subnetId: pulumi.Output<string>; routeTableId: pulumi.Output<string>; routes: pulumi.Resource[] } {
    const parent = { parent: this };
    const gateway = new ec2.InternetGateway(
      `${name}-internet`,
      { vpcId: vpc.id, tags: named(tags, "internet") },
      parent,
    );
    const subnet = new ec2.Subnet(
      `${name}-public`,
      {
        vpcId: vpc.id,
        availabilityZone: plan.zone,
        cidrBlock: plan.cidr ?? "",
        mapPublicIpOnLaunch: false,
        tags: named(tags, "public"),
      },
      parent,
    );
    const table = new ec2.RouteTable(`${name}-public-routes`, { vpcId: vpc.id, tags: named(tags, "public") }, parent);
    const out = new ec2.Route(
      `${name}-public-internet`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      parent,
    );
    const association = new ec2.RouteTableAssociation(
      `${name}-public-association`,
      { subnetId: subnet.id, routeTableId: table.id },
      parent,
    );
    return { subnetId: subnet.id, routeTableId: table.id, routes: [out, association] };
  }

  private createEndpoint(
    name: string,
    { region, bucketArn, tags }: NetworkArgs,
    vpcId: pulumi.Input<string>,
    routeTableIds: pulumi.Input<string>[],
  ): ec2.VpcEndpoint {
    return new ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId,
        serviceName: `com.amazonaws.${region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds,
        policy: pulumi.output(bucketArn).apply((arn) => endpointPolicy(region, arn)),
        tags: named(tags, "s3"),
      },
      { parent: this },
    );
  }

  /** A VPC that exists is asked whether it is what the stack file says, before anything is made in it. */
  private existingVpc(name: string, args: NetworkArgs, planned: string): Made {
    const { plan, region, resolve } = args;
    const lookup = { parent: this };
    const checkedVpc = ec2
      .getVpcOutput({ id: resolve(planned) }, lookup)
      .apply((found) => orFail(found.id, vpcFault(found)));
    const checked = (expected: ExistingSubnet) =>
      pulumi
        .all([ec2.getSubnetOutput({ id: resolve(expected.id) }, lookup), checkedVpc])
        .apply(([found, vpcId]) => orFail(found.id, subnetFault({ ...expected, id: found.id, vpcId }, found)));
    const subnetIds = new Map(
      plan.subnets.map(({ zone, cidr, id = "" }) => [zone, checked({ id, zone, cidr })] as const),
    );
    const endpoint = plan.routeTableIds && this.createEndpoint(name, args, checkedVpc, [...plan.routeTableIds]);
    const publicSubnet = plan.publicSubnet?.id;
    return {
      vpcId: checkedVpc,
      subnetIds,
      s3PrefixListId:
        endpoint?.prefixListId ?? ec2.getPrefixListOutput({ name: `com.amazonaws.${region}.s3` }, lookup).id,
      routes: endpoint === undefined ? [] : [endpoint],
      ...(publicSubnet !== undefined && { publicSubnetId: checked({ id: publicSubnet }) }),
    };
  }
}

interface Made {
  readonly vpcId: pulumi.Output<string>;
  readonly subnetIds: ReadonlyMap<string, pulumi.Output<string>>;
  readonly publicSubnetId?: pulumi.Output<string>;
  readonly s3PrefixListId: pulumi.Output<string>;
  readonly routes: readonly pulumi.Resource[];
}

function orFail<T>(value: T, fault: string | undefined): T {
  if (fault !== undefined) throw new pulumi.RunError(fault);
  return value;
}
