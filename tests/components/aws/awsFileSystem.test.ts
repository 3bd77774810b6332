/** What the program registers for store sharedKahaDB on target aws. */
import { expectGolden } from "../../support/golden";
import { cleanUp, type Program, run, shipped } from "./awsProgram";

const KMS = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d";
let program: Program;

beforeAll(async () => {
  program = await run({
    files: shipped("prod-efs"),
    loose: shipped(
      "prod-efs",
      { fileSystem: { backups: true }, volumes: { brokerDataGiB: 32, kmsKeyArn: KMS }, protect: false },
      { placement: "interleaved", groups: [{ name: "orders" }, { name: "single", brokers: 1 }] },
    ),
  });
});
afterAll(cleanUp);

const inputs = (key: string) => program.get(key).inputs;

it("registers what it always has: another URN is another file system", () => {
  const urns = [...program.registered.values()].filter(
    ({ urn, type }) => /::files(-|$)/.test(urn) && /efs|Efs/.test(type),
  );
  expectGolden(
    "tests/components/aws/golden/awsFileSystem.urns.txt",
    `${urns
      .map(({ urn }) => urn)
      .sort()
      .join("\n")}\n`,
  );
});

it("makes an encrypted file system that nobody deletes, with a way in from every zone for brokers alone", () => {
  const fileSystem = program.get("efs.FileSystem files-ec2-shared-files");
  expect([fileSystem.protect, fileSystem.parentKey]).toEqual([true, "activemq.EfsFileSystem files-ec2-shared"]);
  expect(fileSystem.inputs).toEqual({
    encrypted: true,
    performanceMode: "generalPurpose",
    throughputMode: "elastic",
    tags: expect.objectContaining({ Name: "files-files", "activemq-stack": "files" }) as object,
  });
  for (const zone of ["a", "b", "c"]) {
    expect(inputs(`efs.MountTarget files-ec2-shared-eu-central-1${zone}`)).toEqual({
      fileSystemId: "files-ec2-shared-files",
      subnetId: `files-ec2-network-private-eu-central-1${zone}`,
      securityGroups: ["files-ec2-allow-files"],
    });
  }
  const into = program
    .ofType("vpc.SecurityGroupIngressRule")
    .filter(({ inputs: rule }) => rule["securityGroupId"] === "files-ec2-allow-files");
  expect(into.map(({ inputs: rule }) => [rule["referencedSecurityGroupId"], rule["fromPort"], rule["toPort"]])).toEqual(
    [
      ["files-ec2-allow-brokers-orders", 2049, 2049],
      ["files-ec2-allow-brokers-payments", 2049, 2049],
    ],
  );
  expect(inputs("efs.BackupPolicy files-ec2-shared-backups")["backupPolicy"]).toEqual({ status: "DISABLED" });
});

it("says otherwise what the stack file says otherwise", () => {
  const fileSystem = program.get("efs.FileSystem loose-ec2-shared-files");
  expect([fileSystem.protect, fileSystem.inputs["kmsKeyId"]]).toEqual([false, KMS]);
  expect(inputs("efs.BackupPolicy loose-ec2-shared-backups")["backupPolicy"]).toEqual({ status: "ENABLED" });
});

it("refuses connections that are not encrypted, and makes nobody root", () => {
  const policy = JSON.parse(inputs("efs.FileSystemPolicy files-ec2-shared-policy")["policy"] as string) as {
    Statement: { Effect: string; Action: string | string[]; Condition: object }[];
  };
  expect(policy.Statement.map(({ Effect, Action, Condition }) => [Effect, Action, Condition])).toEqual([
    [
      "Allow",
      ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
      { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
    ],
    ["Deny", "*", { Bool: { "aws:SecureTransport": "false" } }],
  ]);
});

it("gives each group a root of its own, and everybody the same number in it", () => {
  expect(inputs("efs.AccessPoint files-ec2-shared-payments")).toMatchObject({
    fileSystemId: "files-ec2-shared-files",
    posixUser: { uid: 61616, gid: 61616 },
    rootDirectory: { path: "/payments", creationInfo: { ownerUid: 61616, ownerGid: 61616, permissions: "0700" } },
  });
});

it("is mounted on each host before what it carries is started again, and only where its group's brokers are", () => {
  const mounted = program.get("command.Command files-orders-2-mounted");
  expect(mounted.inputs["create"]).toMatch(/amq-host mount-efs eu-central-1' # files-ec2-orders-2-instance/);
  expect(mounted.inputs["stdin"]).toBe(
    "/srv/activemq-cluster/files/orders files-ec2-shared-files files-ec2-shared-orders\n",
  );
  expect(mounted.dependsOn).toEqual(
    expect.arrayContaining([
      "command.Command files-orders-2-setup",
      "efs.FileSystemPolicy files-ec2-shared-policy",
      "efs.AccessPoint files-ec2-shared-orders",
      ...["a", "b", "c"].map((zone) => `efs.MountTarget files-ec2-shared-eu-central-1${zone}`),
    ]),
  );
  expect(mounted.deletedWith).toBe("ec2.Instance files-ec2-orders-2-instance");
  expect(program.get("command.Command files-orders-2-rejoined").dependsOn).toContain(
    "command.Command files-orders-2-mounted",
  );
  expect([...program.registered.keys()].filter((key) => key.includes("-share-"))).toEqual([]);
  // The first host has brokers of both groups, the others of one.
  const lines = [1, 2].map((n) => inputs(`command.Command loose-host-${n}-mounted`)["stdin"] as string);
  expect(lines.map((text) => text.trim().split("\n").length)).toEqual([2, 1]);
});

it("is where brokers keep their messages, one below what is mounted, and where their units may write", () => {
  const stage = program.get("command.Command files-orders-stage-orders-1").inputs["stdin"] as string;
  expect(stage).toContain('<property name="directory" value="/srv/activemq-cluster/files/orders/store"/>');
  expect(stage).toContain("ReadWritePaths=-/srv/activemq-cluster\n");
  expect([...program.registered.keys()].filter((key) => /zookeeper/i.test(key))).toEqual([]);
});
