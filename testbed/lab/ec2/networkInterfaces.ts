/** Network interfaces of the lab: their addresses, and what the program reads of them. */
import { addressAt, parseAddress, parseNetwork, sizeOf } from "../../../core/util/ipv4";
import type { WireMap } from "../../../operate/engine/standIn/values";
import { type Account, listOf, refuse, type AccountEntry, textOf } from "./account";
import { arn } from "./arn";

/** What an interface gets; refuses an address that cannot be its own. */
export function networkInterfaceValues(made: AccountEntry, account: Account): WireMap {
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

export function freeAddress(subnet: AccountEntry, account: Account): string {
  const network = parseNetwork(textOf(subnet, "cidrBlock")) ?? { first: 0, prefix: 32 };
  const taken = new Set(
    account.all("NetworkInterface").map((networkInterface) => textOf(networkInterface, "privateIp")),
  );
  // From the upper end: addresses that somebody asks for are counted from the lower one.
  for (let n = sizeOf(network) - 2; n >= 4; n--) {
    const address = addressAt(network, n);
    if (!taken.has(address)) return address;
  }
  return refuse("InsufficientFreeAddressesInSubnet", `${subnet.id} has no free address`);
}
