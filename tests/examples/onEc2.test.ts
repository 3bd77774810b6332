/** The downstream stack of examples/on-ec2: what it takes from the cluster's stack, and what it makes of it. */
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Registered, recordRegistrations } from "../support/recorder";
import { keyOf, settled } from "../components/aws/awsProgram";

const SECRET_ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:app";
/** What the cluster's stack says; a password is among it, which this program has no business with. */
const OUTPUTS = {
  outputsVersion: 1,
  vpcId: "vpc-of-the-cluster",
  clientSecurityGroupId: "sg-of-clients",
  clientPolicyArn: "arn:aws:iam::111122223333:policy/clients",
  clientSecretArn: SECRET_ARN,
  "password-app": "not for user data",
};
const folder = mkdtempSync(join(tmpdir(), "amq-on-ec2-"));
const jar = join(folder, "client.jar");
let registered: ReadonlyMap<string, Registered>;

beforeAll(async () => {
  writeFileSync(jar, "classes");
  registered = await recordRegistrations({
    keyOf,
    outputsOf: (type, name) => {
      if (type === "pulumi:pulumi:StackReference")
        return { name, outputs: OUTPUTS, secretOutputNames: ["password-app"] };
      return { name: `name of ${name}`, arn: `arn of ${name}` };
    },
  });
  const config = { cluster: "organization/activemq/dev", subnetId: "subnet-1", imageId: "ami-1", jar };
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`activemq:${key}`, value])),
  );
  await import("../../examples/on-ec2");
  await settled(registered);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const inputs = (key: string) => {
  const found = registered.get(key);
  if (found === undefined) throw new Error(`${key} was not registered; there are ${[...registered.keys()].join(", ")}`);
  return found.inputs;
};
const INSTANCE = "ec2.Instance client-instance";

it("joins the group that the cluster lets in, in the cluster's VPC, and lets nobody in itself", () => {
  expect(inputs(INSTANCE)["vpcSecurityGroupIds"]).toEqual(["sg-of-clients", "client-out"]);
  expect(inputs("ec2.SecurityGroup client-out")).toMatchObject({ vpcId: "vpc-of-the-cluster" });
  expect(inputs("ec2.SecurityGroup client-out")["ingress"]).toBeUndefined();
  expect([...registered.keys()].filter((key) => key.includes("Ingress"))).toEqual([]);
});

it("may read the cluster's secret and its own jar, before it boots", () => {
  expect(inputs("iam.RolePolicyAttachment client-credentials")).toMatchObject({
    role: "name of client-role",
    policyArn: OUTPUTS.clientPolicyArn,
  });
  expect(JSON.parse(inputs("iam.RolePolicy client-jar")["policy"] as string)).toMatchObject({
    Statement: [{ Action: "s3:GetObject", Resource: "arn of client-artefacts/*" }],
  });
  expect(registered.get(INSTANCE)?.dependsOn).toEqual(
    expect.arrayContaining(["iam.RolePolicyAttachment client-credentials", "iam.RolePolicy client-jar"]),
  );
});

it("reads the secret at every start, and has none in its user data", () => {
  const text = inputs(INSTANCE)["userData"] as string;
  expect(text).toContain(`aws secretsmanager get-secret-value --region eu-central-1 --secret-id ${SECRET_ARN} `);
  expect(text).toContain('run example <<<"$account"');
  expect(
    JSON.stringify([...registered.values()].map((one) => (one.type.startsWith("aws:") ? one.inputs : {}))),
  ).not.toMatch(/not for user data/);
});

it("is another machine for another jar, whose name says what is in it", () => {
  const hash = createHash("sha256").update("classes").digest("hex").slice(0, 12);
  expect(inputs("s3.BucketObjectv2 client-jar")["key"]).toBe(`spring-client-${hash}.jar`);
  expect(inputs(INSTANCE)["userData"]).toContain(`spring-client-${hash}.jar" /opt/spring-client/spring-client.jar`);
  expect(inputs(INSTANCE)["userDataReplaceOnChange"]).toBe(true);
});

it("has an encrypted disk, and metadata of version 2 alone", () => {
  expect(inputs(INSTANCE)).toMatchObject({
    rootBlockDevice: { encrypted: true },
    metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
  });
});

it("is all below its component", () => {
  for (const { name, type, urn } of registered.values()) {
    if (type.startsWith("aws:")) expect([name, urn]).toEqual([name, expect.stringContaining("$aws:")]);
  }
});
