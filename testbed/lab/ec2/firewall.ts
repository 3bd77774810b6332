/** What security groups, route tables and elastic addresses of an account mean, as rules of nftables. Pure. */
import { overlap, parseNetwork } from "../../../core/util/ipv4";
import { HERE, INTERNET, PUBLIC_NETWORK, RESOLVER, S3_ADDRESS, S3_PORT } from "./addresses";
import { type Account, listOf, type AccountEntry, textOf } from "./account";
import { linkOf } from "./machine/names";

/** The table of the lab, in its router's namespace. */
const TABLE = "inet ec2";

/** The rules of an account. They take the place of all that were there; connections that are open stay so, as on EC2. */
export function firewall(account: Account): string {
  return `table ${TABLE}
delete table ${TABLE}
table ${TABLE} {
${[...sets(account), chains(account)].join("\n")}
}
`;
}

function sets(account: Account): string[] {
  const networkInterfaces = account.all("NetworkInterface");
  const inGroup = (group: string) =>
    networkInterfaces.filter((networkInterface) => listOf(networkInterface, "securityGroups").includes(group));
  return [
    set("cards", addressesOf(networkInterfaces)),
    // Whose subnet has a route to the endpoint of S3.
    set(
      "s3_routed",
      addressesOf(networkInterfaces.filter((networkInterface) => hasEndpoint(account, networkInterface))),
    ),
    ...account.all("SecurityGroup").map((group) => set(group.id, addressesOf(inGroup(group.id)))),
  ];
}

function set(name: string, addresses: readonly string[]): string {
  const elements = addresses.length === 0 ? "" : `elements = { ${addresses.join(", ")} }; `;
  return `  set ${name} { type ipv4_addr; ${elements}}`;
}

function addressesOf(networkInterfaces: readonly AccountEntry[]): string[] {
  return networkInterfaces
    .map((networkInterface) => textOf(networkInterface, "privateIp"))
    .filter((address) => address !== "");
}

function chains(account: Account): string {
  const rules = account.all("SecurityGroupRule");
  const lines = (direction: string) =>
    rules.filter(({ values }) => values["direction"] === direction).map((rule) => `    ${ruleLine(rule)}`);
  const outside = account.all("AddressAssociation").flatMap((one) => publicly(account, one));
  const machines = account.all("Instance").flatMap((instance) => {
    const networkInterface = account.find("NetworkInterface", textOf(instance, "card"));
    return networkInterface === undefined
      ? []
      : [{ link: linkOf(instance), address: textOf(networkInterface, "privateIp") }];
  });
  return `
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
${machines.map(({ link, address }) => `    iifname "${link}" ip saddr != ${address} drop`).join("\n")}
    iifname "internet" ct original ip daddr != ${PUBLIC_NETWORK} drop
    oifname "internet" ip saddr != { ${["0.0.0.0", ...outside.map(({ inner }) => inner)].join(", ")} } drop
    jump groups
  }
  chain input {
    type filter hook input priority filter; policy drop;
    iifname lo accept
    ct state established,related accept
    ip daddr ${RESOLVER} ip saddr @cards udp dport 53 accept
    ip daddr ${RESOLVER} ip saddr @cards tcp dport 53 accept
    ip daddr ${S3_ADDRESS} ip saddr @s3_routed tcp dport ${S3_PORT} jump groups
  }
  chain groups {
    ip saddr @cards jump leaving
    ip daddr @cards jump arriving
    accept
  }
  chain leaving {
${lines("egress").join("\n")}
    drop
  }
  chain arriving {
${lines("ingress").join("\n")}
    drop
  }
  chain inwards {
    type nat hook prerouting priority dstnat;
${outside.map(({ inner, outer }) => `    iifname "internet" ip daddr ${outer} dnat ip to ${inner}`).join("\n")}
  }
  chain outwards {
    type nat hook postrouting priority srcnat;
${outside.map(({ inner, outer }) => `    oifname "internet" ip saddr ${inner} snat ip to ${outer}`).join("\n")}
  }`;
}

function ruleLine(rule: AccountEntry): string {
  const own = `@${textOf(rule, "securityGroupId")}`;
  const [from, to] = [rule.values["fromPort"], rule.values["toPort"]].map(Number);
  const ports = from === to ? `${from}` : `${from}-${to}`;
  return rule.values["direction"] === "ingress"
    ? `ip daddr ${own} ip saddr ${peerOf(rule)} tcp dport ${ports} accept`
    : `ip saddr ${own} ip daddr ${peerOf(rule)} tcp dport ${ports} return`;
}

function peerOf(rule: AccountEntry): string {
  const group = textOf(rule, "referencedSecurityGroupId");
  if (group !== "") return `@${group}`;
  return textOf(rule, "prefixListId") === "" ? withHere(textOf(rule, "cidrIpv4")) : S3_ADDRESS;
}

/** A network, and this machine's real address where the network has the one that stands for it. */
function withHere(cidr: string): string {
  return has(cidr, HERE) && !has(cidr, INTERNET.here) ? `{ ${cidr}, ${INTERNET.here} }` : cidr;
}

function has(cidr: string, address: string): boolean {
  const [network, one] = [parseNetwork(cidr), parseNetwork(`${address}/32`)];
  return network !== undefined && one !== undefined && overlap(network, one);
}

/** The route table that counts for an interface; undefined when its subnet has none but the VPC's own. */
function routeTableOf(account: Account, networkInterface: AccountEntry): string | undefined {
  const subnetId = textOf(networkInterface, "subnetId");
  const found = account.all("RouteTableAssociation").find((one) => textOf(one, "subnetId") === subnetId);
  return found && textOf(found, "routeTableId");
}

function hasEndpoint(account: Account, networkInterface: AccountEntry): boolean {
  const table = routeTableOf(account, networkInterface);
  return account.all("VpcEndpoint").some((endpoint) => listOf(endpoint, "routeTableIds").includes(table ?? ""));
}

/** What an elastic address leads to, where the subnet has a way to the internet. */
function publicly(account: Account, association: AccountEntry): { inner: string; outer: string }[] {
  const instance = account.find("Instance", textOf(association, "instanceId"));
  const address = account.find("Address", textOf(association, "allocationId"));
  const networkInterface = instance && account.find("NetworkInterface", textOf(instance, "card"));
  if (address === undefined || networkInterface === undefined) return [];
  const table = routeTableOf(account, networkInterface);
  const routes = account.all("Route").filter((route) => textOf(route, "routeTableId") === table);
  if (!routes.some((route) => textOf(route, "destinationCidrBlock") === "0.0.0.0/0")) return [];
  return [{ inner: textOf(networkInterface, "privateIp"), outer: textOf(address, "publicIp") }];
}

/** The names of an account's private zones, and of its databases, as lines of a hosts file. */
export function names(account: Account): string {
  const records = account
    .all("Record")
    .flatMap((record) => listOf(record, "records").map((address) => `${address} ${textOf(record, "name")}\n`));
  const databases = account.all("DbInstance").map((database) => {
    const networkInterface = account.get("NetworkInterface", textOf(database, "card"));
    return `${textOf(networkInterface, "privateIp")} ${textOf(database, "address")}\n`;
  });
  return [...records, ...databases].join("");
}
