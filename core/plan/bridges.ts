/** Which group dials which, and how. Pure. */
import type { BridgeConfig, ClusterConfig } from "../../config/schema";
import { filtersFor } from "./destinations";
import type { PlannedBridge, PlannedGroup } from "./model";
import { addressText } from "../products/transports";

/** Hops a message may take: enough to follow a consumer that moved away and back, small enough to end a loop. */
const MESSAGE_TTL = 4;

/** The connectors that a topology means, as pairs of group names; also what topology custom spells out. */
export function bridgePairs(config: ClusterConfig): BridgeConfig[] {
  const names = config.groups.map((group) => group.name);
  switch (config.topology) {
    case "none":
      return [];
    case "custom":
      return config.bridges ?? [];
    case "mesh":
      return names.flatMap((from) => names.filter((to) => to !== from).map((to) => ({ from, to, duplex: false })));
    case "duplex":
      // The group listed earlier dials: one side only, or the two would open two bridges for one pair.
      return names.flatMap((from, i) => names.slice(i + 1).map((to) => ({ from, to, duplex: true })));
    case "spokes": {
      const of = (role: string) => config.groups.filter((group) => group.role === role).map((group) => group.name);
      return of("producers").flatMap((from) => of("consumers").map((to) => ({ from, to, duplex: true })));
    }
    default:
      return config.topology satisfies never;
  }
}

/** The network connectors of a plan. */
export function planBridges(config: ClusterConfig, groups: readonly PlannedGroup[]): PlannedBridge[] {
  // With spokes a consumer's demand reaches the other consumer groups through a producer group: one hop more.
  const consumerTTL = config.topology === "spokes" ? 2 : 1;
  const filtersOf = filtersFor(config);
  // Everybody who dials a group in the same way dials the same URI.
  const uris = { plain: new Map<string, string>(), duplex: new Map<string, string>() };
  for (const group of groups) {
    uris.plain.set(group.name, bridgeUri(group, false, config.client.maxInactivityMillis));
    uris.duplex.set(group.name, bridgeUri(group, true, config.client.maxInactivityMillis));
  }
  return bridgePairs(config).map((pair) => {
    const uri = uris[pair.duplex ? "duplex" : "plain"].get(pair.to);
    if (uri === undefined) throw new Error(`bridge to unknown group ${pair.to}`);
    const filters = filtersOf(pair);
    return {
      name: `${pair.from}-to-${pair.to}`,
      from: pair.from,
      to: pair.to,
      duplex: pair.duplex,
      uri,
      consumerTTL,
      messageTTL: MESSAGE_TTL,
      ...(filters && { filters }),
    };
  });
}

/**
 * One-way connectors use masterslave: (one bridge that follows the master). It needs two addresses at least
 * (MasterSlaveDiscoveryAgent), so a group without slaves is dialled by static:, as duplex connectors are: one attempt per
 * broker, of which only the master's succeeds. The fixed short delay finds a new master in seconds instead of up to 30 s.
 */
function bridgeUri(remote: PlannedGroup, duplex: boolean, maxInactivityMillis: number): string {
  const options = `connectionTimeout=5000&wireFormat.maxInactivityDuration=${maxInactivityMillis}`;
  const uris = remote.brokers
    .map((broker) => `${addressText("openwire", broker.address, broker.ports.openwire)}?${options}`)
    .join(",");
  const retry = "initialReconnectDelay=1000&maxReconnectDelay=2000&useExponentialBackOff=false";
  return duplex || remote.brokers.length < 2 ? `static:(${uris})?${retry}` : `masterslave:(${uris})?${retry}`;
}
