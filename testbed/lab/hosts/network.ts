/**
 * The lab's network: a namespace that holds nothing but a bridge, the hosts' cables in it, and one cable to this machine. In a
 * namespace of its own the bridge is out of reach of this machine's firewall (Docker drops what bridges forward) and of what
 * manages its networks.
 */
import { existsSync } from "node:fs";
import { namespacePath } from "./nspawn";
import { ask, run } from "../../../core/util/process";
import { type Network, formatNetwork } from "../../../core/util/ipv4";
import { type Link, PREFIX_LENGTH, type Route, conflict } from "./subnet";

/** The bridge, in the lab's namespace. */
export const BRIDGE = "lab";

/** Name of the lab's network namespace, and of this machine's link into it. */
export function networkName(lab: string): string {
  return `amq-${lab}`;
}

/** @throws Error when this machine uses a part of the subnet already */
export async function requireFree(subnet: Network): Promise<void> {
  const links = JSON.parse(await run("ip", "-json", "-4", "address", "show")) as Link[];
  const routes = JSON.parse(await run("ip", "-json", "-4", "route", "show", "table", "all")) as Route[];
  const problem = conflict(subnet, links, routes);
  if (problem === undefined) return;
  throw new Error(
    `a lab on ${formatNetwork(subnet)} would cut this machine off from what is there: ${problem}. ` +
      "Nothing was changed. Give the hosts addresses in another subnet",
  );
}

/** @param machine address of this machine in the lab */
export async function createNetwork(lab: string, machine: string): Promise<void> {
  const name = networkName(lab);
  const inside = (...args: string[]) => run("ip", "-n", name, ...args);
  await run("ip", "netns", "add", name);
  await inside("link", "add", BRIDGE, "type", "bridge");
  await inside("link", "set", BRIDGE, "up");
  await run("ip", "link", "add", name, "type", "veth", "peer", "name", "machine", "netns", name);
  await inside("link", "set", "machine", "master", BRIDGE, "up");
  await run("ip", "link", "set", name, "addrgenmode", "none");
  await run("ip", "address", "add", `${machine}/${PREFIX_LENGTH}`, "dev", name);
  await run("ip", "link", "set", name, "up");
}

export function networkExists(lab: string): boolean {
  return existsSync(namespacePath(networkName(lab)));
}

/** Removes the bridge, every cable in it and this machine's address; what is gone already is no fault. */
export async function removeNetwork(lab: string): Promise<void> {
  const name = networkName(lab);
  if ((await ask("ip", ["link", "show", "dev", name])).code === 0) await run("ip", "link", "delete", name);
  if (networkExists(lab)) await run("ip", "netns", "delete", name);
}

/** Plugs in the cable of a host with a kernel of its own, which finds it by its name when it starts. */
export async function addCable(lab: string, cable: string): Promise<void> {
  const inside = (...args: string[]) => run("ip", "-n", networkName(lab), ...args);
  await inside("tuntap", "add", "dev", cable, "mode", "tap");
  await inside("link", "set", "dev", cable, "master", BRIDGE, "up");
}

/** What is gone already is no fault. */
export async function removeCable(lab: string, cable: string): Promise<void> {
  if ((await isPlugged(lab, cable)) !== undefined) await run("ip", "-n", networkName(lab), "link", "delete", cable);
}

/** Whether a cable carries anything; undefined when there is none, because its host is off. */
export async function isPlugged(lab: string, cable: string): Promise<boolean | undefined> {
  const { code, stdout } = await ask("ip", ["-n", networkName(lab), "-json", "link", "show", "dev", cable]);
  if (code !== 0) return undefined;
  const [link] = JSON.parse(stdout) as { flags: string[] }[];
  return link?.flags.includes("UP");
}

export async function setPlugged(lab: string, cable: string, plugged: boolean): Promise<void> {
  await run("ip", "-n", networkName(lab), "link", "set", "dev", cable, plugged ? "up" : "down");
}
