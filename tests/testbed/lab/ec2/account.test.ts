/** What the lab that plays EC2 makes of an account, and what it refuses as AWS would. Nothing is started. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Account, type Kind, type AccountEntry } from "../../../../testbed/lab/ec2/account";
import type { AwsType } from "../../../../testbed/lab/ec2/awsType";
import { firewall, names } from "../../../../testbed/lab/ec2/firewall";
import { FUNCTIONS } from "../../../../testbed/lab/ec2/functions";
import { objectRefusal } from "../../../../testbed/lab/ec2/s3Policy";
import { playsEc2 } from "../../../../operate/engine/standIn/ec2Switch";
import { computeTypes } from "../../../../testbed/lab/ec2/types/compute";
import { identityTypes } from "../../../../testbed/lab/ec2/types/identity";
import { networkTypes } from "../../../../testbed/lab/ec2/types/network";
import { securityTypes } from "../../../../testbed/lab/ec2/types/security";
import { storageTypes } from "../../../../testbed/lab/ec2/types/storage";
import { type Registration, importedInputs } from "../../../../operate/engine/standIn/registration";
import type { Ec2Lab } from "../../../../testbed/lab/ec2/ec2Lab";
import type { WireMap } from "../../../../operate/engine/standIn/values";
import { awsHandler } from "../../../../testbed/lab/ec2/awsHandler";

const TYPES: Readonly<Record<string, AwsType>> = {
  ...networkTypes,
  ...securityTypes,
  ...storageTypes,
  ...identityTypes,
  ...computeTypes,
};
const folder = mkdtempSync(join(tmpdir(), "amq-account-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let account: Account;
beforeEach(() => {
  account = Account.empty(join(folder, "account.json"));
});

/** The handler of a type, on an account without machines. */
function handler(token: string) {
  const type = TYPES[token];
  if (type === undefined) throw new Error(token);
  const lab = { account, reconcile: () => Promise.resolve() } as unknown as Ec2Lab;
  return awsHandler(token, type, {
    open: () => Promise.resolve(lab),
    look: () => account,
    tidy: () => Promise.resolve(),
  });
}

const context = (id = "") => ({ name: "x", id, interrupted: new AbortController().signal, log: () => undefined });
const make = (token: string, inputs: WireMap) => handler(token).create(inputs, context());
const entry = (kind: Kind, id: string, values: WireMap): AccountEntry => account.put({ kind, id, values });

/** A VPC with a subnet that reaches S3, an interface in each of two groups, and a client's rule of the second. */
async function place() {
  const vpc = await make("aws:ec2/vpc:Vpc", { cidrBlock: "10.9.0.0/16" });
  const inVpc = { vpcId: vpc.id };
  const subnet = await make("aws:ec2/subnet:Subnet", { ...inVpc, cidrBlock: "10.9.0.0/24", availabilityZone: "z" });
  const table = await make("aws:ec2/routeTable:RouteTable", inVpc);
  await make("aws:ec2/routeTableAssociation:RouteTableAssociation", { subnetId: subnet.id, routeTableId: table.id });
  const group = (description: string) => make("aws:ec2/securityGroup:SecurityGroup", { ...inVpc, description });
  const [clients, brokers] = [await group("clients"), await group("brokers")];
  const networkInterface = (address: string, of: string) =>
    make("aws:ec2/networkInterface:NetworkInterface", {
      subnetId: subnet.id,
      privateIps: [address],
      securityGroups: [of],
    });
  await networkInterface("10.9.0.10", clients.id);
  const broker = await networkInterface("10.9.0.20", brokers.id);
  const rule = { fromPort: 61616, toPort: 61616, ipProtocol: "tcp" };
  const accepted = { ...rule, securityGroupId: brokers.id, referencedSecurityGroupId: clients.id };
  await make("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", accepted);
  return { vpc, subnet, table, clients, brokers, broker, accepted };
}

it("a rule of a security group lets through what it names, from the addresses of the other group; the end is a drop", async () => {
  const { clients, brokers } = await place();
  const rules = firewall(account);
  expect(rules).toContain(`set ${clients.id} { type ipv4_addr; elements = { 10.9.0.10 }; }`);
  const arriving = /chain arriving \{\n([^}]*)\}/.exec(rules)?.[1]?.trim().split("\n");
  expect(arriving).toEqual([`ip daddr @${brokers.id} ip saddr @${clients.id} tcp dport 61616 accept`, "    drop"]);
  // Who accepts is half of it: nothing may leave the clients' group yet.
  expect(/chain leaving \{\n([^}]*)\}/.exec(rules)?.[1]?.trim()).toBe("drop");
  expect(rules).toMatch(/chain forward \{\n.*policy drop;/);
});

