/** The URLs that clients use. Pure. */
import type { ClusterConfig } from "../../config/schema";
import type { ClientUrls, PlannedBroker, PlannedGroup } from "./plan";

/**
 * Every broker in one list: slaves refuse the connection at once, so a client ends at a master, and at another one when
 * that dies. No `timeout`: a send blocks over a failover rather than fail. The inactivity limit makes a client leave a
 * frozen master before ZooKeeper elects another (trap 9: below half the session), and connectionTimeout passes over a dead host.
 * Options: activemq-client FailoverTransportFactory and TcpTransport; `nested.` applies one to every address.
 */
export function failoverUrl(brokers: readonly PlannedBroker[], client: ClusterConfig["client"]): string {
  const addresses = brokers.map((broker) => `tcp://${broker.address}:${broker.ports.openwire}`).join(",");
  const options = [
    `randomize=${String(client.randomize)}`,
    `maxReconnectDelay=${client.maxReconnectDelayMillis}`,
    `nested.wireFormat.maxInactivityDuration=${client.maxInactivityMillis}`,
    "nested.connectionTimeout=5000",
  ];
  return `failover:(${addresses})?${options.join("&")}`;
}

/** The URLs of a plan: all brokers, each group's, and with spokes those of each role. A retired group has only its own. */
export function clientUrls(config: ClusterConfig, groups: readonly PlannedGroup[]): ClientUrls {
  const url = (chosen: readonly PlannedGroup[]) =>
    failoverUrl(
      chosen.flatMap((group) => group.brokers),
      config.client,
    );
  const serving = groups.filter((group) => group.retired !== true);
  const withRole = (role: string) => serving.filter((group) => group.role === role);
  return {
    failover: url(serving),
    groups: Object.fromEntries(groups.map((group) => [group.name, url([group])])),
    ...(config.topology === "spokes" && {
      producers: url(withRole("producers")),
      consumers: url(withRole("consumers")),
    }),
  };
}
