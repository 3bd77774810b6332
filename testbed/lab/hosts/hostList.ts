/** Which hosts a lab has: what a caller writes, checked. */
import { type Network, formatAddress, formatNetwork, lastOf, parseAddress } from "../../../core/util/ipv4";
import { PREFIX_LENGTH, machineAddress, subnetOf } from "./subnet";

/** A host that a caller wants. */
export interface HostAddress {
  /** Its host name: a label of DNS, lower case. */
  readonly name: string;
  /** Its IPv4 address; all hosts of a lab are in one /24. */
  readonly address: string;
}

/** Where hosts and this machine meet. */
export interface LabNetwork {
  readonly subnet: Network;
  /** The address of this machine in the subnet, not one of a host. */
  readonly machine: string;
}

/** Three hosts of the kind that the how-tos of this field write about. */
export const DEFAULT_HOSTS: readonly HostAddress[] = [86, 87, 88].map((last, i) => ({
  name: `host-${i + 1}`,
  address: `192.168.2.${last}`,
}));

const HOST_NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Reads `name=address,name=address`.
 * @throws Error when a part is not of that form; names and addresses are checked by {@link networkOf}
 */
export function parseHosts(text: string): HostAddress[] {
  return text.split(",").map((part) => {
    const [name, address, ...rest] = part.trim().split("=");
    if (name === undefined || address === undefined || rest.length > 0) {
      throw new Error(
        `--hosts: "${part}" is not a host. Allowed: name=address, several with commas between, as in ${formatHosts(DEFAULT_HOSTS)}`,
      );
    }
    return { name, address };
  });
}

/** The hosts as {@link parseHosts} reads them. */
export function formatHosts(hosts: readonly HostAddress[]): string {
  return hosts.map(({ name, address }) => `${name}=${address}`).join(",");
}

/**
 * The network that hosts need.
 * @throws Error with every fault of the hosts
 */
export function networkOf(hosts: readonly HostAddress[]): LabNetwork {
  const faults = [...nameFaults(hosts), ...addressFaults(hosts)];
  if (faults.length > 0) throw new Error(["these hosts cannot be, nothing was changed:", ...faults].join("\n  "));
  const addresses = new Set(hosts.map(({ address }) => numberOf(address)));
  const subnet = subnetOf(Math.min(...addresses));
  return { subnet, machine: formatAddress(machineAddress(subnet, addresses)) };
}

function nameFaults(hosts: readonly HostAddress[]): string[] {
  const names = hosts.map(({ name }) => name);
  const allowed = "Allowed: lower-case letters, digits and dashes, a letter first, no dash last, at most 63";
  return [
    ...(hosts.length === 0 ? ["there is none. Allowed: at least one"] : []),
    ...names.filter((name) => !HOST_NAME.test(name)).map((name) => `"${name}" is not a host name. ${allowed}`),
    ...doubles(names).map((name) => `the name "${name}" is there twice. Give every host one of its own`),
  ];
}

function addressFaults(hosts: readonly HostAddress[]): string[] {
  const faults = hosts.flatMap(({ name, address }) => {
    const problem = addressProblem(parseAddress(address));
    return problem === undefined ? [] : [`${name}: "${address}" ${problem}`];
  });
  if (faults.length > 0) return faults;
  const subnets = new Set(hosts.map(({ address }) => formatNetwork(subnetOf(numberOf(address)))));
  return [
    ...doubles(hosts.map(({ address }) => address)).map(
      (address) => `the address ${address} is there twice. Give every host one of its own`,
    ),
    ...(subnets.size > 1
      ? [`their addresses are in ${[...subnets].join(" and ")}. Allowed: one subnet of /${PREFIX_LENGTH} in a lab`]
      : []),
  ];
}

function addressProblem(address: number | undefined): string | undefined {
  if (address === undefined) return "is not an address. Allowed: an IPv4 address, as in 192.168.2.86";
  const [net, subnet] = [Math.floor(address / 2 ** 24), subnetOf(address)];
  if (net === 0 || net === 127 || net >= 224) {
    return "cannot be a host's. Allowed: from 1.0.0.1 to 223.255.255.254, but not 127.x.x.x";
  }
  if (address === subnet.first || address === lastOf(subnet)) {
    return `is the first or the last of its subnet ${formatNetwork(subnet)}. Allowed: the addresses between`;
  }
  return undefined;
}

function doubles(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text, i) => texts.indexOf(text) !== i))];
}

/** Of an address that has been checked. */
function numberOf(address: string): number {
  return parseAddress(address) ?? 0;
}