it("only a subnet whose route table has the endpoint reaches S3", async () => {
  const { vpc, table } = await place();
  expect(firewall(account)).toContain("set s3_routed { type ipv4_addr; }");
  await make("aws:ec2/vpcEndpoint:VpcEndpoint", {
    vpcId: vpc.id,
    serviceName: "com.amazonaws.eu-central-1.s3",
    vpcEndpointType: "Gateway",
    routeTableIds: [table.id],
    policy: "{}",
  });
  expect(firewall(account)).toContain("set s3_routed { type ipv4_addr; elements = { 10.9.0.10, 10.9.0.20 }; }");
});

it("a machine reads the objects that its role and the endpoint allow, and no other", async () => {
  const { vpc, table, broker } = await place();
  const policy = (Resource: string) =>
    JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource }] });
  await make("aws:ec2/vpcEndpoint:VpcEndpoint", {
    vpcId: vpc.id,
    serviceName: "com.amazonaws.eu-central-1.s3",
    vpcEndpointType: "Gateway",
    routeTableIds: [table.id],
    policy: policy("arn:aws:s3:::ours/*"),
  });
  entry("RolePolicy", "p", { role: "r", policy: policy("arn:aws:s3:::*/hosts/a-1/*") });
  entry("InstanceProfile", "profile", { role: "r" });
  entry("Instance", "i-1", { card: broker.id, iamInstanceProfile: "profile" });
  const reads = (bucket: string, key: string, from = "10.9.0.20") => objectRefusal(account, from, bucket, key);
  expect(reads("ours", "hosts/a-1/key")).toBeUndefined();
  expect(reads("ours", "hosts/b-1/key")).toContain("role of i-1");
  expect(reads("others", "hosts/a-1/key")).toContain("endpoint");
  expect(reads("ours", "hosts/a-1/key", "10.9.0.10")).toContain("no instance");
});

it("names of the zone lead to their addresses", async () => {
  const zone = await make("aws:route53/zone:Zone", { name: "dev.internal" });
  const record = { zoneId: zone.id, type: "A", ttl: 60, records: ["10.9.0.20"] };
  await make("aws:route53/record:Record", { ...record, name: "a-1.dev.internal" });
  expect(names(account)).toBe("10.9.0.20 a-1.dev.internal\n");
  await expect(make("aws:route53/record:Record", { ...record, name: "a-1.else" })).rejects.toThrow(
    "InvalidChangeBatch",
  );
});

it("finds instances by tag and state, as the program asks for its machines", () => {
  entry("Instance", "i-1", { instanceState: "running", tags: { "activemq-stack": "dev", "activemq-host": "a-1" } });
  entry("Instance", "i-2", { instanceState: "running", tags: { "activemq-stack": "prod", "activemq-host": "a-1" } });
  const filters = [{ name: "tag:activemq-stack", values: ["dev"] }];
  const ask = FUNCTIONS["aws:ec2/getInstances:getInstances"];
  expect(ask?.(account, { filters, instanceStateNames: ["running"] })["ids"]).toEqual(["i-1"]);
  expect(ask?.(account, { filters, instanceStateNames: ["stopped"] })["ids"]).toEqual([]);
});

