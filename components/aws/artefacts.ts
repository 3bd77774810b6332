import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { bucketPolicy } from "./policies";
import { named, type Tags } from "./tags";

export interface ArtefactBucketArgs {
  readonly tags: Tags;
}

/** A private bucket that machines fetch from: Java runtimes, and each its own SSH host key. */
export class ArtefactBucket extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ArtefactBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("activemq:index:ArtefactBucket", name, {}, opts);
    const parent = { parent: this };
    const bucket = new s3.Bucket(
      `${name}-bucket`,
      // Everything in it can be made again, so destroying the stack empties it.
      { forceDestroy: true, tags: named(args.tags, "artefacts") },
      parent,
    );
    const closed = new s3.BucketPublicAccessBlock(
      `${name}-private`,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
      parent,
    );
    const encrypted = new s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { bucket: bucket.id, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      parent,
    );
    const policy = new s3.BucketPolicy(
      `${name}-policy`,
      { bucket: bucket.id, policy: bucket.arn.apply(bucketPolicy) },
      // Policies of a bucket and what blocks public ones must not be changed at the same time.
      { ...parent, dependsOn: [closed] },
    );
    // Whoever has the name has a bucket that is closed and encrypted.
    this.bucket = pulumi.all([bucket.bucket, closed.id, encrypted.id, policy.id]).apply(([found]) => found);
    this.arn = bucket.arn;
    this.registerOutputs({ bucket: this.bucket });
  }
}
