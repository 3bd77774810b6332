/** What the program registers for store jdbc on target aws: the database that it makes, and one that is given. */
import { expectGolden } from "../../support/golden";
import { cleanUp, openText, type Program, run, secretValue, shipped } from "./awsProgram";

let program: Program;

beforeAll(async () => {
  program = await run({
    stored: shipped("prod-jdbc"),
    Small_1: shipped(
      "prod-jdbc",
      {
        database: {
          instanceClass: "db.t4g.micro",
          engineVersion: "16.9",
          multiZone: false,
          storageGiB: 20,
          maxStorageGiB: 20,
          backupDays: 0,
          finalSnapshot: false,
        },
        protect: false,
      },
      { jdbc: { port: 5433, user: "mq" } },
    ),
    given: shipped(
      "prod-jdbc",
      { database: undefined },
      { jdbc: { url: "jdbc:postgresql://db.lan:5439/mq", passwordFile: "~/pw", cidrs: ["10.8.0.0/24"] } },
    ),
  });
});
afterAll(cleanUp);

const instance = (stack: string) => program.get(`rds.Instance ${stack}-ec2-database-instance`);
const ADDRESS = "stored-ec2-database-instance.abc123.eu-central-1.rds.amazonaws.com";

it("registers what it always has: another URN is another database", () => {
  const urns = [...program.registered.values()]
    .filter(({ urn, type }) => /::stored(-|$)/.test(urn) && /rds|Rds|RandomPassword|secretsmanager/.test(type))
    .map(({ urn }) => urn)
    .sort();
  expectGolden("tests/components/aws/golden/awsDatabase.urns.txt", `${urns.join("\n")}\n`);
});

it("makes a database with a standby in the private subnets, and lets nobody delete it", () => {
  const { inputs, protect, parentKey } = instance("stored");
  expect(secretValue(inputs["password"])).toBe("made-for-stored-password-database");
  expect({ ...inputs, password: "" }).toEqual({
    identifierPrefix: "stored-ec2-database-",
    engine: "postgres",
    engineVersion: "16",
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: true,
    instanceClass: "db.m7g.large",
    multiAz: true,
    storageType: "gp3",
    allocatedStorage: 100,
    maxAllocatedStorage: 200,
    storageEncrypted: true,
    dbName: "activemq",
    username: "activemq",
    password: "",
    port: 5432,
    dbSubnetGroupName: "name of stored-ec2-database-subnets",
    vpcSecurityGroupIds: ["stored-ec2-allow-database"],
    publiclyAccessible: false,
    parameterGroupName: "name of stored-ec2-database-postgres16",
    caCertIdentifier: "rds-ca-rsa2048-g1",
    backupRetentionPeriod: 7,
    copyTagsToSnapshot: true,
    deletionProtection: true,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: "stored-ec2-artefacts-bucket-0a1b2c3-last",
    applyImmediately: true,
    tags: expect.objectContaining({ Name: "stored-database", "activemq-stack": "stored" }) as object,
  });
  expect([protect, parentKey]).toEqual([true, "activemq.RdsDatabase stored-ec2-database"]);
  expect(program.get("rds.SubnetGroup stored-ec2-database-subnets").inputs["subnetIds"]).toEqual(
    ["a", "b", "c"].map((zone) => `stored-ec2-network-private-eu-central-1${zone}`),
  );
});

it("makes a small one to throw away, under a name that RDS takes", () => {
  const { inputs, protect } = instance("Small_1");
  expect(inputs).toMatchObject({
    identifierPrefix: "small-1-ec2-database-",
    engineVersion: "16.9",
    autoMinorVersionUpgrade: false,
    multiAz: false,
    allocatedStorage: 20,
    backupRetentionPeriod: 0,
    deletionProtection: false,
    skipFinalSnapshot: true,
    username: "mq",
    port: 5433,
  });
  expect([inputs["maxAllocatedStorage"], inputs["finalSnapshotIdentifier"], protect]).toEqual([
    undefined,
    undefined,
    false,
  ]);
});

it("tells brokers where it is and the password in their secret credentials alone, once it is there", () => {
  const stage = program.get("command.Command stored-orders-credentials-orders-1");
  expect(secretValue(stage.inputs["stdin"])).toContain(
    `jdbc.address=${ADDRESS}\njdbc.password=made-for-stored-password-database\n`,
  );
  for (const service of ["orders-1", "payments-2"]) {
    const files = program.get(`command.Command stored-${service.slice(0, -2)}-stage-${service}`);
    expect(files.dependsOn).toContain("rds.Instance stored-ec2-database-instance");
    expect(files.inputs["stdin"]).toContain("jdbc:postgresql://${jdbc.address}:5432/activemq?");
  }
  for (const { inputs } of program.registered.values()) {
    expect(openText(inputs)).not.toContain("made-for-stored-password-database");
  }
});

it("tells administrators in a secret that no policy reads", () => {
  const { inputs } = program.get("secretsmanager.SecretVersion stored-ec2-database-credentials");
  expect(JSON.parse(secretValue(inputs["secretString"]) as string)).toEqual({
    url: `jdbc:postgresql://${ADDRESS}:5432/activemq`,
    user: "activemq",
    password: "made-for-stored-password-database",
  });
  expect(program.outputs["stored"]?.["databaseSecretArn"]).toBe("arn of stored-ec2-database-credentials");
  for (const policy of program.ofType("iam.Policy")) {
    expect(JSON.stringify(policy.inputs["policy"])).not.toContain("database-credentials");
  }
});

it("makes none beside one that is given, lets brokers out to it, and elects through it without ZooKeeper", () => {
  expect(program.ofType("rds.Instance").map(({ name }) => name.split("-")[0])).toEqual(["stored", "Small_1"]);
  expect(program.outputs["given"]?.["databaseSecretArn"]).toBeUndefined();
  expect(
    program.get("vpc.SecurityGroupEgressRule given-ec2-allow-brokers-orders-egress-5439-10.8.0.0-24").inputs,
  ).toMatchObject({
    cidrIpv4: "10.8.0.0/24",
    fromPort: 5439,
    toPort: 5439,
  });
  expect([...program.registered.keys()].filter((key) => /zookeeper/i.test(key))).toEqual([]);
  expect(program.outputs["stored"]?.["zookeeperConnect"]).toBeUndefined();
});
