/** Security groups, their rules, and the interfaces that are in them. */
import { parseNetwork } from "../../../../core/util/ipv4";
import { newId, refuse, type AccountEntry, textOf } from "../account";
import type { AwsType } from "../awsType";
import { arn } from "../arn";
import { networkInterfaceValues } from "../networkInterfaces";

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
    const ruleText = (entry: Pick<AccountEntry, "values">) =>
      JSON.stringify(["fromPort", "toPort", "securityGroupId", ...PEERS].map((name) => entry.values[name] ?? ""));
    const other = account
      .all("SecurityGroupRule")
      .find((one) => one.values["direction"] === direction && ruleText(one) === ruleText(made));
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
  computed: (made, account) => networkInterfaceValues(made, account),
};

export const securityTypes: Readonly<Record<string, AwsType>> = {
  "aws:ec2/securityGroup:SecurityGroup": securityGroup,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("ingress"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("egress"),
  "aws:ec2/networkInterface:NetworkInterface": networkInterface,
};
