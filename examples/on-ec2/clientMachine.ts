import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as s3 from "@pulumi/aws/s3";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { userData } from "./userData";

/** Where the first boot gets packages from, and the client its secret: TLS alone. */
const HTTPS = 443;

export interface ClientMachineArgs {
  readonly vpcId: pulumi.Input<string>;
  /** A subnet of that VPC, with a way to Secrets Manager, S3 and the region's packages. */
  readonly subnetId: string;
  /** Amazon Linux 2023 for arm64. */
  readonly imageId: string;
  /** The client, as `mvn package` makes it. */
  readonly jar: string;
  /** The cluster's output: whoever joins it may connect to the brokers. */
  readonly clientSecurityGroupId: pulumi.Input<string>;
  /** The cluster's output: whoever has it may read the secret. */
  readonly clientPolicyArn: pulumi.Input<string>;
  /** The cluster's output: how to connect. */
  readonly clientSecretArn: pulumi.Input<string>;
}

/** An instance that runs the Spring client. */
export class ClientMachine extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;

  /** @throws Error when the jar is not there */
  constructor(name: string, args: ClientMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("activemq-client:index:ClientMachine", name, {}, opts);
    const parent = { parent: this };
    const { bucket, key, bucketArn } = this.upload(name, args.jar);
    const role = new iam.Role(
      `${name}-role`,
      {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
        }),
      },
      parent,
    );
    const reads = [
      new iam.RolePolicyAttachment(`${name}-credentials`, { role: role.name, policyArn: args.clientPolicyArn }, parent),
      new iam.RolePolicy(
        `${name}-jar`,
        {
          role: role.id,
          policy: pulumi.jsonStringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: pulumi.interpolate`${bucketArn}/*` }],
          }),
        },
        parent,
      ),
    ];
    const profile = new iam.InstanceProfile(`${name}-profile`, { role: role.name }, parent);
    const instance = new ec2.Instance(
      `${name}-instance`,
      {
        ami: args.imageId,
        instanceType: "t4g.small",
        subnetId: args.subnetId,
        vpcSecurityGroupIds: [args.clientSecurityGroupId, this.ownGroup(name, args.vpcId)],
        iamInstanceProfile: profile.name,
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        rootBlockDevice: { encrypted: true, volumeType: "gp3" },
        // Another jar is another key, so another machine: the first boot brings it.
        userDataReplaceOnChange: true,
        userData: pulumi
          .all([bucket, key, args.clientSecretArn])
          .apply(([from, object, secretArn]) => userData({ bucket: from, key: object, secretArn })),
        tags: { Name: name },
      },
      // The role's rights are asked for at the first boot.
      { parent: this, dependsOn: reads },
    );
    this.instanceId = instance.id;
    this.registerOutputs({ instanceId: this.instanceId });
  }

  private upload(name: string, jar: string) {
    const parent = { parent: this };
    const bucket = new s3.Bucket(`${name}-artefacts`, { forceDestroy: true }, parent);
    new s3.BucketPublicAccessBlock(
      `${name}-artefacts`,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    const object = new s3.BucketObjectv2(
      `${name}-jar`,
      { bucket: bucket.id, key: `spring-client-${hashOf(jar)}.jar`, source: new pulumi.asset.FileAsset(jar) },
      parent,
    );
    return { bucket: object.bucket, key: object.key, bucketArn: bucket.arn };
  }

  /** What a client needs beside the brokers, which the cluster's own group lets it reach. Nobody is let in. */
  private ownGroup(name: string, vpcId: pulumi.Input<string>): pulumi.Output<string> {
    const group = new ec2.SecurityGroup(`${name}-out`, { description: "Out to AWS over TLS", vpcId }, { parent: this });
    new vpc.SecurityGroupEgressRule(
      `${name}-out`,
      {
        securityGroupId: group.id,
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: HTTPS,
        toPort: HTTPS,
        description: "Secrets Manager, S3, packages",
      },
      { parent: this },
    );
    return group.id;
  }
}

function hashOf(jar: string): string {
  try {
    return createHash("sha256").update(readFileSync(jar)).digest("hex").slice(0, 12);
  } catch (error) {
    throw new Error(`${jar} cannot be read. Make it first: mvn -f ../spring-client package`, { cause: error });
  }
}
