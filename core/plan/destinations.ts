/** Which destinations a bridge carries, as the product decides it. Pure. */
import { deadLettersOf } from "./deadLetters";
import type { BridgeConfig, ClusterConfig } from "../../config/schema";
import type { BridgeFilters, ClusterPlan } from "./model";

/** Queues in which masters try whether they take and give messages (ServiceTrial.java, which has it, too). They cross no bridge. */
export const TRIAL_QUEUES = "ActiveMQ.Trial.>";

export type DestinationKind = "queue" | "topic";

export interface Destination {
  readonly kind: DestinationKind;
  /** With wildcards, where it is a pattern: `*` is one part, `>` at the end all that follow. */
  readonly name: string;
}

/** `queue://orders.>` taken apart. @throws Error for anything else, which the schema refuses first */
export function destination(text: string): Destination {
  const [, kind, name] = /^(queue|topic):\/\/(.+)$/.exec(text) ?? [];
  if (kind === undefined || name === undefined) throw new Error(`${text} is no destination`);
  return { kind: kind as DestinationKind, name };
}

/**
 * True when `wide` matches everything that `narrow` does; `narrow` may be a name. As the product matches: `a.>` is `a` as well
 * (activemq-client, PrefixDestinationFilter).
 */
export function covers(wide: string, narrow: string): boolean {
  const [a, b] = [destination(wide), destination(narrow)];
  return a.kind === b.kind && coversParts(a.name.split("."), b.name.split("."));
}

function coversParts([part, ...parts]: readonly string[], [other, ...others]: readonly string[]): boolean {
  if (part === ">") return true;
  if (part === undefined || other === undefined) return part === other;
  return other !== ">" && (part === "*" || part === other) && coversParts(parts, others);
}

/** The order in which a bridge asks its lists (activemq-broker, DemandForwardingBridgeSupport.isPermissableDestination). */
export function carries(filters: BridgeFilters | undefined, name: string): boolean {
  if (filters === undefined) return true;
  const { excludedDestinations, staticallyIncludedDestinations, dynamicallyIncludedDestinations: dynamic } = filters;
  const among = (list: readonly string[]) => list.some((pattern) => covers(pattern, name));
  if (among(excludedDestinations)) return false;
  return among(staticallyIncludedDestinations) || dynamic.length === 0 || among(dynamic);
}

/** True when no destination of a kind can cross. */
export function carriesNone(filters: BridgeFilters | undefined, kind: DestinationKind): boolean {
  if (filters === undefined) return false;
  const { excludedDestinations, staticallyIncludedDestinations, dynamicallyIncludedDestinations: dynamic } = filters;
  if (excludedDestinations.some((pattern) => covers(pattern, `${kind}://>`))) return true;
  const included = [...staticallyIncludedDestinations, ...dynamic].filter((text) => destination(text).kind === kind);
  if (dynamic.length === 0) return false;
  return included.every((text) => excludedDestinations.some((pattern) => covers(pattern, text)));
}

/**
 * The lists of each bridge. What is excluded adds up: by the cluster, by either of the groups, by the bridge. What is included is the
 * bridge's own list, or else the cluster's. Groups are looked up by name, once for all bridges: a mesh has many times more bridges.
 * @returns a function of a bridge; that returns undefined when everything crosses
 */
export function filtersFor(config: ClusterConfig): (bridge: BridgeConfig) => BridgeFilters | undefined {
  // At the first bridge, and not before: a name that cannot be read (config/partialConfig.ts) is the fault of who needs it.
  let positions: ReadonlyMap<string, readonly number[]> | undefined;
  return (bridge) => {
    positions ??= positionsByName(config);
    const from = positions.get(bridge.from) ?? [];
    const to = bridge.to === bridge.from ? [] : (positions.get(bridge.to) ?? []);
    const ends = [...from, ...to].sort((a, b) => a - b);
    return filters(
      config,
      ends.map((position) => config.groups[position]),
      bridge,
    );
  };
}

/** Where groups are in their list. Two may have one name, which is a fault of its own. */
function positionsByName(config: ClusterConfig): Map<string, number[]> {
  const positions = new Map<string, number[]>();
  for (const [position, { name }] of config.groups.entries()) {
    const known = positions.get(name);
    if (known === undefined) positions.set(name, [position]);
    else known.push(position);
  }
  return positions;
}

function filters(
  config: ClusterConfig,
  ends: readonly (ClusterConfig["groups"][number] | undefined)[],
  bridge: BridgeConfig,
): BridgeFilters | undefined {
  const excluded = [config, ...ends, bridge].flatMap((part) => part?.excludedDestinations ?? []);
  const lists = {
    dynamicallyIncludedDestinations:
      bridge.dynamicallyIncludedDestinations ?? config.dynamicallyIncludedDestinations ?? [],
    // A dead letter is the message itself.
    excludedDestinations: [...new Set(excluded.flatMap((text) => [text, ...deadLettersOf(text)]))],
    staticallyIncludedDestinations: bridge.staticallyIncludedDestinations ?? [],
  };
  return Object.values(lists).every((list) => list.length === 0) ? undefined : lists;
}

const VIRTUAL_TOPICS = "topic://VirtualTopic.>";
/** The queues that brokers copy messages of virtual topics to, by the product's default. */
const THEIR_QUEUES = "queue://Consumer.*.VirtualTopic.>";

/**
 * True when the messages of virtual topics that come in over a bridge must not be copied to the group's queues: the group they were
 * sent to has done that, and bridges carry those queues. Where a bridge carries the topics but not their queues, or the topics always,
 * each group has to copy.
 */
export function copiesWhereSent(plan: Pick<ClusterPlan, "bridges">, group: string): boolean {
  const incoming = plan.bridges.filter(({ from, to, duplex }) => to === group || (duplex && from === group));
  return (
    incoming.length > 0 &&
    incoming.every(
      ({ filters }) =>
        carries(filters, THEIR_QUEUES) &&
        !filters?.staticallyIncludedDestinations.some(
          (pattern) => covers(VIRTUAL_TOPICS, pattern) || covers(pattern, VIRTUAL_TOPICS),
        ),
    )
  );
}

/** What no bridge from or to a group carries, by every one's exclusions. */
export function keptIn(plan: Pick<ClusterPlan, "bridges">, group: string): string[] {
  const own = plan.bridges.filter(({ from, to }) => from === group || to === group);
  const [first, ...others] = own.map(({ filters }) => filters?.excludedDestinations ?? []);
  return (first ?? []).filter((text) => others.every((list) => list.includes(text)));
}
