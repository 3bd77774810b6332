import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import { named, type Tags } from "./tags";
import type { Peer, SecurityPlan } from "../../core/plan/aws/model";

export interface SecurityGroupsArgs {
  readonly plan: SecurityPlan;
  readonly vpcId: pulumi.Input<string>;
  /** Addresses of S3 in the region. */
  readonly s3PrefixListId: pulumi.Input<string>;
  readonly tags: Tags;
}

/** The security groups of a plan, closed but for its rules, each rule a resource of its own. */
export class SecurityGroups extends pulumi.ComponentResource {
  /** By the names that the plan knows them by. */
  readonly ids: ReadonlyMap<string, pulumi.Output<string>>;
  readonly rules: readonly pulumi.Resource[];

  constructor(name: string, args: SecurityGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("activemq:index:SecurityGroups", name, {}, opts);
    const { plan, vpcId, tags } = args;
    this.ids = new Map(
      plan.groups.map(({ name: group, description }) => [
        group,
        new ec2.SecurityGroup(
          `${name}-${group}`,
          // Without rules of its own, which would fight those below; AWS's rule that lets everything out goes by that, too.
          { description, vpcId, tags: named(tags, group) },
          { parent: this },
        ).id,
      ]),
    );
    this.rules = plan.rules.map(({ id, group, direction, peer, port, description }) => {
      const inputs = {
        securityGroupId: this.id(group),
        ...this.peerOf(peer, args),
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        description,
        tags: named(tags, id),
      };
      return direction === "ingress"
        ? new vpc.SecurityGroupIngressRule(`${name}-${id}`, inputs, { parent: this })
        : new vpc.SecurityGroupEgressRule(`${name}-${id}`, inputs, { parent: this });
    });
    this.registerOutputs({});
  }

  /** The id of a group of the plan. @throws Error when there is none of that name */
  id(group: string): pulumi.Output<string> {
    const id = this.ids.get(group);
    if (id === undefined) throw new Error(`no security group ${group}`);
    return id;
  }

  private peerOf(peer: Peer, { s3PrefixListId }: SecurityGroupsArgs) {
    if ("group" in peer) return { referencedSecurityGroupId: this.id(peer.group) };
    return "cidr" in peer ? { cidrIpv4: peer.cidr } : { prefixListId: s3PrefixListId };
  }
}
