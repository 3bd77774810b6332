import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import type { AwsConfig } from "../../config/awsSchema";
import { named, type Tags } from "./tags";
import type { ArtefactBucket } from "./artefacts";
import { BASTION } from "../../core/plan/aws/bastionName";
import { machineSettings } from "./ec2Host";
import { MachineIdentity } from "./machineIdentity";
import { userData } from "../../core/render/host/userData";

export interface BastionArgs {
  readonly config: AwsConfig;
  readonly instanceType: string;
  readonly subnetId: pulumi.Input<string>;
  readonly securityGroupId: pulumi.Input<string>;
  readonly keyName: pulumi.Input<string>;
  readonly artefacts: ArtefactBucket;
  readonly after: readonly pulumi.Resource[];
  readonly tags: Tags;
}

/** The one machine with a public address: logins go through it, nothing else does. */
export class Bastion extends pulumi.ComponentResource {
  /** The public address, which outlives the machine. */
  readonly address: pulumi.Output<string>;
  readonly hostKey: pulumi.Output<string>;

  constructor(name: string, args: BastionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("activemq:index:Bastion", name, {}, opts);
    const { config, tags } = args;
    const identity = new MachineIdentity(
      name,
      { ...args, machine: BASTION, region: config.region, iam: config.iam },
      { parent: this },
    );
    const instance = new ec2.Instance(
      `${name}-instance`,
      {
        ...machineSettings(config, { name: `${BASTION}-root`, tags }),
        instanceType: args.instanceType,
        subnetId: args.subnetId,
        vpcSecurityGroupIds: [args.securityGroupId],
        iamInstanceProfile: identity.instanceProfile,
        keyName: args.keyName,
        userData: args.artefacts.bucket.apply((bucket) =>
          userData({ machine: BASTION, region: config.region, bucket }),
        ),
        tags: named(tags, BASTION),
      },
      // A public address that comes later is the Eip's, and no reason for another machine.
      {
        parent: this,
        ignoreChanges: ["userData", "associatePublicIpAddress"],
        dependsOn: [...args.after, ...identity.ready],
      },
    );
    const address = new ec2.Eip(`${name}-address`, { domain: "vpc", tags: named(tags, BASTION) }, { parent: this });
    const association = new ec2.EipAssociation(
      `${name}-address`,
      { allocationId: address.id, instanceId: instance.id },
      { parent: this },
    );
    this.address = pulumi.all([address.publicIp, association.id]).apply(([ip]) => ip);
    this.hostKey = identity.hostKey;
    this.registerOutputs({ address: this.address });
  }
}
