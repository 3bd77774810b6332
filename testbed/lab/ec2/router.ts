/** The network of the lab: one router that every machine's cable ends in, with a cable to this machine, its internet. */
import { writeFileSync } from "node:fs";
import { networkName, requireFree } from "../hosts/network";
import { namespacePath } from "../hosts/nspawn";
import { run } from "../../../core/util/process";
import { parseAddress } from "../../../core/util/ipv4";
import { subnetOf } from "../hosts/subnet";
import { GATEWAY, INTERNET, PUBLIC_NETWORK, RESOLVER, S3_ADDRESS } from "./addresses";

/** @throws Error when this machine uses the lab's addresses already, as for another lab that plays EC2 */
export async function createRouter(lab: string): Promise<void> {
  for (const network of [INTERNET.network, PUBLIC_NETWORK]) {
    await requireFree(subnetOf(parseAddress(network.split("/")[0] ?? "") ?? 0));
  }
  const name = networkName(lab);
  const inside = (...args: string[]) => run("ip", "-n", name, ...args);
  await run("ip", "netns", "add", name);
  await inRouter(lab, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
  await inside("link", "set", "lo", "up");
  for (const address of [RESOLVER, S3_ADDRESS]) await inside("address", "add", `${address}/32`, "dev", "lo");
  await run("ip", "link", "add", name, "type", "veth", "peer", "name", "internet", "netns", name);
  await inside("address", "add", `${INTERNET.gateway}/${INTERNET.prefix}`, "dev", "internet");
  await inside("link", "set", "internet", "up");
  await run("ip", "link", "set", name, "addrgenmode", "none");
  await run("ip", "address", "add", `${INTERNET.here}/${INTERNET.prefix}`, "dev", name);
  await run("ip", "link", "set", name, "up");
  await run("ip", "route", "add", PUBLIC_NETWORK, "via", INTERNET.gateway);
}

/** Runs a command of this machine in the router. */
export function inRouter(lab: string, ...command: string[]): Promise<string> {
  return run("nsenter", `--net=${namespacePath(networkName(lab))}`, ...command);
}

/** What nobody answers at is silence, as on EC2, and not a word of the router. */
export async function keepSilent(lab: string, cidr: string): Promise<void> {
  await run("ip", "-n", networkName(lab), "route", "replace", "blackhole", cidr);
}

/** Connects a machine's cable. @param link the router's end */
export async function connect(lab: string, link: string, address: string): Promise<void> {
  const inside = (...args: string[]) => run("ip", "-n", networkName(lab), ...args);
  await inside("address", "replace", `${GATEWAY}/32`, "dev", link);
  await inside("link", "set", link, "up");
  await inside("route", "replace", `${address}/32`, "dev", link);
}

/** @param file where the rules are kept to be looked at */
export async function load(lab: string, file: string, rules: string): Promise<void> {
  writeFileSync(file, rules, { mode: 0o600 });
  await inRouter(lab, "nft", "--file", file);
}
