/** The subnet of a lab's hosts, and whether the machine leaves it to us. */
import { type Network, formatNetwork, lastOf, networkAround, overlap, parseAddress } from "../../../core/util/ipv4";

/** All lab hosts are in one subnet of this length. */
export const PREFIX_LENGTH = 24;

/** The subnet of a lab's hosts, by an address in it. */
export function subnetOf(address: number): Network {
  return networkAround(address, PREFIX_LENGTH);
}

/** What `ip -json route show table all` says of a route, as far as it matters here. */
export interface Route {
  /** `default`, an address or a subnet. */
  readonly dst: string;
  readonly dev?: string;
}

/** What `ip -json address show` says of a link, as far as it matters here. */
export interface Link {
  readonly ifname: string;
  readonly addr_info: readonly { readonly local?: string; readonly prefixlen?: number }[];
}

/**
 * An address for this machine among those of its hosts: where gateways usually are, else the highest that is free.
 * @throws Error when the hosts use all of them
 */
export function machineAddress(subnet: Network, taken: ReadonlySet<number>): number {
  const [first, last] = [subnet.first + 1, lastOf(subnet) - 1];
  for (const address of [last, first]) if (!taken.has(address)) return address;
  for (let address = last; address > first; address--) if (!taken.has(address)) return address;
  throw new Error(`the hosts use every address of ${formatNetwork(subnet)}; this machine needs one, leave one free`);
}

/** A route this wide is a default route in parts, as some VPNs set it: nothing lives at its other end in particular. */
const WIDE = 8;

/**
 * Why a subnet must not be used on this machine: an address or a route that it has already.
 * @returns a sentence; undefined when it is free
 */
export function conflict(subnet: Network, links: readonly Link[], routes: readonly Route[]): string | undefined {
  const wanted = formatNetwork(subnet);
  for (const { ifname, addr_info } of links) {
    for (const { local, prefixlen = 32 } of addr_info) {
      const address = local === undefined ? undefined : parseAddress(local);
      if (address === undefined || !overlap(subnet, networkAround(address, prefixlen))) continue;
      return `this machine has the address ${local ?? ""}/${prefixlen} on ${ifname}, which is in ${wanted}`;
    }
  }
  for (const { dst, dev } of routes) {
    const [text = "", length = "32"] = dst.split("/");
    const address = parseAddress(text);
    if (address === undefined || Number(length) < WIDE) continue;
    if (!overlap(subnet, networkAround(address, Number(length)))) continue;
    return `this machine has a route to ${dst}${dev === undefined ? "" : ` through ${dev}`}, which overlaps ${wanted}`;
  }
  return undefined;
}
