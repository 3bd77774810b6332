/** IPv4 addresses and subnets as numbers, and whether the machine leaves one to us. */

/** All lab hosts are in one subnet of this length. */
export const PREFIX_LENGTH = 24;

export interface Subnet {
  /** The lowest address, as a number. */
  readonly first: number;
  /** 0 to 32. */
  readonly prefixLength: number;
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

/** @returns undefined for what is not four numbers of 0 to 255 */
export function parseAddress(text: string): number | undefined {
  const bytes = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (bytes === undefined || bytes.some((byte) => byte > 255)) return undefined;
  // Not shifted: the first bit would be a sign.
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((bits) => (address >>> bits) & 255).join(".");
}

export function formatSubnet({ first, prefixLength }: Subnet): string {
  return `${formatAddress(first)}/${prefixLength}`;
}

export function subnetOf(address: number, prefixLength = PREFIX_LENGTH): Subnet {
  return { first: address - (address % 2 ** (32 - prefixLength)), prefixLength };
}

export function overlaps(a: Subnet, b: Subnet): boolean {
  return a.first <= lastOf(b) && b.first <= lastOf(a);
}

/** The highest address: the broadcast address. */
export function lastOf({ first, prefixLength }: Subnet): number {
  return first + 2 ** (32 - prefixLength) - 1;
}

/**
 * An address for this machine among those of its hosts: where gateways usually are, else the highest that is free.
 * @throws Error when the hosts use all of them
 */
export function machineAddress(subnet: Subnet, taken: ReadonlySet<number>): number {
  const [first, last] = [subnet.first + 1, lastOf(subnet) - 1];
  for (const address of [last, first]) if (!taken.has(address)) return address;
  for (let address = last; address > first; address--) if (!taken.has(address)) return address;
  throw new Error(`the hosts use every address of ${formatSubnet(subnet)}; this machine needs one, leave one free`);
}

/** A route this wide is a default route in parts, as some VPNs set it: nothing lives at its other end in particular. */
const WIDE = 8;

/**
 * Why a subnet must not be used on this machine: an address or a route that it has already.
 * @returns a sentence; undefined when it is free
 */
export function conflict(subnet: Subnet, links: readonly Link[], routes: readonly Route[]): string | undefined {
  const wanted = formatSubnet(subnet);
  for (const { ifname, addr_info } of links) {
    for (const { local, prefixlen = 32 } of addr_info) {
      const address = local === undefined ? undefined : parseAddress(local);
      if (address === undefined || !overlaps(subnet, subnetOf(address, prefixlen))) continue;
      return `this machine has the address ${local ?? ""}/${prefixlen} on ${ifname}, which is in ${wanted}`;
    }
  }
  for (const { dst, dev } of routes) {
    const [text = "", length = "32"] = dst.split("/");
    const address = parseAddress(text);
    if (address === undefined || Number(length) < WIDE) continue;
    if (!overlaps(subnet, subnetOf(address, Number(length)))) continue;
    return `this machine has a route to ${dst}${dev === undefined ? "" : ` through ${dev}`}, which overlaps ${wanted}`;
  }
  return undefined;
}
