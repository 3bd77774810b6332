/**
 * What clients may speak to a broker: a row for each transport, which everything else iterates. That is the keys of a stack file,
 * ports, connectors, clients' URLs, outputs, security groups, vulnerabilities and the property tests.
 */

/** A protocol of clients, by itself or inside another one. */
export type Protocol = "openwire" | "amqp" | "stomp" | "mqtt";

/** What clients are told beside the addresses. */
export interface ClientOptions {
  readonly randomize: boolean;
  readonly maxReconnectDelayMillis: number;
  readonly maxInactivityMillis: number;
}

export interface TransportRow {
  /** What a stack file's `transports` says of it. */
  readonly about: string;
  /** Of the connector's URI and of clients' addresses. */
  readonly scheme: string;
  /** The first port: the product's own default, so that firewalls and habits fit. */
  readonly port: number;
  /** What is spoken over it: a vulnerability of one of these is open where the transport is. */
  readonly protocols: readonly Protocol[];
  /** Artefacts beside activemq-broker that every runtime of brokers has for it. */
  readonly jars: readonly string[];
  /** Options of the broker's connector that the other transports have no use for. */
  readonly connectorOptions: (client: ClientOptions) => readonly string[];
  /** Several brokers' addresses as this transport's clients take them; it is the outputs `<transport>Url` and so on. */
  readonly clientUrl: (addresses: readonly string[], client: ClientOptions) => string;
}

/** Their protocols agree on heartbeats themselves. */
const NO_OPTIONS = () => [];

/** No URI of their own for several brokers: the addresses, to be tried in turn. */
const IN_TURN = (addresses: readonly string[]) => addresses.join(",");

/**
 * OpenWire first, because a broker's `isSlave` turns false after the last connector.
 *
 * OpenWire's URL: slaves refuse the connection at once, so a client ends at a master, and at another one when that dies. No `timeout`:
 * a send blocks over a failover rather than fail. The inactivity limit makes a client leave a frozen master before ZooKeeper elects
 * another (trap 9: below half the session), and connectionTimeout passes over a dead host. Options: activemq-client
 * FailoverTransportFactory and TcpTransport; `nested.` applies one to every address. By default a connection refuses to reply to a
 * temporary queue that it has not heard of yet; watchTopicAdvisories=false leaves that to the broker, which hears of it first.
 *
 * AMQP's: a failover URI of Qpid JMS (its documentation, "Failover Configuration options"); the list is whole, so none that a broker
 * sends replaces it.
 *
 * The others' are taken by mqtt.js `servers`, Paho `setServerURIs` and stomp.py `host_and_ports`.
 */
const ROWS = {
  openwire: {
    about: "Brokers speak OpenWire.",
    scheme: "tcp",
    port: 61616,
    protocols: ["openwire"],
    jars: ["activemq-openwire-legacy"],
    connectorOptions: ({ maxInactivityMillis }) => [`wireFormat.maxInactivityDuration=${maxInactivityMillis}`],
    clientUrl: (addresses, client) =>
      failover(addresses, [
        `randomize=${String(client.randomize)}`,
        `maxReconnectDelay=${client.maxReconnectDelayMillis}`,
        `nested.wireFormat.maxInactivityDuration=${client.maxInactivityMillis}`,
        "nested.connectionTimeout=5000",
        "jms.watchTopicAdvisories=false",
      ]),
  },
  amqp: {
    about: "Brokers speak AMQP 1.0.",
    scheme: "amqp",
    port: 5672,
    protocols: ["amqp"],
    jars: ["activemq-amqp"],
    connectorOptions: NO_OPTIONS,
    clientUrl: (addresses, client) =>
      failover(addresses, [
        `failover.randomize=${String(client.randomize)}`,
        `failover.maxReconnectDelay=${client.maxReconnectDelayMillis}`,
        "failover.amqpOpenServerListAction=IGNORE",
        `failover.nested.amqp.idleTimeout=${client.maxInactivityMillis}`,
      ]),
  },
  stomp: {
    about: "Brokers speak STOMP.",
    scheme: "stomp",
    port: 61613,
    protocols: ["stomp"],
    jars: ["activemq-stomp"],
    connectorOptions: NO_OPTIONS,
    clientUrl: IN_TURN,
  },
  mqtt: {
    about: "Brokers speak MQTT.",
    scheme: "mqtt",
    port: 1883,
    protocols: ["mqtt"],
    jars: ["activemq-mqtt"],
    connectorOptions: NO_OPTIONS,
    clientUrl: IN_TURN,
  },
  ws: {
    about: "Brokers speak STOMP, MQTT and AMQP 1.0 inside WebSockets, for clients in browsers.",
    scheme: "ws",
    port: 61614,
    protocols: ["amqp", "stomp", "mqtt"],
    // The listener is a class of our own, runtime/classic/java/activemq/cluster/WebSocketTransportFactory.java.
    jars: ["jetty-websocket-jetty-server", "activemq-stomp", "activemq-mqtt", "activemq-amqp"],
    connectorOptions: NO_OPTIONS,
    clientUrl: IN_TURN,
  },
} satisfies Readonly<Record<string, TransportRow>>;

export type Transport = keyof typeof ROWS;
/** On where a stack file asks for it. OpenWire is always on: bridges and probes need it. */
export type OtherTransport = Exclude<Transport, "openwire">;

export const TRANSPORTS: Readonly<Record<Transport, TransportRow>> = ROWS;
export const ALL_TRANSPORTS = Object.keys(ROWS) as readonly Transport[];
export const OPTIONAL_TRANSPORTS = ALL_TRANSPORTS.filter((transport) => transport !== "openwire");

/** Where one broker takes connections of the transport. */
export function addressText(transport: Transport, address: string, port: number): string {
  return `${TRANSPORTS[transport].scheme}://${address}:${port}`;
}

/** One value for each transport that a stack file turns on. */
export function forOptionalTransports<T>(valueOf: (transport: OtherTransport) => T): Record<OtherTransport, T> {
  const entries = OPTIONAL_TRANSPORTS.map((transport) => [transport, valueOf(transport)]);
  return Object.fromEntries(entries) as Record<OtherTransport, T>;
}

function failover(addresses: readonly string[], options: readonly string[]): string {
  return `failover:(${addresses.join(",")})?${options.join("&")}`;
}
