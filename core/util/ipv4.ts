/** IPv4 addresses and networks as numbers. Pure. */

/** The form of a network's text, for a schema; {@link parseNetwork} says whether it is one. */
export const NETWORK_FORM = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/;

/** `10.0.0.0/16` as its first address and the bits that all its addresses share. */
export interface Network {
  /** As a number below 2^32. */
  readonly first: number;
  readonly prefix: number;
}

/** @returns undefined for what is no network: a number out of range, or bits set beyond the prefix */
export function parseNetwork(text: string): Network | undefined {
  const [address = "", length = ""] = text.split("/");
  const first = parseAddress(address);
  const prefix = /^(0|[1-9]\d?)$/.test(length) ? Number(length) : 33;
  if (first === undefined || prefix > 32) return undefined;
  return first % sizeOf({ first, prefix }) === 0 ? { first, prefix } : undefined;
}

/** @returns undefined for what is no IPv4 address */
export function parseAddress(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The network of that length which an address is in. */
export function networkAround(address: number, prefix: number): Network {
  return { first: address - (address % sizeOf({ first: 0, prefix })), prefix };
}

/** How many addresses a network has. */
export function sizeOf({ prefix }: Network): number {
  return 2 ** (32 - prefix);
}

/** The n-th of the equal parts that a network falls into, from 0. */
export function partOf(network: Network, prefix: number, n: number): Network {
  return { first: network.first + n * sizeOf({ first: 0, prefix }), prefix };
}

/** True when the two have an address in common. */
export function overlap(a: Network, b: Network): boolean {
  return a.first < b.first + sizeOf(b) && b.first < a.first + sizeOf(a);
}

/** The highest address of a network: its broadcast address. */
export function lastOf(network: Network): number {
  return network.first + sizeOf(network) - 1;
}

/** The n-th address of a network, from 0. */
export function addressAt(network: Network, n: number): string {
  return formatAddress(network.first + n);
}

export function formatNetwork({ first, prefix }: Network): string {
  return `${formatAddress(first)}/${prefix}`;
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}
