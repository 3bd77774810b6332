/** Security groups, their rules, and the interfaces that are in them. */
import { addressAt, parseAddress, parseNetwork, sizeOf } from "../../../components/network/ipv4";
import type { WireMap } from "../../engine/values";
import { type Account, listOf, newId, refuse, type Thing, textOf } from "../account";
import type { AwsType } from "../awsType";
import { arn } from "./network";

const securityGroup: AwsType = {
  kind: "SecurityGroup",
  fixed: ["name", "description", "vpcId"],
  changeable: ["tags"],
  references: { vpcId: "Vpc" },
  id: () => newId("sg"),
  computed: (made, account) => {
    const name = textOf(made, "name");
    if (name.startsWith("sg-")) refuse("InvalidParameterValue", `a group's name must not begin with sg-: ${name}`);
    if (!/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/.test(textOf(made, "description"))) {
      refuse("InvalidParameterValue", `invalid security group description '${textOf(made, "description")}'`);
    }
    account.get("Vpc", textOf(made, "vpcId"));
    return { arn: arn("security-group", made.id), name: name === "" ? made.id.replace("sg-", "terraform-") : name };
  },
};

const PEERS = ["cidrIpv4", "prefixListId", "referencedSecurityGroupId"] as const;

const rule = (direction: "ingress" | "egress"): AwsType => ({
  kind: "SecurityGroupRule",
  fixed: ["securityGroupId"],
  changeable: ["ipProtocol", "fromPort", "toPort", "description", "tags", ...PEERS],
  references: {
    securityGroupId: "SecurityGroup",
    referencedSecurityGroupId: "SecurityGroup",
    prefixListId: "PrefixList",
  },
  id: () => newId("sgr"),
  computed: (made, account) => {
    if (PEERS.filter((peer) => textOf(made, peer) !== "").length !== 1) {
      refuse("InvalidParameterCombination", `a rule has one of ${PEERS.join(", ")}`);
    }
    const cidr = textOf(made, "cidrIpv4");
    if (cidr !== "" && parseNetwork(cidr) === undefined) {
      refuse("InvalidParameterValue", `CIDR block ${cidr} is malformed`);
    }
    if (textOf(made, "ipProtocol") !== "tcp") throw new Error("the lab that plays EC2 knows rules of tcp alone");
    const group = textOf(made, "securityGroupId");
    const says = (thing: Pick<Thing, "values">) =>
      JSON.stringify(["fromPort", "toPort", "securityGroupId", ...PEERS].map((name) => thing.values[name] ?? ""));
    const other = account
      .all("SecurityGroupRule")
      .find((one) => one.values["direction"] === direction && says(one) === says(made));
    if (other !== undefined) {
      refuse("InvalidPermission.Duplicate", `the same rule of ${group} already exists: ${other.id}`);
    }
    return { direction, arn: arn("security-group-rule", made.id), securityGroupRuleId: made.id };
  },
});

const networkInterface: AwsType = {
  kind: "NetworkInterface",
  fixed: ["subnetId", "privateIps"],
  changeable: ["securityGroups", "description", "tags"],
  references: { subnetId: "Subnet", securityGroups: "SecurityGroup" },
  id: () => newId("eni"),
  computed: (made, account) => cardValues(made, account),
};

/** What an interface gets; refuses an address that cannot be its own. */
export function cardValues(made: Thing, account: Account): WireMap {
  const subnet = account.get("Subnet", textOf(made, "subnetId"));
  const [wanted] = listOf(made, "privateIps");
  const privateIp = wanted ?? freeAddress(subnet, account);
  const { first, prefix } = parseNetwork(textOf(subnet, "cidrBlock")) ?? { first: 0, prefix: 32 };
  const at = (parseAddress(privateIp) ?? 0) - first;
  // AWS keeps the first four of a subnet and the last.
  if (at < 4 || at >= sizeOf({ first, prefix }) - 1) {
    refuse("InvalidParameterValue", `address ${privateIp} is not in the usable part of ${textOf(subnet, "cidrBlock")}`);
  }
  if (account.all("NetworkInterface").some((other) => textOf(other, "privateIp") === privateIp)) {
    refuse("InvalidIPAddress.InUse", `address ${privateIp} is in use`);
  }
  const vpcOf = (kind: "SecurityGroup" | "Subnet", id: string) => textOf(account.get(kind, id), "vpcId");
  for (const group of listOf(made, "securityGroups")) {
    if (vpcOf("SecurityGroup", group) !== textOf(subnet, "vpcId")) {
      refuse("InvalidGroup.NotFound", `security group ${group} is of another VPC than ${subnet.id}`);
    }
  }
  return { arn: arn("network-interface", made.id), privateIp };
}

function freeAddress(subnet: Thing, account: Account): string {
  const network = parseNetwork(textOf(subnet, "cidrBlock")) ?? { first: 0, prefix: 32 };
  const taken = new Set(account.all("NetworkInterface").map((card) => textOf(card, "privateIp")));
  // From the upper end: addresses that somebody asks for are counted from the lower one.
  for (let n = sizeOf(network) - 2; n >= 4; n--) {
    const address = addressAt(network, n);
    if (!taken.has(address)) return address;
  }
  return refuse("InsufficientFreeAddressesInSubnet", `${subnet.id} has no free address`);
}

export const securityTypes: Readonly<Record<string, AwsType>> = {
  "aws:ec2/securityGroup:SecurityGroup": securityGroup,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("ingress"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("egress"),
  "aws:ec2/networkInterface:NetworkInterface": networkInterface,
};
