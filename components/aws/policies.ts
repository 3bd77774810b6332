/** IAM policy documents, least privilege each, as plain data. Pure. */

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, string>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A document's JSON. */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** ARNs begin with another word in China and in GovCloud. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** What passes the VPC's S3 gateway endpoint: our bucket, and the region's repositories of Amazon Linux 2023. */
export function endpointPolicy(region: string, bucketArn: string): string {
  // The bucket is the same in every account; AWS publishes the name, in its guide to hosts without internet access.
  const repositories = `arn:${partitionOf(region)}:s3:::al2023-repos-${region}-de612dc2/*`;
  return policyDocument([
    { Sid: "Artefacts", Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `${bucketArn}/*` },
    { Sid: "Packages", Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: repositories },
  ]);
}

/** Who may become the role of a machine: EC2, for its instances. */
export function machineTrust(region: string): string {
  const service = region.startsWith("cn-") ? "ec2.amazonaws.com.cn" : "ec2.amazonaws.com";
  return policyDocument([
    { Sid: "Machines", Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" },
  ]);
}

/** What a machine may do: read the runtimes, and what is its own. */
export function machinePolicy(bucketArn: string, machine: string): string {
  return policyDocument([
    {
      Sid: "OwnArtefacts",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: [`${bucketArn}/hosts/${machine}/*`, `${bucketArn}/runtimes/*`],
    },
  ]);
}

/** Nobody reads or writes the bucket in clear text. */
export function bucketPolicy(bucketArn: string): string {
  return policyDocument([
    {
      Sid: "EncryptedConnectionsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
}

/** What an application needs to log in to the brokers: its secrets, and the key that they are encrypted with. */
export function secretReaderPolicy(secretArns: readonly string[], kmsKeyArn: string | undefined): string {
  return policyDocument([
    {
      Sid: "Credentials",
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
      Resource: secretArns,
    },
    ...(kmsKeyArn === undefined
      ? []
      : [{ Sid: "Key", Effect: "Allow" as const, Action: "kms:Decrypt", Resource: kmsKeyArn }]),
  ]);
}

/**
 * Who may use the file system: whoever its mount targets let in, over encrypted connections. Nobody is root: access points say who
 * writes. Machines need no right of their own for it, and no way to ask for one.
 */
export function fileSystemPolicy(fileSystemArn: string): string {
  return policyDocument([
    {
      Sid: "WhoeverReachesIt",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
      Resource: fileSystemArn,
      Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
    },
    {
      Sid: "EncryptedConnectionsOnly",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: "*",
      Resource: fileSystemArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
}
