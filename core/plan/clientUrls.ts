/** The URLs that clients use. Pure. */
import type { ClusterConfig } from "../../config/schema";
import {
  OPTIONAL_TRANSPORTS,
  type OtherTransport,
  TRANSPORTS,
  type Transport,
  addressText,
} from "../products/transports";
import type { ClientUrls, PlannedBroker, PlannedGroup, TransportUrls } from "./model";

/** Some brokers in one list, as clients of the transport take it. Those that do not speak it are left out. */
function transportUrl(
  transport: Transport,
  brokers: readonly PlannedBroker[],
  client: ClusterConfig["client"],
): string {
  const addresses = brokers.flatMap((broker) => addressOf(broker, transport) ?? []);
  return TRANSPORTS[transport].clientUrl(addresses, client);
}

/** `tcp://address:port` of one broker; undefined where the transport is off. */
function addressOf({ address, ports }: PlannedBroker, transport: Transport): string | undefined {
  const port = ports[transport];
  return port === undefined ? undefined : addressText(transport, address, port);
}

/** Every broker in one list, for OpenWire. */
export function failoverUrl(brokers: readonly PlannedBroker[], client: ClusterConfig["client"]): string {
  return transportUrl("openwire", brokers, client);
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
      groups: Object.fromEntries(
        groups
          .filter(({ brokers }) => speaking(transport, brokers).length > 0)
          .map(({ name, brokers }) => [name, urlOf(brokers)]),
      ),
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

/** `amqpUrl-<group>`: the same over one group's brokers. */
export type GroupTransportOutput = `${OtherTransport}Url-${string}`;

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

/** The URLs of the other transports over one group's brokers, by what they are called. */
export function groupTransportUrls({ transports }: ClientUrls): Partial<Record<GroupTransportOutput, string>> {
  return Object.fromEntries(
    OPTIONAL_TRANSPORTS.flatMap((transport) =>
      Object.entries(transports?.[transport]?.groups ?? {}).map(([group, url]) => [`${transport}Url-${group}`, url]),
    ),
  );
}
