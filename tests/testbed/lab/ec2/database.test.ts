/** RDS as the lab that plays EC2 has it: what it makes of an account, and what it refuses as AWS would. Nothing is started. */
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Account } from "../../../../testbed/lab/ec2/account";
import { authority, certify } from "../../../../testbed/lab/ec2/database/authority";
import type { Ec2Lab } from "../../../../testbed/lab/ec2/ec2Lab";
import { firewall, names } from "../../../../testbed/lab/ec2/firewall";
import { databaseTypes } from "../../../../testbed/lab/ec2/types/database";
import { networkTypes } from "../../../../testbed/lab/ec2/types/network";
import { securityTypes } from "../../../../testbed/lab/ec2/types/security";
import type { WireMap } from "../../../../operate/engine/standIn/values";
import { awsHandler } from "../../../../testbed/lab/ec2/awsHandler";
import { databaseArgs } from "../../../../testbed/lab/ec2/database/args";

const TYPES = { ...networkTypes, ...securityTypes, ...databaseTypes };
const folder = mkdtempSync(join(tmpdir(), "amq-database-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let account: Account;
let done: string[];
beforeEach(() => {
  account = Account.empty(join(folder, "account.json"));
  done = [];
});

function handler(token: string) {
  const type = TYPES[token];
  if (type === undefined) throw new Error(token);
  const note = (what: string) => () => {
    done.push(what);
    return Promise.resolve();
  };
  const database = () => ({ start: note("start"), stop: note("stop"), discard: note("discard") });
  const lab = { account, reconcile: note("reconcile"), database } as unknown as Ec2Lab;
  const open = () => Promise.resolve(lab);
  return awsHandler(token, type, { open, look: () => account, tidy: () => Promise.resolve() });
}

const context = (id = "") => ({ name: "x", id, interrupted: new AbortController().signal, log: () => undefined });
const make = (token: string, inputs: WireMap) => handler(token).create(inputs, context());

/** Two subnets in two zones, a security group, and what a database needs besides. */
async function place() {
  const vpcId = (await make("aws:ec2/vpc:Vpc", { cidrBlock: "10.9.0.0/16" })).id;
  const subnet = async (n: number) => {
    const inputs = { vpcId, cidrBlock: `10.9.${n}.0/24`, availabilityZone: `eu-west-1${n === 0 ? "a" : "b"}` };
    return (await make("aws:ec2/subnet:Subnet", inputs)).id;
  };
  const subnetIds = [await subnet(0), await subnet(1)];
  const group = (await make("aws:ec2/securityGroup:SecurityGroup", { vpcId, description: "database" })).id;
  const subnetGroup = await make("aws:rds/subnetGroup:SubnetGroup", { namePrefix: "x-", subnetIds });
  const parameters = { namePrefix: "x-", family: "postgres16", parameters: [{ name: "rds.force_ssl", value: "1" }] };
  const parameterGroup = await make("aws:rds/parameterGroup:ParameterGroup", parameters);
  const inputs: WireMap = {
    identifierPrefix: "x-",
    engine: "postgres",
    engineVersion: "16",
    instanceClass: "db.m7g.large",
    allocatedStorage: 20,
    dbName: "activemq",
    username: "activemq",
    password: "secret",
    port: 5432,
    dbSubnetGroupName: subnetGroup.id,
    parameterGroupName: parameterGroup.id,
    vpcSecurityGroupIds: [group],
    skipFinalSnapshot: true,
    deletionProtection: false,
  };
  return { group, subnetIds, inputs };
}
const INSTANCE = "aws:rds/instance:Instance";

it("a database has an address in its subnets and its security group, and a name of its own for it", async () => {
  const { group, inputs } = await place();
  const { id, outputs } = await make(INSTANCE, inputs);
  const address = outputs["address"] as string;
  expect(address).toMatch(/^x-[0-9a-f]+\.c0labplaysec2\.eu-west-1\.rds\.amazonaws\.com$/);
  expect(names(account)).toBe(`10.9.0.254 ${address}\n`);
  expect(firewall(account)).toContain(`set ${group} { type ipv4_addr; elements = { 10.9.0.254 }; }`);
  expect(done).toContain("start");
  expect(databaseArgs(account.get("DbInstance", id), { account })).toMatchObject({
    endpoint: address,
    address: "10.9.0.254",
    port: 5432,
    user: "activemq",
    database: "activemq",
    encryptedOnly: true,
  });
});

it("is stopped and started for another class, and not for a larger disk", async () => {
  const { inputs } = await place();
  const { id, outputs } = await make(INSTANCE, inputs);
  done = [];
  await handler(INSTANCE).update({ ...inputs, allocatedStorage: 30 }, outputs, context(id));
  expect(done).toEqual(["reconcile"]);
  await handler(INSTANCE).update(
    { ...inputs, allocatedStorage: 30, instanceClass: "db.r7g.large" },
    outputs,
    context(id),
  );
  expect(done).toEqual(["reconcile", "stop", "start", "reconcile"]);
});

it("goes with its address, unless it is protected", async () => {
  const { inputs } = await place();
  const kept = await make(INSTANCE, { ...inputs, deletionProtection: true });
  await expect(handler(INSTANCE).delete(inputs, kept.outputs, context(kept.id))).rejects.toThrow("deletion protection");
  const made = await make(INSTANCE, inputs);
  await handler(INSTANCE).delete(inputs, made.outputs, context(made.id));
  expect(done).toContain("discard");
  expect(account.all("NetworkInterface")).toHaveLength(1);
});

it.each<[string, WireMap, string]>([
  ["a reserved user", { username: "rdsadmin" }, "reserved"],
  ["a disk that gp3 is not", { allocatedStorage: 10 }, "begins at 20 GiB"],
  ["a last snapshot without a name", { skipFinalSnapshot: false }, "FinalDBSnapshotIdentifier is required"],
  ["a name that RDS does not take", { identifierPrefix: "Orders_" }, "not valid"],
  ["another version than the lab has", { engineVersion: "17" }, "PostgreSQL 16 alone"],
  ["an input that it does not know", { iops: 3000 }, 'does not know "iops"'],
])("refuses %s", async (_what, change, words) => {
  const { inputs } = await place();
  await expect(make(INSTANCE, { ...inputs, ...change })).rejects.toThrow(words);
});

it("refuses subnets of one zone alone", async () => {
  const { subnetIds } = await place();
  const inputs = { namePrefix: "y-", subnetIds: subnetIds.slice(0, 1) };
  await expect(make("aws:rds/subnetGroup:SubnetGroup", inputs)).rejects.toThrow("DBSubnetGroupDoesNotCoverEnoughAZs");
});

it("has an authority that signs for one name, and stays", async () => {
  const [own, into] = [join(folder, "authority"), join(folder, "server")];
  const pem = await authority(own);
  expect(await authority(own)).toBe(pem);
  mkdirSync(into);
  const { certificate } = await certify(own, "db.example.com", into);
  const made = new X509Certificate(readFileSync(certificate));
  expect([made.checkHost("db.example.com"), made.checkHost("other.example.com")]).toEqual([
    "db.example.com",
    undefined,
  ]);
  expect(made.verify(new X509Certificate(pem).publicKey)).toBe(true);
  expect(
    execFileSync("openssl", ["verify", "-CAfile", join(own, "authority.pem"), certificate], { encoding: "utf8" }),
  ).toContain("OK");
});
