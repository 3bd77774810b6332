/** Where an application is that uses the brokers: an interface of its own in the VPC, in the clients' security group. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { networkName } from "../hosts/network";
import { namespacePath } from "../hosts/nspawn";
import { ask, run } from "../../../core/util/process";
import { type Account, newId, type AccountEntry, textOf } from "./account";
import { GATEWAY, RESOLVER } from "./addresses";
import { connect } from "./router";
import { networkInterfaceValues } from "./networkInterfaces";

/** What is needed of the lab. */
export interface OpenLab {
  readonly directory: string;
  readonly account: Account;
  reconcile(): Promise<void>;
}

/** The application's network namespace. */
const namespaceOf = (lab: string) => `${networkName(lab)}-client`;
/** The router's end of its cable. */
const linkOf = (lab: string) => `ve-${lab}-app`;

/**
 * Makes it, unless it is there.
 * @param securityGroupId what the stack has for its clients
 * @returns the words that run a command there; its own follow
 */
export async function openClientLocation(lab: OpenLab, securityGroupId: string): Promise<string[]> {
  const { account } = lab;
  const namespace = namespaceOf(account.lab);
  const vpc = textOf(account.get("SecurityGroup", securityGroupId), "vpcId");
  if (clientInterface(lab) === undefined) {
    const subnet = account.all("Subnet").find((one) => textOf(one, "vpcId") === vpc);
    const values = { subnetId: subnet?.id ?? "", securityGroups: [securityGroupId], client: true };
    const networkInterface: AccountEntry = { kind: "NetworkInterface", id: newId("eni"), values };
    account.put({ ...networkInterface, values: { ...values, ...networkInterfaceValues(networkInterface, account) } });
    await lab.reconcile();
  }
  const address = textOf(clientInterface(lab) ?? account.get("NetworkInterface", ""), "privateIp");
  if ((await ask("ip", ["-n", namespace, "link", "show", "lo"])).code !== 0) {
    const link = linkOf(account.lab);
    const inside = (...args: string[]) => run("ip", "-n", namespace, ...args);
    await run("ip", "netns", "add", namespace);
    await inside("link", "set", "lo", "up");
    await inside("link", "add", "eth0", "type", "veth", "peer", "name", link, "netns", networkName(account.lab));
    await inside("address", "add", `${address}/32`, "dev", "eth0");
    await inside("link", "set", "eth0", "up");
    await inside("route", "add", GATEWAY, "dev", "eth0");
    await inside("route", "add", "default", "via", GATEWAY);
    await connect(account.lab, link, address);
  }
  const resolv = join(lab.directory, "client.resolv");
  writeFileSync(resolv, `nameserver ${RESOLVER}\n`, { mode: 0o644 });
  const enter = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
  return ["nsenter", `--net=${namespacePath(namespace)}`, "unshare", "--mount", "sh", "-c", enter, resolv];
}

/** Takes it away; what still runs there has no network then. */
export async function closeClientLocation(lab: OpenLab): Promise<void> {
  const namespace = namespaceOf(lab.account.lab);
  await ask("ip", ["-n", networkName(lab.account.lab), "link", "delete", linkOf(lab.account.lab)]);
  await ask("ip", ["netns", "delete", namespace]);
  const networkInterface = clientInterface(lab);
  if (networkInterface === undefined) return;
  lab.account.remove(networkInterface);
  await lab.reconcile();
}

/** Whether a thing is the application's and not a stack's. */
export function isClients({ values }: AccountEntry): boolean {
  return values["client"] === true;
}

function clientInterface({ account }: OpenLab): AccountEntry | undefined {
  return account.all("NetworkInterface").find(isClients);
}
