/** What must hold of every resource of target aws, whatever the stack file: other placements, networks and keys than those shipped. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ec2Handlers } from "../../../testbed/lab/ec2/handlers";
import { PROJECT } from "../../support/raw";
import { cleanUp, KEY_FILE, openText, type Program, run, secretValue, shipped } from "./awsProgram";

const KMS = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d";
const BOUNDARY = "arn:aws:iam::111122223333:policy/boundary";
let program: Program;

beforeAll(async () => {
  program = await run({
    // In a VPC that exists, with keys that are given, groups that share hosts.
    given: shipped(
      "prod",
      {
        network: {
          vpcId: "vpc-01234567",
          publicSubnetId: "subnet-0000000f",
          routeTableIds: ["rtb-01234567"],
          subnets: ["a", "b", "c"].map((letter) => ({
            zone: `eu-central-1${letter}`,
            id: `subnet-0000000${letter}`,
            cidr: `10.1.${letter.charCodeAt(0)}.0/24`,
          })),
        },
        volumes: { brokerDataGiB: 200, kmsKeyArn: KMS },
        iam: { path: "/messaging/", permissionsBoundary: BOUNDARY },
        login: {
          bastion: { cidrs: ["192.0.2.0/24"] },
          cidrs: ["10.0.0.0/8"],
          keyPair: "ops",
          privateKeyFile: KEY_FILE,
        },
      },
      {
        placement: "interleaved",
        groups: [{ name: "orders" }, { name: "payments" }],
        transports: { amqp: true, mqtt: true },
      },
    ),
    // A group on a machine, no bastion, nothing elected.
    direct: shipped(
      "dev",
      { login: { cidrs: ["10.0.0.0/8"] }, volumes: {} },
      {
        store: "kahaDB",
        placement: "hostPerGroup",
        groups: [
          { name: "a", brokers: 1 },
          { name: "b", brokers: 1 },
        ],
      },
    ),
    // Messages in a database, with a key that is given.
    files: shipped("prod-efs", { volumes: { brokerDataGiB: 16, kmsKeyArn: KMS } }),
    stored: shipped("prod-jdbc", { volumes: { brokerDataGiB: 16, kmsKeyArn: KMS } }),
  });
});
afterAll(cleanUp);

const keyOfStack = (name: string) => (name.startsWith("direct-") ? undefined : KMS);
const instances = () => program.ofType("ec2.Instance");
const statementsOf = (policy: unknown) =>
  (JSON.parse(policy as string) as { Statement: Record<string, unknown>[] }).Statement;

it("lets nobody in from everywhere", () => {
  const rules = program.ofType("vpc.SecurityGroupIngressRule");
  expect(rules.length).toBeGreaterThan(10);
  for (const { name, inputs } of rules) {
    const { cidrIpv4, cidrIpv6, referencedSecurityGroupId } = inputs;
    expect([name, cidrIpv6]).toEqual([name, undefined]);
    expect([undefined, "10.0.0.0/8", "192.0.2.0/24"]).toContain(cidrIpv4);
    expect([name, (cidrIpv4 === undefined) !== (referencedSecurityGroupId === undefined)]).toEqual([name, true]);
  }
});

it("gives every rule, group and machine a description or a name, and its stack's tag", () => {
  const untagged = [
    "aws:ec2/route:Route",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/volumeAttachment:VolumeAttachment",
    "aws:efs/backupPolicy:BackupPolicy",
    "aws:efs/fileSystemPolicy:FileSystemPolicy",
    "aws:efs/mountTarget:MountTarget",
    "aws:ec2/eipAssociation:EipAssociation",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:route53/record:Record",
    "aws:secretsmanager/secretVersion:SecretVersion",
  ];
  for (const { name, type, inputs } of program.registered.values()) {
    // What belongs to a bucket has none either.
    if (!type.startsWith("aws:") || untagged.includes(type) || /:s3\/bucket.+:Bucket[A-Z]/.test(type)) continue;
    expect([name, inputs["tags"]]).toEqual([
      name,
      expect.objectContaining({
        Name: expect.any(String) as string,
        "activemq-stack": expect.stringMatching(/^(given|direct|files|stored)$/) as string,
      }),
    ]);
  }
  for (const { inputs } of program.ofType("ec2.SecurityGroup")) {
    expect(inputs["description"]).toMatch(/^[A-Za-z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
    expect(inputs["name"]).toBeUndefined();
  }
});

it("encrypts every disk, bucket and secret, with the key that is given", () => {
  for (const { name, inputs } of program.ofType("ebs.Volume")) {
    const kmsKeyId = keyOfStack(name);
    expect([name, inputs["encrypted"], inputs["kmsKeyId"]]).toEqual([name, true, kmsKeyId]);
  }
  for (const { name, inputs } of instances()) {
    const root = inputs["rootBlockDevice"] as Record<string, unknown>;
    const kmsKeyId = keyOfStack(name);
    expect([name, root["encrypted"], root["kmsKeyId"]]).toEqual([name, true, kmsKeyId]);
  }
  for (const { inputs, name } of program.ofType("secretsmanager.Secret")) {
    expect(inputs["kmsKeyId"]).toBe(keyOfStack(name));
  }
  expect(program.ofType("rds.Instance").map(({ inputs }) => [inputs["storageEncrypted"], inputs["kmsKeyId"]])).toEqual([
    [true, KMS],
  ]);
  expect(program.ofType("efs.FileSystem").map(({ inputs }) => [inputs["encrypted"], inputs["kmsKeyId"]])).toEqual([
    [true, KMS],
  ]);
  expect(program.ofType("s3.Bucket")).toHaveLength(4);
  for (const { name } of program.ofType("s3.Bucket")) {
    const of = name.replace(/-bucket$/, "");
    expect(program.get(`s3.BucketServerSideEncryptionConfiguration ${of}-encryption`).inputs["rules"]).toEqual([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    expect(program.get(`s3.BucketPublicAccessBlock ${of}-private`).inputs).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(statementsOf(program.get(`s3.BucketPolicy ${of}-policy`).inputs["policy"])).toEqual([
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    ]);
  }
});

it("answers metadata to version 2 alone, on every machine", () => {
  expect(instances().length).toBe(3 + 3 + 1 + 2 + 2 * (4 + 1));
  for (const { name, inputs } of instances()) {
    expect([name, inputs["metadataOptions"]]).toEqual([
      name,
      { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    ]);
  }
});

it("has no secret in what a machine is told at its first boot, nor in any other open input", () => {
  for (const { name, inputs } of instances()) {
    const text = inputs["userData"] as string;
    expect([name, text]).toEqual([name, expect.stringContaining("#!/bin/bash")]);
    expect(text).not.toMatch(/PRIVATE|made-for-|password=|BEGIN/);
  }
  for (const { inputs } of program.registered.values()) {
    expect(openText(inputs)).not.toMatch(/PRIVATE HALF|made-for-/);
  }
});

it("tells clients of every transport where to connect, in the secret as in the outputs", () => {
  const { inputs } = program.get("secretsmanager.SecretVersion given-ec2-credentials-app");
  const told = JSON.parse(secretValue(inputs["secretString"]) as string) as Record<string, unknown>;
  const urls = program.plans["given"]?.urls.transports;
  expect(Object.keys(told)).toEqual(["url", "amqpUrl", "mqttUrl", "user", "password"]);
  expect([told["amqpUrl"], told["mqttUrl"]]).toEqual([urls?.amqp?.everybody, urls?.mqtt?.everybody]);
  expect(program.outputs["given"]).toMatchObject({ amqpUrl: told["amqpUrl"], mqttUrl: told["mqttUrl"] });
});

it("puts every host into a spread placement group", () => {
  for (const group of program.ofType("ec2.PlacementGroup")) expect(group.inputs["strategy"]).toBe("spread");
  const hosts = instances().filter(({ name }) => !name.includes("-bastion-"));
  for (const { name, inputs } of hosts) {
    expect([name, inputs["placementGroup"]]).toEqual([
      name,
      expect.stringMatching(/^name of (given|direct|files|stored)-ec2-/),
    ]);
  }
});

it("keeps ZooKeeper and brokers apart, and a majority when any zone is lost", () => {
  const planned = program.plans["given"];
  const machines = planned?.aws?.machines ?? [];
  const members = new Set(planned?.ensemble?.members.map(({ host }) => host));
  expect(members.size).toBe(3);
  for (const { host, role } of machines)
    expect([host, role]).toEqual([host, members.has(host) ? "zookeeper" : "broker"]);
  const zoneOf = (host: string) =>
    program.get(`ebs.Volume given-ec2-${host}-data`).inputs["availabilityZone"] as string;
  for (const zone of planned?.config.aws?.zones ?? []) {
    expect([...members].filter((host) => zoneOf(host) !== zone)).toHaveLength(2);
    for (const { brokers } of planned?.groups ?? []) {
      expect(brokers.filter(({ host }) => zoneOf(host) !== zone)).toHaveLength(2);
    }
  }
});

it("gives every role its path and boundary, and no right but to read its own", () => {
  const roles = program.ofType("iam.Role");
  expect(roles).toHaveLength(19);
  for (const { name, inputs } of roles.filter((role) => role.name.startsWith("given-"))) {
    expect([name, inputs["path"], inputs["permissionsBoundary"]]).toEqual([name, "/messaging/", BOUNDARY]);
  }
  for (const { inputs } of program.ofType("iam.RolePolicy")) {
    for (const { Action, Resource } of statementsOf(inputs["policy"])) {
      expect(Action).toBe("s3:GetObject");
      for (const arn of Resource as string[])
        expect(arn).toMatch(/-artefacts-bucket-0a1b2c3\/(hosts\/[\w-]+|runtimes)\/\*$/);
    }
  }
  // Names of roles have at most 64 characters, of which the engine adds 8.
  for (const { name } of roles) expect(name.length).toBeLessThanOrEqual(56);
});

it("opens a database to the brokers alone, over encrypted connections, and to nobody outside", () => {
  const [database] = program.ofType("rds.Instance");
  expect(database?.inputs).toMatchObject({
    publiclyAccessible: false,
    vpcSecurityGroupIds: ["stored-ec2-allow-database"],
    parameterGroupName: "name of stored-ec2-database-postgres16",
  });
  expect(program.get("rds.ParameterGroup stored-ec2-database-postgres16").inputs).toMatchObject({
    family: "postgres16",
    parameters: [{ name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" }],
  });
  const into = program
    .ofType("vpc.SecurityGroupIngressRule")
    .filter(({ inputs }) => inputs["securityGroupId"] === "stored-ec2-allow-database");
  expect(into.map(({ inputs }) => [inputs["referencedSecurityGroupId"], inputs["fromPort"], inputs["toPort"]])).toEqual(
    [
      ["stored-ec2-allow-brokers-orders", 5432, 5432],
      ["stored-ec2-allow-brokers-payments", 5432, 5432],
    ],
  );
});

describe("a VPC that exists", () => {
  it("is used as it is, once it was found to be what the stack file says", () => {
    expect(program.ofType("ec2.Vpc").map(({ name }) => name)).not.toContain("given-ec2-network-vpc");
    expect(program.get("ec2.NetworkInterface given-ec2-host-2").inputs).toMatchObject({
      subnetId: "subnet-0000000b",
      privateIps: ["10.1.98.21"],
    });
    expect(program.get("ec2.SecurityGroup given-ec2-allow-brokers").inputs["vpcId"]).toBe("vpc-01234567");
    expect(program.get("ec2.Instance given-ec2-bastion-instance").inputs["subnetId"]).toBe("subnet-0000000f");
    expect(program.get("ec2.VpcEndpoint given-ec2-network-s3").inputs["routeTableIds"]).toEqual(["rtb-01234567"]);
  });
});

describe("logins", () => {
  const connection = (key: string) => secretValue(program.get(key).inputs["connection"]) as Record<string, unknown>;

  it("use the pair that is given, and generate none then", () => {
    expect(program.get("ec2.Instance given-ec2-host-1-instance").inputs["keyName"]).toBe("ops");
    expect(program.ofType("ec2.KeyPair").map(({ name }) => name)).not.toContain("given-ec2-login");
    expect(JSON.stringify(connection("command.Command given-host-1-prepare")["privateKey"])).toContain(
      "PRIVATE HALF that was given",
    );
    expect(program.outputs["given"]?.["sshPrivateKey"]).toBeUndefined();
  });

  it("go straight to the hosts where there is no bastion", () => {
    expect(connection("command.Command direct-a-host-prepare")["proxy"]).toBeUndefined();
    expect(program.outputs["direct"]?.["bastionAddress"]).toBeUndefined();
    for (const type of ["ec2.InternetGateway", "ec2.Route"]) {
      expect(program.ofType(type).filter(({ name }) => name.startsWith("direct-"))).toEqual([]);
    }
  });
});

it("has no type that the lab does not play, but for those of EFS", () => {
  const { handlers } = ec2Handlers("nowhere", () => undefined);
  const types = new Set([...program.registered.values()].map(({ type }) => type));
  const notPlayed = [...types].filter((type) => type.startsWith("aws:") && !handlers.has(type));
  expect(notPlayed.filter((type) => !type.startsWith("aws:efs/"))).toEqual([]);
});

describe("the policy of who deploys", () => {
  /** What making and removing each type takes; a type that is not here must be added. */
  const NEEDS: Readonly<Record<string, readonly string[]>> = {
    "ebs.Volume": ["ec2:CreateVolume", "ec2:DeleteVolume"],
    "ec2.DefaultSecurityGroup": ["ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress"],
    "ec2.Eip": ["ec2:AllocateAddress", "ec2:ReleaseAddress"],
    "ec2.EipAssociation": ["ec2:AssociateAddress", "ec2:DisassociateAddress"],
    "ec2.Instance": ["ec2:RunInstances", "ec2:TerminateInstances", "iam:PassRole", "ec2:CreateTags"],
    "ec2.InternetGateway": ["ec2:CreateInternetGateway", "ec2:AttachInternetGateway", "ec2:DeleteInternetGateway"],
    "ec2.KeyPair": ["ec2:ImportKeyPair", "ec2:DeleteKeyPair"],
    "ec2.NetworkInterface": ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"],
    "ec2.PlacementGroup": ["ec2:CreatePlacementGroup", "ec2:DeletePlacementGroup"],
    "ec2.Route": ["ec2:CreateRoute", "ec2:DeleteRoute"],
    "ec2.RouteTable": ["ec2:CreateRouteTable", "ec2:DeleteRouteTable"],
    "ec2.RouteTableAssociation": ["ec2:AssociateRouteTable", "ec2:DisassociateRouteTable"],
    "ec2.SecurityGroup": ["ec2:CreateSecurityGroup", "ec2:DeleteSecurityGroup"],
    "ec2.Subnet": ["ec2:CreateSubnet", "ec2:DeleteSubnet"],
    "ec2.VolumeAttachment": ["ec2:AttachVolume", "ec2:DetachVolume", "ec2:StopInstances"],
    "ec2.Vpc": ["ec2:CreateVpc", "ec2:DeleteVpc", "ec2:ModifyVpcAttribute"],
    "ec2.VpcEndpoint": ["ec2:CreateVpcEndpoint", "ec2:DeleteVpcEndpoints"],
    "efs.AccessPoint": ["elasticfilesystem:CreateAccessPoint", "elasticfilesystem:DeleteAccessPoint"],
    "efs.BackupPolicy": ["elasticfilesystem:PutBackupPolicy"],
    "efs.FileSystem": ["elasticfilesystem:CreateFileSystem", "elasticfilesystem:DeleteFileSystem"],
    "efs.FileSystemPolicy": ["elasticfilesystem:PutFileSystemPolicy", "elasticfilesystem:DeleteFileSystemPolicy"],
    "efs.MountTarget": ["elasticfilesystem:CreateMountTarget", "elasticfilesystem:DeleteMountTarget"],
    "iam.InstanceProfile": ["iam:CreateInstanceProfile", "iam:DeleteInstanceProfile", "iam:AddRoleToInstanceProfile"],
    "iam.Policy": ["iam:CreatePolicy", "iam:DeletePolicy"],
    "iam.Role": ["iam:CreateRole", "iam:DeleteRole"],
    "iam.RolePolicy": ["iam:PutRolePolicy", "iam:DeleteRolePolicy"],
    "rds.Instance": ["rds:CreateDBInstance", "rds:DeleteDBInstance", "rds:ModifyDBInstance", "rds:CreateDBSnapshot"],
    "rds.ParameterGroup": ["rds:CreateDBParameterGroup", "rds:DeleteDBParameterGroup", "rds:ModifyDBParameterGroup"],
    "rds.SubnetGroup": ["rds:CreateDBSubnetGroup", "rds:DeleteDBSubnetGroup"],
    "route53.Record": ["route53:ChangeResourceRecordSets"],
    "route53.Zone": ["route53:CreateHostedZone", "route53:DeleteHostedZone"],
    "s3.Bucket": ["s3:CreateBucket", "s3:DeleteBucket"],
    "s3.BucketObjectv2": ["s3:PutObject", "s3:DeleteObject"],
    "s3.BucketOwnershipControls": ["s3:PutBucketOwnershipControls"],
    "s3.BucketPolicy": ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"],
    "s3.BucketPublicAccessBlock": ["s3:PutBucketPublicAccessBlock"],
    "s3.BucketServerSideEncryptionConfiguration": ["s3:PutEncryptionConfiguration"],
    "secretsmanager.Secret": ["secretsmanager:CreateSecret", "secretsmanager:DeleteSecret"],
    "secretsmanager.SecretVersion": ["secretsmanager:PutSecretValue"],
    "vpc.SecurityGroupEgressRule": ["ec2:AuthorizeSecurityGroupEgress", "ec2:RevokeSecurityGroupEgress"],
    "vpc.SecurityGroupIngressRule": ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
  };

  it("allows what every type takes, and no whole service", () => {
    const file = JSON.parse(readFileSync(join(PROJECT, "config/aws-deployer-policy.json"), "utf8")) as {
      Statement: { Action: string | string[] }[];
    };
    const allowed = new Set(file.Statement.flatMap(({ Action }) => Action));
    const types = new Set(
      [...program.registered].flatMap(([key, { type }]) => (type.startsWith("aws:") ? [key.split(" ")[0] ?? ""] : [])),
    );
    for (const type of types) {
      const needed = NEEDS[type] ?? [`a row of NEEDS for ${type}`];
      expect([type, needed.filter((action) => !allowed.has(action))]).toEqual([type, []]);
    }
    for (const action of allowed) expect(action).not.toMatch(/^(\*|\w+:\*)$/);
  });
});
