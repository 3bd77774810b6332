import * as ebs from "@pulumi/aws/ebs";
import * as ec2 from "@pulumi/aws/ec2";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import type { AwsConfig } from "../../config/awsSchema";
import { named, type Tags } from "./tags";
import type { ArtefactBucket } from "./artefacts";
import { MachineIdentity } from "./machineIdentity";
import { userData, volumeObject } from "../../core/render/host/userData";
import type { PlannedMachine } from "../../core/plan/aws/model";

/** What the data volume is attached as; the machine finds it by its id. */
const DATA_DEVICE = "/dev/sdf";

export interface Ec2HostArgs {
  readonly machine: PlannedMachine;
  readonly config: AwsConfig;
  /** The interface with the machine's fixed address, which outlives the machine. */
  readonly networkInterface: ec2.NetworkInterface;
  readonly placementGroup: pulumi.Input<string>;
  readonly keyName: pulumi.Input<string>;
  readonly artefacts: ArtefactBucket;
  /** Before it boots: all names of the cluster, and the way to S3. */
  readonly after: readonly pulumi.Resource[];
  /** Before it is changed or replaced: the machine that goes before it, serving again. */
  readonly replacedAfter: pulumi.Input<pulumi.Resource[]>;
  readonly tags: Tags;
}

/** An EC2 instance that can be replaced, with an address and a data volume that stay. */
export class Ec2Host extends pulumi.ComponentResource {
  readonly machine: PlannedMachine;
  readonly instance: ec2.Instance;
  readonly attachment: ec2.VolumeAttachment;
  /** The public SSH host key, known before the machine boots. */
  readonly hostKey: pulumi.Output<string>;
  /** Another text for another machine, or one that was changed: part of every command on it. */
  readonly fingerprint: pulumi.Output<string>;

  constructor(name: string, args: Ec2HostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("activemq:index:Ec2Host", name, {}, opts);
    const { machine, config } = args;
    this.machine = machine;
    const tags = { ...args.tags, "activemq-host": machine.host };
    const identity = new MachineIdentity(
      name,
      { ...args, machine: machine.host, region: config.region, iam: config.iam, tags },
      { parent: this },
    );
    const volume = this.createVolume(name, args, tags);
    if (machine.keptVolume !== undefined) this.keepVolume(name, machine.keptVolume, args, tags);
    const volumeId = new s3.BucketObjectv2(
      `${name}-volume-id`,
      {
        bucket: args.artefacts.bucket,
        key: volumeObject(machine.host),
        content: volume.id,
        tags: named(tags, `${machine.host}-data`),
      },
      { parent: this },
    );
    const after = [...args.after, ...identity.ready, volumeId];
    this.instance = new ec2.Instance(
      `${name}-instance`,
      {
        ...machineSettings(config, { name: `${machine.host}-root`, tags }),
        instanceType: machine.instanceType,
        primaryNetworkInterface: { networkInterfaceId: args.networkInterface.id },
        placementGroup: args.placementGroup,
        iamInstanceProfile: identity.instanceProfile,
        keyName: args.keyName,
        // Nobody else ends it by mistake; the program, which does so to replace it, may.
        disableApiTermination: config.protect,
        forceDestroy: true,
        userData: args.artefacts.bucket.apply((bucket) =>
          userData({ machine: machine.host, region: config.region, bucket, dnsName: machine.dnsName }),
        ),
        tags: named(tags, machine.host),
      },
      {
        parent: this,
        // The interface, the volume and the address can be with one machine only.
        deleteBeforeReplace: true,
        // It runs once; another text would stop and start the machine for nothing.
        ignoreChanges: ["userData"],
        // Whom it waits for is never a difference: recorded or not, it decides about this run alone.
        dependsOn: pulumi.output(args.replacedAfter).apply((replacedAfter) => [...after, ...replacedAfter]),
      },
    );
    this.attachment = new ec2.VolumeAttachment(
      `${name}-data`,
      {
        deviceName: DATA_DEVICE,
        instanceId: this.instance.id,
        volumeId: volume.id,
        // Else the file system is torn off under a broker that writes.
        stopInstanceBeforeDetaching: true,
      },
      // A machine that is gone cannot be stopped, and one that is terminated lets go of its volume.
      { parent: this, deleteBeforeReplace: true, deletedWith: this.instance },
    );
    this.hostKey = identity.hostKey;
    this.fingerprint = pulumi.interpolate`${this.instance.id} ${machine.instanceType} ${machine.dataGiB} GiB`;
    this.registerOutputs({ hostKey: this.hostKey });
  }

  private createVolume(name: string, { machine, config }: Ec2HostArgs, tags: Tags): ebs.Volume {
    const { zone, dataGiB, volumeSuffix, volumeId } = machine;
    return new ebs.Volume(
      `${name}-data${volumeSuffix}`,
      dataVolume(config, { zone, dataGiB, name: `${machine.host}-data`, tags }),
      // What is taken over is as another stack made it: tags and key that differ are no reason to refuse it.
      {
        parent: this,
        protect: config.protect,
        ...(volumeId !== undefined && { import: volumeId, ignoreChanges: ["tags", "kmsKeyId"] }),
      },
    );
  }

  /** The volume of a zone that the machine has left: of no use to it, and deleted by nobody. */
  private keepVolume(
    name: string,
    { zone, suffix }: NonNullable<PlannedMachine["keptVolume"]>,
    { machine, config }: Ec2HostArgs,
    tags: Tags,
  ): void {
    new ebs.Volume(
      `${name}-data${suffix}`,
      dataVolume(config, { zone, dataGiB: machine.dataGiB, name: `${machine.host}-data`, tags }),
      // Not protected any more, so that it can be left out of the stack file; it is then forgotten, and stays as it is.
      { parent: this, protect: false, retainOnDelete: true, ignoreChanges: ["size", "kmsKeyId"] },
    );
  }
}

function dataVolume(
  { volumes: { kmsKeyArn } }: AwsConfig,
  args: { readonly zone: string; readonly dataGiB: number; readonly name: string; readonly tags: Tags },
): ebs.VolumeArgs {
  return {
    availabilityZone: args.zone,
    type: "gp3",
    size: args.dataGiB,
    encrypted: true,
    ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
    tags: named(args.tags, args.name),
  };
}

/** What all our machines have in common, the bastion included. */
export function machineSettings(
  config: AwsConfig,
  root: { readonly name: string; readonly tags: Tags },
): Pick<ec2.InstanceArgs, "ami" | "metadataOptions" | "rootBlockDevice"> {
  const { kmsKeyArn, rootGiB } = config.volumes;
  return {
    // Pinned in the stack file: a newer image is a change of that file, never of the region's list.
    ami: config.image.id,
    // Version 2 only: the first one answers whoever makes a server of ours ask.
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    rootBlockDevice: {
      volumeType: "gp3",
      volumeSize: rootGiB,
      encrypted: true,
      deleteOnTermination: true,
      ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
      tags: named(root.tags, root.name),
    },
  };
}
