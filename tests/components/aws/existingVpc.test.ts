import { regionFault, subnetFault, vpcFault } from "../../../components/aws/existingVpc";

describe("a provider that is given", () => {
  it("is of the plan's region, or says none", () => {
    expect(regionFault("eu-west-1", "eu-west-1")).toBeUndefined();
    expect(regionFault("eu-west-1", undefined)).toBeUndefined();
    expect(regionFault("eu-west-1", "us-east-1")).toMatch(
      /aws\.region is eu-west-1, and the given provider is of us-east-1/,
    );
  });
});

describe("a VPC that exists", () => {
  const found = { id: "vpc-1", enableDnsSupport: true, enableDnsHostnames: true };

  it("needs names", () => {
    expect(vpcFault(found)).toBeUndefined();
    expect(vpcFault({ ...found, enableDnsHostnames: false })).toMatch(/vpc-1 has DNS hostnames off/);
    expect(vpcFault({ ...found, enableDnsSupport: false, enableDnsHostnames: false })).toMatch(
      /DNS support and DNS hostnames off.*modify-vpc-attribute/,
    );
  });
});

describe("a subnet that exists", () => {
  const expected = { id: "subnet-1", vpcId: "vpc-1", zone: "eu-west-1a", cidr: "10.0.0.0/24" };
  const found = { vpcId: "vpc-1", availabilityZone: "eu-west-1a", cidrBlock: "10.0.0.0/24" };

  it("is what the stack file says, or is named with all that differs", () => {
    expect(subnetFault(expected, found)).toBeUndefined();
    expect(subnetFault(expected, { vpcId: "vpc-2", availabilityZone: "eu-west-1b", cidrBlock: "10.0.1.0/24" })).toBe(
      "aws.network: subnet-1 is in vpc-2, not in vpc-1, and is in zone eu-west-1b, not in eu-west-1a, and has the addresses 10.0.1.0/24, not 10.0.0.0/24: correct the stack file",
    );
  });

  it("may be anywhere in the VPC when the stack file does not say", () => {
    expect(subnetFault({ id: "subnet-1", vpcId: "vpc-1" }, found)).toBeUndefined();
  });
});
