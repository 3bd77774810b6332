import * as efs from "@pulumi/aws/efs";
import * as pulumi from "@pulumi/pulumi";
import { fileSystemPolicy } from "./policies";
import { named, type Tags } from "./tags";
import { FILE_OWNER } from "../../core/plan/aws/sharedFileSystem";
import type { PlannedFileSystem } from "../../core/plan/aws/model";

export interface EfsFileSystemArgs {
  readonly plan: PlannedFileSystem;
  readonly kmsKeyArn: string | undefined;
  /** The private subnet of each zone. */
  readonly subnetIds: ReadonlyMap<string, pulumi.Input<string>>;
  /** Lets the brokers in, and nobody else. */
  readonly securityGroupId: pulumi.Input<string>;
  readonly tags: Tags;
}

/** A file system that brokers of all zones share, with an access point for each group. */
export class EfsFileSystem extends pulumi.ComponentResource {
  readonly fileSystemId: pulumi.Output<string>;
  /** By group. */
  readonly accessPointIds: ReadonlyMap<string, pulumi.Output<string>>;
  /** What must be there before a host can mount it. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: EfsFileSystemArgs, opts?: pulumi.ComponentResourceOptions) {
    super("activemq:index:EfsFileSystem", name, {}, opts);
    const { plan, kmsKeyArn, tags } = args;
    const parent = { parent: this };
    const fileSystem = new efs.FileSystem(
      `${name}-files`,
      {
        encrypted: true,
        ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
        performanceMode: "generalPurpose",
        // Bursting gives a small file system next to nothing, and a broker's is small while all goes well.
        throughputMode: "elastic",
        // No lifecycle: a journal file that nobody has read for a month is read in full at the next failover.
        tags: named(tags, "files"),
      },
      { parent: this, protect: plan.protect },
    );
    new efs.BackupPolicy(
      `${name}-backups`,
      { fileSystemId: fileSystem.id, backupPolicy: { status: plan.backups ? "ENABLED" : "DISABLED" } },
      parent,
    );
    const policy = new efs.FileSystemPolicy(
      `${name}-policy`,
      { fileSystemId: fileSystem.id, policy: fileSystem.arn.apply(fileSystemPolicy) },
      parent,
    );
    const targets = [...args.subnetIds].map(
      ([zone, subnetId]) =>
        new efs.MountTarget(
          `${name}-${zone}`,
          { fileSystemId: fileSystem.id, subnetId, securityGroups: [args.securityGroupId] },
          parent,
        ),
    );
    const points = plan.accessPoints.map(({ group, path }) => {
      const owner = { uid: FILE_OWNER, gid: FILE_OWNER };
      const point = new efs.AccessPoint(
        `${name}-${group}`,
        {
          fileSystemId: fileSystem.id,
          posixUser: owner,
          rootDirectory: { path, creationInfo: { ownerUid: owner.uid, ownerGid: owner.gid, permissions: "0700" } },
          tags: named(tags, `files-${group}`),
        },
        parent,
      );
      return [group, point] as const;
    });
    this.fileSystemId = fileSystem.id;
    this.accessPointIds = new Map(points.map(([group, { id }]) => [group, id]));
    this.ready = [policy, ...targets, ...points.map(([, point]) => point)];
    this.registerOutputs({ fileSystemId: this.fileSystemId });
  }

  /** What a host is told: a line for each of the groups, with where it is mounted, and what. */
  mounts(groups: readonly string[], { accessPoints }: PlannedFileSystem): pulumi.Output<string> {
    const lines = accessPoints
      .filter(({ group }) => groups.includes(group))
      .map(({ group, mountPoint }) => pulumi.interpolate`${mountPoint} ${this.fileSystemId} ${this.point(group)}\n`);
    return pulumi.all(lines).apply((all) => all.join(""));
  }

  private point(group: string): pulumi.Output<string> {
    const id = this.accessPointIds.get(group);
    if (id === undefined) throw new Error(`no access point for group ${group}`);
    return id;
  }
}
