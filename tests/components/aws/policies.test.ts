import {
  endpointPolicy,
  machinePolicy,
  machineTrust,
  partitionOf,
  secretReaderPolicy,
} from "../../../components/aws/policies";

interface Statement {
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Principal?: Record<string, string>;
}
const statements = (document: string) => (JSON.parse(document) as { Statement: Statement[] }).Statement;

it.each([
  ["eu-central-1", "aws", "ec2.amazonaws.com"],
  ["us-gov-west-1", "aws-us-gov", "ec2.amazonaws.com"],
  ["cn-north-1", "aws-cn", "ec2.amazonaws.com.cn"],
])("speaks of %s as AWS does there", (region, partition, service) => {
  expect(partitionOf(region)).toBe(partition);
  expect(statements(machineTrust(region))[0]?.Principal).toEqual({ Service: service });
  expect(statements(endpointPolicy(region, "arn:x"))[1]?.Resource).toBe(
    `arn:${partition}:s3:::al2023-repos-${region}-de612dc2/*`,
  );
});

it("lets a machine read its own folder, and no other machine's whose name begins like it", () => {
  const [statement] = statements(machinePolicy("arn:b", "a-1"));
  expect(statement?.Resource).toEqual(["arn:b/hosts/a-1/*", "arn:b/runtimes/*"]);
});

it("lets a reader of secrets decrypt with the key that is given, and with none otherwise", () => {
  expect(statements(secretReaderPolicy(["arn:s"], undefined))).toHaveLength(1);
  expect(statements(secretReaderPolicy(["arn:s"], "arn:k"))[1]).toMatchObject({
    Action: "kms:Decrypt",
    Resource: "arn:k",
  });
});
