/** The bridges that this group dials. Every broker of the group has them; only the master's are active. */
import type { ClusterConfig } from "../../../config/schema";
import { TRIAL_QUEUES, destination } from "../../plan/destinations";
import { BRIDGE_USER, acceptsPrevious, bridgePasswordKey, placeholder } from "../../plan/users";
import { BEANS, type Element, add, comment } from "./xml";
import type { BridgeFilters, PlannedBridge } from "../../plan/model";

export function networkConnectors(
  broker: Element,
  bridges: readonly PlannedBridge[],
  passwords: ClusterConfig["passwords"],
): void {
  if (bridges.length === 0) return;
  const connectors = add(broker, "networkConnectors");
  comment(
    connectors,
    "decreaseNetworkConsumerPriority: a group's own consumers come first, a bridge takes what they leave. prefetchSize is small, because what a bridge holds is lost to local consumers. conduitSubscriptions: one subscription for all consumers over there that select the same, or topics would arrive several times.",
  );
  comment(
    connectors,
    "dynamicOnly off: a durable subscriber's demand outlives a failover. suppressDuplicateQueueSubscriptions off: a second way to a consumer is still there when the first one fails. Sends over a bridge are acknowledged one by one (alwaysSyncSend), so a full queue over there holds up itself only.",
  );
  if (acceptsPrevious(passwords)) {
    comment(connectors, "The previous password: a broker over there that has not restarted yet knows no other.");
  }
  for (const bridge of bridges) {
    const connector = add(connectors, "networkConnector", {
      name: bridge.name,
      uri: bridge.uri,
      duplex: bridge.duplex,
      userName: BRIDGE_USER,
      password: placeholder(bridgePasswordKey(passwords)),
      consumerTTL: bridge.consumerTTL,
      messageTTL: bridge.messageTTL,
      decreaseNetworkConsumerPriority: true,
      prefetchSize: 100,
      conduitSubscriptions: true,
      suppressDuplicateQueueSubscriptions: false,
      dynamicOnly: false,
      alwaysSyncSend: true,
    });
    filters(connector, bridge.filters);
  }
}

/** The plugin that keeps a message from coming back before it has left. @param bridged whether a bridge begins or ends here */
export function forwardedMessages(plugins: Element, bridged: boolean): void {
  if (!bridged) return;
  comment(
    plugins,
    "A message that comes back over a bridge waits until the bridge that took it has acknowledged it, or it would be taken for a duplicate.",
  );
  plugins.ele(BEANS, "bean", { class: "activemq.cluster.ForwardedMessages" });
}

/** The plugin that dials anew where the product has stopped to. */
export function bridgeWatchdog(plugins: Element, bridges: readonly PlannedBridge[]): void {
  if (bridges.length === 0) return;
  comment(
    plugins,
    "Starts a network connector anew whose bridge stays away although the other group has a master: some of the product's attempts end without a word.",
  );
  plugins.ele(BEANS, "bean", { class: "activemq.cluster.BridgeWatchdog" });
}

const FILTERS = [
  "dynamicallyIncludedDestinations",
  "excludedDestinations",
  "staticallyIncludedDestinations",
] as const satisfies readonly (keyof BridgeFilters)[];

/** Which destinations cross; the other end of a duplex connector keeps to the same lists. */
function filters(connector: Element, lists: BridgeFilters | undefined): void {
  for (const name of FILTERS) {
    const own = name === "excludedDestinations" ? [`queue://${TRIAL_QUEUES}`] : [];
    const patterns = [...(lists?.[name] ?? []), ...own];
    if (patterns.length === 0) continue;
    const list = add(connector, name);
    for (const { kind, name: physicalName } of patterns.map(destination)) add(list, kind, { physicalName });
  }
}
