/** What another resource of the program makes, in a plan that is plain data. */
import * as pulumi from "@pulumi/pulumi";
import { PendingInputs } from "../../components/pendingInputs";
import { configOf } from "../support/raw";

const AWS = {
  region: "eu-west-1",
  zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  image: { id: "ami-0123456789abcdef0" },
  instanceTypes: { broker: "m7g.large", zookeeper: "t4g.small" },
};
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/one";

const known = <T>(value: pulumi.Input<T>) => new Promise<unknown>((resolve) => pulumi.output(value).apply(resolve));

function pendingInputsOf() {
  const one = new PendingInputs();
  const plain = one.plain(
    {
      ...AWS,
      volumes: { kmsKeyArn: pulumi.output(KEY) },
      iam: { permissionsBoundary: Promise.resolve("arn:aws:iam::111122223333:policy/bound") },
      login: { bastion: { cidrs: ["192.0.2.0/24"] }, keyPair: pulumi.output("pair") },
      network: {
        vpcId: pulumi.output("vpc-01234567"),
        subnets: AWS.zones.map((zone, i) => ({
          zone,
          id: pulumi.output(`subnet-0123456${i}`),
          cidr: `10.1.${i}.0/24`,
        })),
        publicSubnetId: pulumi.output("subnet-01234569"),
        routeTableIds: [pulumi.output("rtb-01234567")],
      },
    },
    "aws",
  ) as { volumes: { kmsKeyArn: string }; network: { vpcId: string; subnets: { id: string }[] } };
  return { one, plain };
}

test("the plan has texts of the same form, so that all its rules hold", () => {
  const { one, plain } = pendingInputsOf();
  expect(one.faults).toEqual([]);
  expect(configOf({ target: "aws", store: "replicatedLevelDB", groups: [{ name: "a" }], aws: plain }).aws).toEqual(
    expect.objectContaining({ network: expect.objectContaining({ vpcId: plain.network.vpcId }) as unknown }),
  );
  expect(new Set(plain.network.subnets.map(({ id }) => id)).size).toBe(3);
  // The same in every run: another text would be another configuration.
  expect(pendingInputsOf().plain).toEqual(plain);
});

test("what is registered has the values themselves, also within a text that is known later", async () => {
  const { one, plain } = pendingInputsOf();
  const { kmsKeyArn } = plain.volumes;
  const props = {
    subnetId: plain.network.subnets[1]?.id,
    policy: pulumi.output("x").apply(() => JSON.stringify({ Resource: kmsKeyArn, also: plain.network.vpcId })),
    list: [{ kmsKeyId: kmsKeyArn }, "untouched", 7],
    source: new pulumi.asset.StringAsset(kmsKeyArn),
  };
  const filled = one.transformation({ type: "t", name: "n", props, opts: {}, resource: undefined as never });
  const { source, ...rest } = (filled?.props ?? {}) as typeof props;
  expect(await known(rest)).toEqual({
    subnetId: "subnet-01234561",
    policy: JSON.stringify({ Resource: KEY, also: "vpc-01234567" }),
    list: [{ kmsKeyId: KEY }, "untouched", 7],
  });
  expect(source).toBe(props.source);
  expect(await known(one.resolve(plain.network.vpcId))).toBe("vpc-01234567");
  expect(one.resolve("vpc-89abcdef")).toBe("vpc-89abcdef");
});

test.each([
  ["groups", [{ name: pulumi.output("a") }], "groups[0].name"],
  ["aws", { ...AWS, zones: pulumi.output(["eu-west-1a"]) }, "aws.zones"],
  ["aws", { hosts: [{ name: "a-1", volumeId: pulumi.output("vol-01234567") }] }, "aws.hosts[0].volumeId"],
])("what decides has to be plain: %s", (key, value, path) => {
  const one = new PendingInputs();
  one.plain(value, key);
  expect(one.faults).toMatchObject([{ path, problem: expect.stringContaining("decides what exists") as string }]);
});