describe("refuses", () => {
  it("an input that it does not know", async () => {
    await expect(make("aws:ec2/vpc:Vpc", { cidrBlock: "10.9.0.0/16", ipv6CidrBlock: "::/56" })).rejects.toThrow(
      'does not know "ipv6CidrBlock" of aws:ec2/vpc:Vpc',
    );
  });

  it("a security group that does not exist", async () => {
    const { subnet } = await place();
    const inputs = { subnetId: subnet.id, privateIps: ["10.9.0.30"], securityGroups: ["sg-00000000"] };
    await expect(make("aws:ec2/networkInterface:NetworkInterface", inputs)).rejects.toThrow("InvalidGroup.NotFound");
  });

  it.each([
    ["10.9.0.3", "InvalidParameterValue"],
    ["10.9.0.255", "InvalidParameterValue"],
    ["10.9.1.10", "InvalidParameterValue"],
    ["10.9.0.20", "InvalidIPAddress.InUse"],
  ])("an interface at %s", async (address, code) => {
    const { subnet, brokers } = await place();
    const inputs = { subnetId: subnet.id, privateIps: [address], securityGroups: [brokers.id] };
    await expect(make("aws:ec2/networkInterface:NetworkInterface", inputs)).rejects.toThrow(code);
  });

  it("the same rule twice, and one without a peer", async () => {
    const { accepted } = await place();
    const token = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    await expect(make(token, accepted)).rejects.toThrow("InvalidPermission.Duplicate");
    const lonely = Object.entries(accepted).filter(([name]) => name !== "referencedSecurityGroupId");
    await expect(make(token, Object.fromEntries(lonely))).rejects.toThrow("InvalidParameterCombination");
  });

  it("to delete what something else uses", async () => {
    const { clients, subnet } = await place();
    const remove = (token: string, id: string) => handler(token).delete({}, {}, context(id));
    await expect(remove("aws:ec2/securityGroup:SecurityGroup", clients.id)).rejects.toThrow("DependencyViolation");
    await expect(remove("aws:ec2/subnet:Subnet", subnet.id)).rejects.toThrow("DependencyViolation");
  });

  it("a volume on two machines, and on a machine of another zone", async () => {
    for (const [id, zone] of [
      ["i-1", "a"],
      ["i-2", "a"],
      ["i-3", "b"],
    ] as const) {
      entry("Instance", id, { availabilityZone: zone });
    }
    entry("Volume", "vol-1", { availabilityZone: "a" });
    entry("VolumeAttachment", "vai", { instanceId: "i-1", volumeId: "vol-1", deviceName: "/dev/sdf" });
    entry("Volume", "vol-2", { availabilityZone: "a" });
    const attach = (instanceId: string, volumeId: string) =>
      make("aws:ec2/volumeAttachment:VolumeAttachment", { instanceId, volumeId, deviceName: "/dev/sdf" });
    await expect(attach("i-2", "vol-1")).rejects.toThrow("VolumeInUse");
    await expect(attach("i-1", "vol-2")).rejects.toThrow("is in use");
    await expect(attach("i-3", "vol-2")).rejects.toThrow("InvalidVolume.ZoneMismatch");
  });

  it("to terminate a protected instance, unless the program says that it may", async () => {
    entry("Instance", "i-1", { disableApiTermination: true });
    const remove = handler("aws:ec2/instance:Instance").delete({}, {}, context("i-1"));
    await expect(remove).rejects.toThrow("OperationNotPermitted");
    expect(account.find("Instance", "i-1")).toBeDefined();
  });
});

it("tells that an instance was taken away by others", async () => {
  entry("Instance", "i-1", {});
  const instances = handler("aws:ec2/instance:Instance");
  expect([await instances.exists?.("i-1"), await instances.exists?.("i-2")]).toEqual([true, false]);
});

describe("a volume that another stack has left", () => {
  const token = "aws:ebs/volume:Volume";
  const left = { availabilityZone: "z", size: 8, type: "gp3", encrypted: true, tags: { Name: "old" } };
  const wanted = (inputs: WireMap) =>
    ({
      name: "a-1-data",
      inputs,
      options: { ignoreChanges: ["tags", "kmsKeyId"], importId: "vol-1" },
    }) as unknown as Registration;
  const found = async () => (await handler(token).read?.("vol-1"))?.inputs ?? {};

  it("is taken over as it is", async () => {
    entry("Volume", "vol-1", { ...left, arn: "arn:1" });
    expect(await handler(token).read?.("vol-1")).toEqual({ inputs: left, outputs: { arn: "arn:1" } });
    expect(importedInputs(wanted({ ...left, tags: { Name: "new" }, kmsKeyId: "k" }), await found())).toEqual(left);
  });

  it("is refused when it is not what the stack file describes, and when there is none", async () => {
    await expect(handler(token).read?.("vol-1")).rejects.toThrow("InvalidVolume.NotFound");
    entry("Volume", "vol-1", left);
    const differing = wanted({ ...left, size: 20, availabilityZone: "y" });
    const judged = found().then((inputs) => importedInputs(differing, inputs));
    await expect(judged).rejects.toThrow(
      /do not match the existing resource vol-1: availabilityZone, size of a-1-data/,
    );
  });
});

it("nobody gets it by accident", () => {
  expect([playsEc2({}), playsEc2({ AMQ_LAB: "" }), playsEc2({ AMQ_LAB: "ec2" })]).toEqual([false, false, true]);
  expect(() => playsEc2({ AMQ_LAB: "aws" })).toThrow("Allowed: AMQ_LAB=ec2");
});
