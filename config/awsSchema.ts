/** The shape of `activemq:aws`: what a stack file says about the machines and the network that target aws makes. */
import { z } from "zod";
import { NETWORK_FORM } from "../core/util/ipv4";

export const ARCHITECTURES = ["arm64", "x86_64"] as const;

/** Amazon Linux 2023 images are made for disks of 8 GiB; 16 TiB is the most that gp3 has. */
const gib = (least: number) => z.int().min(least).max(16384);

export const cidr = z.string().regex(NETWORK_FORM, { error: "an IPv4 network such as 10.0.0.0/16" });
const idOf = (prefix: string, example: string) =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), { error: `an id such as ${example}` });
const zone = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, { error: "an availability zone's name such as eu-central-1a" });
const instanceType = z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, { error: "an instance type such as m7g.large" });
const arn = (service: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:[^\\s]+$`), { error: `an ARN of ${service}` });

const subnetSchema = z.strictObject({
  zone: zone.describe("The subnet's availability zone; one of aws.zones."),
  id: idOf("subnet", "subnet-0123456789abcdef0").describe("The subnet's id."),
  cidr: cidr.describe("The subnet's addresses; compared with what the account says before anything is made."),
});

const networkSchema = z.strictObject({
  cidr: cidr
    .optional()
    .describe("A new VPC's addresses, /16 to /24. Not with vpcId.")
    .meta({ defaultText: "10.0.0.0/16" }),
  vpcId: idOf("vpc", "vpc-0123456789abcdef0")
    .optional()
    .describe("An existing VPC.")
    .meta({ defaultText: "a new one" }),
  subnets: z
    .array(subnetSchema)
    .min(1)
    .optional()
    .describe("With vpcId: the private subnet of each zone of aws.zones."),
  publicSubnetId: idOf("subnet", "subnet-0123456789abcdef0")
    .optional()
    .describe("With vpcId and a bastion: the subnet with a route to the internet that the bastion goes to."),
  routeTableIds: z
    .array(idOf("rtb", "rtb-0123456789abcdef0"))
    .min(1)
    .optional()
    .describe(
      "With vpcId: route tables that get an S3 gateway endpoint, for our bucket and Amazon Linux packages alone.",
    )
    .meta({ defaultText: "S3 can be reached already" }),
  interfaceEndpoints: z
    .array(
      z.string().regex(/^[a-z][a-z0-9.-]*$/, { error: "a service as its endpoint is called, such as secretsmanager" }),
    )
    .default([])
    .describe(
      "Services of AWS that hosts and clients reach in the VPC itself, without a way to the internet. Each costs by the hour and zone.",
    ),
  firstAddress: z
    .int()
    .min(4)
    .max(1000)
    .default(10)
    .describe(
      "Where the hosts' fixed addresses begin in each subnet, counted from the subnet's first; AWS keeps 0 to 3.",
    ),
});

const imageSchema = z.strictObject({
  id: idOf("ami", "ami-0123456789abcdef0").describe(
    "An Amazon Linux 2023 image of the region. Pinned here, so that a newer one never replaces a machine unasked.",
  ),
  architecture: z.enum(ARCHITECTURES).default("arm64").describe("The image's architecture."),
});

const instanceTypesSchema = z.strictObject({
  broker: instanceType.describe("Of hosts that carry brokers."),
  zookeeper: instanceType
    .optional()
    .describe("Of hosts that carry a ZooKeeper member; where the store needs an ensemble."),
});

const volumesSchema = z.strictObject({
  rootGiB: gib(8).default(10).describe("A machine's own disk, in GiB; it goes with the machine."),
  brokerDataGiB: gib(4)
    .default(50)
    .describe("The data volume of a broker host, in GiB: what limits allow its brokers to store, and 2 GiB."),
  zookeeperDataGiB: gib(4).default(8).describe("The data volume of a ZooKeeper host, in GiB."),
  kmsKeyArn: arn("kms")
    .optional()
    .describe("Encrypts all volumes, secrets and what brokers share.")
    .meta({ defaultText: "the account's own keys of each service" }),
});

/** Also the defaults, where a stack file does not speak of the database. */
export const databaseSchema = z.strictObject({
  instanceClass: z
    .string()
    .regex(/^db\.[a-z][a-z0-9-]*\.[a-z0-9-]+$/, { error: "a class of RDS such as db.m7g.large" })
    .default("db.m7g.large")
    .describe("How large the database's machines are."),
  engineVersion: z
    .string()
    .regex(/^\d{2}(\.\d+)?$/, { error: 'a version of PostgreSQL in quotes, such as "16" or "16.9"' })
    .default("16")
    .describe(
      "PostgreSQL's version, in quotes. Without its second number AWS keeps that one new, an outage of a minute each time.",
    ),
  multiZone: z
    .boolean()
    .default(true)
    .describe(
      "A standby in another zone takes over within one or two minutes. false: lost with its zone, half the cost.",
    ),
  storageGiB: z.int().min(20).max(65536).default(50).describe("Its disk (gp3), in GiB: what all groups store."),
  maxStorageGiB: z
    .int()
    .min(20)
    .max(65536)
    .optional()
    .describe("Up to where AWS enlarges the disk before it is full. The same as storageGiB: never.")
    .meta({ defaultText: "twice storageGiB" }),
  backupDays: z
    .int()
    .min(0)
    .max(35)
    .default(7)
    .describe("Days for which it can be set back to any minute. 0: no backups."),
  finalSnapshot: z
    .boolean()
    .default(true)
    .describe("A snapshot is taken when the database is deleted; it stays in the account, and costs."),
});

const fileSystemSchema = z.strictObject({
  backups: z
    .boolean()
    .default(false)
    .describe("AWS Backup copies it every day. A copy of a broker's files while it writes may need to be repaired."),
});

const bastionSchema = z.strictObject({
  cidrs: z.array(cidr).min(1).describe("Who may log in to the bastion."),
  instanceType: instanceType
    .optional()
    .describe("The bastion's type.")
    .meta({ defaultText: "t4g.nano, or t3.nano for x86_64" }),
});

const loginSchema = z.strictObject({
  bastion: bastionSchema
    .optional()
    .describe("A small machine with a public address that logins go through.")
    .meta({ defaultText: "none" }),
  cidrs: z
    .array(cidr)
    .min(1)
    .optional()
    .describe("Who may log in to the hosts directly, as from a VPN. Also without a bastion.")
    .meta({ defaultText: "nobody" }),
  keyPair: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe("Name of a key pair of the region.")
    .meta({ defaultText: "one is generated, private half in the stack's state" }),
  privateKeyFile: z
    .string()
    .min(1)
    .optional()
    .describe("With keyPair: its private half, without a passphrase; ~ is your home.")
    .meta({ defaultText: "your SSH agent's keys" }),
});

const hostSchema = z.strictObject({
  name: z.string().min(1).describe("A host of the plan, as `amq plan` lists it."),
  zone: zone
    .optional()
    .describe("The zone that it is in, one of aws.zones. In a zone other than the default its volume is empty.")
    .meta({ defaultText: "the one whose turn it is" }),
  keepsVolumeOf: zone
    .optional()
    .describe("The zone that it was moved from: the volume that it left there is kept, beside the machine."),
  volumeId: idOf("vol", "vol-0123456789abcdef0")
    .optional()
    .describe("An existing volume that becomes its data volume, as one that another deployment kept."),
});

const tagSchema = z.strictObject({
  key: z.string().min(1).max(128).describe("The tag's name."),
  value: z.string().max(256).describe("What it says."),
});

/** `activemq:aws`. */
export const awsSchema = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: "a region such as eu-central-1" })
    .describe("Where everything is made."),
  zones: z
    .array(zone)
    .min(1)
    .max(6)
    .describe(
      "Availability zones, in an order that stays: hosts go to them in turn. Three, to survive the loss of one.",
    ),
  image: imageSchema.describe("What machines boot from."),
  instanceTypes: instanceTypesSchema.describe("How large machines are, by what they carry."),
  volumes: volumesSchema.prefault({}).describe("Disks and their key."),
  network: networkSchema.prefault({}).describe("A new VPC's addresses, or which VPC there is."),
  database: databaseSchema
    .optional()
    .describe("With store jdbc and without jdbc.url: the RDS for PostgreSQL that is made.")
    .meta({ defaultText: "its keys' own" }),
  hosts: z
    .array(hostSchema)
    .default([])
    .describe("Hosts that are elsewhere than their turn would have them, or that take over a volume."),
  fileSystem: fileSystemSchema
    .optional()
    .describe("With store sharedKahaDB: the EFS file system that is made.")
    .meta({ defaultText: "its keys' own" }),
  dnsZone: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/, {
      error: "a domain in small letters such as activemq.internal",
    })
    .max(150)
    .default("activemq.internal")
    .describe("The private DNS zone that is made for the hosts' names. Another one for each stack in one VPC."),
  login: loginSchema.describe("How the program and amq log in to the hosts."),
  protect: z
    .boolean()
    .default(true)
    .describe(
      "Instances refuse to be terminated, data volumes, a database and a file system to be deleted; deleted secrets can be had back for 30 days.",
    ),
  iam: z
    .strictObject({
      path: z
        .string()
        .regex(/^\/([A-Za-z0-9_.-]+\/)*$/, { error: "a path such as /messaging/" })
        .default("/")
        .describe("The path of roles, instance profiles and policies."),
      permissionsBoundary: arn("iam").optional().describe("The boundary of every role.").meta({ defaultText: "none" }),
    })
    .prefault({})
    .describe("Where roles and policies are made, and what bounds them."),
  tags: z.array(tagSchema).max(40).default([]).describe("Further tags of everything that is made."),
});

/** What a stack file says about target aws, defaults filled in. */
export type AwsConfig = z.output<typeof awsSchema>;
export type DatabaseConfig = z.output<typeof databaseSchema>;
