/** The URLs that clients use. Pure. */
import { type ClusterConfig, OPTIONAL_TRANSPORTS, type OtherTransport } from "../../config/schema";
import type { ClientUrls, PlannedBroker, PlannedGroup, TransportUrls } from "./model";

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

/**
 * Every broker's address for one of the other transports, as their clients take it. AMQP: a failover URI of Qpid JMS (its
 * documentation, "Failover Configuration options"); the list is whole, so none that a broker sends replaces it. STOMP, MQTT and
 * WebSockets have no such URI: the addresses, to be tried in turn (mqtt.js `servers`, Paho `setServerURIs`, stomp.py `host_and_ports`).
 */
function transportUrl(
  transport: OtherTransport,
  brokers: readonly PlannedBroker[],
  client: ClusterConfig["client"],
): string {
  const addresses = brokers
    .map(({ address, ports }) => `${transport}://${address}:${ports[transport] ?? ""}`)
    .join(",");
  if (transport !== "amqp") return addresses;
  const options = [
    `failover.randomize=${String(client.randomize)}`,
    `failover.maxReconnectDelay=${client.maxReconnectDelayMillis}`,
    "failover.amqpOpenServerListAction=IGNORE",
    `failover.nested.amqp.idleTimeout=${client.maxInactivityMillis}`,
  ];
  return `failover:(${addresses})?${options.join("&")}`;
}

/** The URLs of a plan: all brokers, each group's, and with spokes those of each role. A retired group has only its own. */
export function clientUrls(config: ClusterConfig, groups: readonly PlannedGroup[]): ClientUrls {
  const url = (chosen: readonly PlannedBroker[]) => failoverUrl(chosen, config.client);
  const serving = groups.filter((group) => group.retired !== true);
  const brokersOf = (role?: string) =>
    serving.filter((group) => role === undefined || group.role === role).flatMap((group) => group.brokers);
  const forEachRole = <T>(urlOf: (brokers: readonly PlannedBroker[]) => T) =>
    config.topology === "spokes" && {
      producers: urlOf(brokersOf("producers")),
      consumers: urlOf(brokersOf("consumers")),
    };
  const speaking = (transport: OtherTransport, brokers: readonly PlannedBroker[]) =>
    brokers.filter(({ ports }) => ports[transport] !== undefined);
  // A retired group's brokers still speak it, but no URL would name one.
  const on = OPTIONAL_TRANSPORTS.filter((transport) => speaking(transport, brokersOf()).length > 0);
  const transportUrls = (transport: OtherTransport): TransportUrls => {
    const urlOf = (brokers: readonly PlannedBroker[]) =>
      transportUrl(transport, speaking(transport, brokers), config.client);
    const roles = Object.entries(forEachRole(speaking.bind(undefined, transport)) || {});
    return {
      everybody: urlOf(brokersOf()),
      ...Object.fromEntries(roles.flatMap(([role, brokers]) => (brokers.length === 0 ? [] : [[role, urlOf(brokers)]]))),
    };
  };
  return {
    failover: url(brokersOf()),
    groups: Object.fromEntries(groups.map((group) => [group.name, url(group.brokers)])),
    ...forEachRole(url),
    ...(on.length > 0 && {
      transports: Object.fromEntries(on.map((transport) => [transport, transportUrls(transport)])),
    }),
  };
}

const SUFFIXES = { everybody: "Url", producers: "ProducerUrl", consumers: "ConsumerUrl" } as const;

/** `amqpUrl`, `amqpProducerUrl` and so on: how a URL of another transport is called where it is told to clients. */
export type TransportOutput = `${OtherTransport}${(typeof SUFFIXES)[keyof typeof SUFFIXES]}`;

/** The URLs of the other transports that are on, by what they are called. */
export function namedTransportUrls({ transports }: ClientUrls): Partial<Record<TransportOutput, string>> {
  return Object.fromEntries(
    OPTIONAL_TRANSPORTS.flatMap((transport) =>
      (["everybody", "producers", "consumers"] as const).flatMap((who) => {
        const url = transports?.[transport]?.[who];
        return url === undefined ? [] : [[`${transport}${SUFFIXES[who]}`, url] as const];
      }),
    ),
  );
}
