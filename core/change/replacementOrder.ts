/** In which order the machines of a cluster may be replaced, so that nothing loses more than one at a time. Pure. */
import type { PlannedEnsemble, PlannedGroup, PlannedHost } from "../plan/model";

/** Hosts that must not be away together: each is replaced when the one before serves again. */
export interface ReplacementChain {
  readonly hosts: readonly string[];
  /** True for the ensemble's, which goes before all others: a member that is away leaves no room for a broker that is. */
  readonly first: boolean;
}

interface Parts {
  readonly hosts: readonly PlannedHost[];
  readonly groups: readonly Pick<PlannedGroup, "name" | "brokers">[];
  readonly ensemble?: PlannedEnsemble;
}

/**
 * One chain for the ensemble, and one for each group or, where groups share hosts, for all that do. Chains are independent but
 * for the ensemble's; every host is in one.
 * @param order hosts that go first, in that order; the others follow in the plan's
 */
export function replacementChains(
  { hosts, groups, ensemble }: Parts,
  order: readonly string[] = [],
): ReplacementChain[] {
  const rank = (host: string) => {
    const at = order.indexOf(host);
    return at < 0 ? order.length + hosts.findIndex(({ name }) => name === host) : at;
  };
  const sorted = (names: Iterable<string>) => [...new Set(names)].sort((a, b) => rank(a) - rank(b));
  const members = sorted((ensemble?.members ?? []).map(({ host }) => host));
  let together: Set<string>[] = [];
  for (const { brokers } of groups) {
    const own = new Set(brokers.map(({ host }) => host));
    const shared = together.filter((other) => [...own].some((host) => other.has(host)));
    together = [
      ...together.filter((other) => !shared.includes(other)),
      new Set([...shared.flatMap((one) => [...one]), ...own]),
    ];
  }
  const taken = new Set(members);
  return [
    ...(members.length === 0 ? [] : [{ hosts: members, first: true }]),
    ...together
      .map((one) => ({ hosts: sorted(one).filter((host) => !taken.has(host)), first: false }))
      .filter((chain) => chain.hosts.length > 0),
  ];
}

/** The hosts of all chains, each after those that it may have to wait for. */
export function inChainOrder(chains: readonly ReplacementChain[]): string[] {
  return [...chains].sort((a, b) => Number(b.first) - Number(a.first)).flatMap((chain) => chain.hosts);
}

/**
 * Whom a host's machine waits for, and beside whose machines: the one before it in its chain, or the ensemble's last one.
 * @returns nothing to wait for where it is the first of all
 */
export function positionInChain(
  chains: readonly ReplacementChain[],
  host: string,
): { chain: ReplacementChain; before?: string } {
  const chain = chains.find((one) => one.hosts.includes(host));
  if (chain === undefined) throw new Error(`host ${host} is in no chain`);
  const at = chain.hosts.indexOf(host);
  const before = at > 0 ? chain.hosts[at - 1] : chain.first ? undefined : chains.find((one) => one.first)?.hosts.at(-1);
  return { chain, ...(before !== undefined && { before }) };
}

/**
 * Whether machines of a chain are to be made one after the other: when a majority is there. Where fewer are, nothing serves
 * that could be disturbed, and those that come need each other.
 */
export function isThere({ hosts }: ReplacementChain, machines: number): boolean {
  return machines * 2 > hosts.length;
}

/** What of a chain is in the account. */
export interface Found {
  /** Machines that run. */
  readonly machines: number;
  /** Hosts whose machine is where it is to be: one that moves is not. */
  readonly inPlace: readonly string[];
}

/**
 * Who must be well after a host's machine came back and before the next one goes: the others of its chain, and after one of
 * the ensemble's everybody, because a member that restarts may cost every group its master, where that takes longer than a session.
 */
export function askedAfter(chains: readonly ReplacementChain[], host: string): string[] {
  const { chain } = positionInChain(chains, host);
  const all = chain.first ? inChainOrder(chains) : chain.hosts;
  return all.filter((other) => other !== host);
}

/**
 * Whether a host can be asked as it is. Else it is asked once it was made: nothing waits for that, so that machines which are
 * made side by side do not wait for each other.
 * @param after the host whose machine came back before
 */
export function canBeAsked(
  chains: readonly ReplacementChain[],
  { after, host }: { readonly after: string; readonly host: string },
  found: ReadonlyMap<ReplacementChain, Found>,
): boolean {
  const [theirs, own] = [after, host].map((one) => positionInChain(chains, one).chain);
  const stands = (chain: ReplacementChain | undefined) =>
    chain !== undefined && isThere(chain, found.get(chain)?.machines ?? 0);
  return stands(theirs) && stands(own) && own !== undefined && found.get(own)?.inPlace.includes(host) === true;
}
