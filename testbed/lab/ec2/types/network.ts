/** VPC, subnets, routes, the endpoint of S3: addresses and who has a way where. */
import { overlap, parseNetwork, sizeOf } from "../../../../core/util/ipv4";
import { type Account, inputOf, newId, refuse, type AccountEntry, textOf } from "../account";
import type { AwsType } from "../awsType";
import { arn } from "../arn";

/** @returns the network @throws Error as AWS does for what is none */
function network(cidr: string) {
  return parseNetwork(cidr) ?? refuse("InvalidParameterValue", `"${cidr}" is not a CIDR block`);
}

function within(inner: string, outer: string): boolean {
  const [small, large] = [network(inner), network(outer)];
  return small.first >= large.first && small.first + sizeOf(small) <= large.first + sizeOf(large);
}

function overlapping(made: AccountEntry, others: readonly AccountEntry[]): AccountEntry | undefined {
  const own = network(textOf(made, "cidrBlock"));
  return others.find((other) => overlap(own, network(textOf(other, "cidrBlock"))));
}

const vpc: AwsType = {
  kind: "Vpc",
  fixed: ["cidrBlock"],
  changeable: ["enableDnsSupport", "enableDnsHostnames", "tags"],
  id: () => newId("vpc"),
  computed: (made, account) => {
    const { prefix } = network(textOf(made, "cidrBlock"));
    if (prefix < 16 || prefix > 28) refuse("InvalidVpc.Range", `${textOf(made, "cidrBlock")}: /16 to /28 is allowed`);
    // AWS would have it; the lab has one router for all.
    const other = overlapping(made, account.all("Vpc"));
    if (other !== undefined) throw new Error(`the lab cannot have two VPCs with the same addresses: ${other.id}`);
    const group = newId("sg");
    account.put({ kind: "SecurityGroup", id: group, values: { description: "default VPC security group" } });
    return { arn: arn("vpc", made.id), defaultSecurityGroupId: group };
  },
  end: (doomed, lab) => {
    lab.account.remove({ kind: "SecurityGroup", id: textOf(doomed, "defaultSecurityGroupId") });
    return Promise.resolve();
  },
};

/** The group that every VPC comes with: adopted, not made; whoever deletes it only lets go of it. */
const defaultSecurityGroup: AwsType = {
  kind: "SecurityGroup",
  fixed: ["vpcId"],
  changeable: ["ingress", "egress", "tags"],
  references: { vpcId: "Vpc" },
  id: () => newId("adopted"),
  computed: (made, account) => {
    for (const direction of ["ingress", "egress"]) {
      const rules = made.values[direction];
      if (Array.isArray(rules) && rules.length > 0) {
        throw new Error(`the lab that plays EC2 knows default security groups without ${direction} alone`);
      }
    }
    return { ofGroup: textOf(account.get("Vpc", textOf(made, "vpcId")), "defaultSecurityGroupId") };
  },
};

const subnet: AwsType = {
  kind: "Subnet",
  fixed: ["vpcId", "cidrBlock", "availabilityZone"],
  changeable: ["mapPublicIpOnLaunch", "tags"],
  references: { vpcId: "Vpc" },
  id: () => newId("subnet"),
  computed: (made, account) => {
    const cidr = textOf(made, "cidrBlock");
    const outer = textOf(account.get("Vpc", textOf(made, "vpcId")), "cidrBlock");
    if (!within(cidr, outer)) refuse("InvalidSubnet.Range", `the CIDR '${cidr}' is invalid: it is not in ${outer}`);
    const other = overlapping(made, account.all("Subnet"));
    if (other !== undefined) refuse("InvalidSubnet.Conflict", `the CIDR '${cidr}' conflicts with ${other.id}`);
    return { arn: arn("subnet", made.id) };
  },
};

const internetGateway: AwsType = {
  kind: "InternetGateway",
  fixed: [],
  changeable: ["vpcId", "tags"],
  references: { vpcId: "Vpc" },
  id: () => newId("igw"),
  computed: (made) => ({ arn: arn("internet-gateway", made.id) }),
};

const routeTable: AwsType = {
  kind: "RouteTable",
  fixed: ["vpcId"],
  changeable: ["tags"],
  references: { vpcId: "Vpc" },
  id: () => newId("rtb"),
  computed: (made) => ({ arn: arn("route-table", made.id) }),
};

const route: AwsType = {
  kind: "Route",
  fixed: ["routeTableId", "destinationCidrBlock"],
  changeable: ["gatewayId"],
  references: { routeTableId: "RouteTable", gatewayId: "InternetGateway" },
  id: (inputs) => `r-${inputOf(inputs, "routeTableId")}-${inputOf(inputs, "destinationCidrBlock")}`,
  computed: (made, account) => {
    network(textOf(made, "destinationCidrBlock"));
    sameVpc(account, "RouteTable", textOf(made, "routeTableId"), "InternetGateway", textOf(made, "gatewayId"));
    return {};
  },
};

const routeTableAssociation: AwsType = {
  kind: "RouteTableAssociation",
  fixed: ["subnetId"],
  changeable: ["routeTableId"],
  references: { subnetId: "Subnet", routeTableId: "RouteTable" },
  id: () => newId("rtbassoc"),
  computed: (made, account) => {
    const subnetId = textOf(made, "subnetId");
    sameVpc(account, "RouteTable", textOf(made, "routeTableId"), "Subnet", subnetId);
    const other = account.all("RouteTableAssociation").find((one) => textOf(one, "subnetId") === subnetId);
    if (other !== undefined) refuse("Resource.AlreadyAssociated", `${subnetId} has a route table already`);
    return {};
  },
};

const vpcEndpoint: AwsType = {
  kind: "VpcEndpoint",
  fixed: ["vpcId", "serviceName", "vpcEndpointType"],
  changeable: ["routeTableIds", "policy", "tags"],
  references: { vpcId: "Vpc", routeTableIds: "RouteTable" },
  id: () => newId("vpce"),
  computed: (made, account) => {
    const service = textOf(made, "serviceName");
    if (!/^com\.amazonaws\.[a-z0-9-]+\.s3$/.test(service) || textOf(made, "vpcEndpointType") !== "Gateway") {
      throw new Error(`the lab that plays EC2 knows gateway endpoints of S3 alone, not ${service}`);
    }
    const prefixListId = newId("pl");
    account.put({ kind: "PrefixList", id: prefixListId, values: { prefixListName: service } });
    return { arn: arn("vpc-endpoint", made.id), prefixListId };
  },
  end: (doomed, lab) => {
    lab.account.remove({ kind: "PrefixList", id: textOf(doomed, "prefixListId") });
    return Promise.resolve();
  },
};

export const networkTypes: Readonly<Record<string, AwsType>> = {
  "aws:ec2/vpc:Vpc": vpc,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": defaultSecurityGroup,
  "aws:ec2/subnet:Subnet": subnet,
  "aws:ec2/internetGateway:InternetGateway": internetGateway,
  "aws:ec2/routeTable:RouteTable": routeTable,
  "aws:ec2/route:Route": route,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": routeTableAssociation,
  "aws:ec2/vpcEndpoint:VpcEndpoint": vpcEndpoint,
};

function sameVpc(
  account: Account,
  one: AccountEntry["kind"],
  id: string,
  other: AccountEntry["kind"],
  otherId: string,
): void {
  const [a, b] = [account.get(one, id), account.get(other, otherId)].map((entry) => textOf(entry, "vpcId"));
  if (a !== b) refuse("InvalidParameterValue", `${id} and ${otherId} belong to different networks`);
}
