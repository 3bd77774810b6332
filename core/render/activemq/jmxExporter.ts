/** Which of a broker's beans become metrics: what status, probes and alarms read, by names that do not change with the product. */
import { stringify } from "yaml";

interface Rule {
  readonly pattern: string;
  readonly name: string;
  readonly help: string;
  readonly type?: "COUNTER";
  readonly value?: string | number;
  readonly valueFactor?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

const BROKER = String.raw`^org\.apache\.activemq<type=Broker, brokerName=[^,>]+><>`;
const QUEUE = String.raw`^org\.apache\.activemq<.*destinationType=Queue, destinationName=(.+)><>`;
const REPLICATION = String.raw`^org\.apache\.activemq<.*view=Replication><>`;
/** The order of a bridge bean's keys is not fixed. */
const BRIDGE = String.raw`^org\.apache\.activemq<(?=.*networkConnectorName=([^,>]+)).*networkBridge=.*><>`;
/** A durable subscriber of a topic, connected or not: consumerId=Durable(<client id>_<name>); the order of the keys is not fixed. */
const DURABLE = String.raw`^org\.apache\.activemq<(?=.*endpoint=Consumer)(?=.*clientId=([^,>]+)).*consumerId=Durable\(\1[:_]([^>]*)\)[^>]*><>`;
const LOCK = String.raw`^activemq\.cluster<type=GroupLock><>`;
const ELECTION = String.raw`^activemq\.cluster<type=ElectionWatchdog><>`;

const rules: readonly Rule[] = [
  ...(
    [
      ["ZooKeeperConnected", "zookeeper_connected", "1 while ZooKeeper answers this broker's watchdog."],
      ["LiveMembers", "live_members", "Brokers of the group that are registered in ZooKeeper."],
      ["MasterElected", "master_elected", "1 when a live broker is elected."],
      ["MasterReady", "master_ready", "1 when the elected broker serves."],
      ["SelfMaster", "self_master", "1 when that broker is this one."],
      ["SecondsWithoutMaster", "seconds_without_master", "How long the group has been without a serving master."],
      ["SecondsStuck", "seconds_stuck", "How long this broker has been holding up the election."],
    ] as const
  ).map(([attribute, name, help]) => ({
    pattern: `${ELECTION}${attribute}:`,
    name: `activemq_election_${name}`,
    help,
  })),

  {
    pattern: `${LOCK}Waiting:`,
    name: "activemq_lock_waiting",
    help: "1 while this broker waits for the lock that makes it the master.",
  },
  {
    pattern: `${LOCK}SecondsSinceAnswer:`,
    name: "activemq_lock_seconds_since_answer",
    help: "How long whoever gives the lock has not answered this broker.",
  },

  {
    pattern: `${REPLICATION}NodeRole: (\\w+)$`,
    name: "activemq_store_role",
    help: "Role of this broker's replicated store: master, slave or electing.",
    value: 1,
    labels: { role: "$1" },
  },
  // One status text, three meanings: of a master how many slaves hold everything, of a slave whether it does.
  {
    pattern: `${REPLICATION}Status: (?:\\d+ slave nodes attaching\\. )?(\\d+) slave nodes attached\\.`,
    name: "activemq_store_attached_slaves",
    help: "Slaves that hold everything this master has.",
    value: "$1",
  },
  {
    pattern: `${REPLICATION}Status: \\d+ slave nodes attaching\\.`,
    name: "activemq_store_attached_slaves",
    help: "Slaves that hold everything this master has.",
    value: 0,
  },
  {
    pattern: `${REPLICATION}Status: ([A-Za-z]+)`,
    name: "activemq_store_status",
    help: "Whether this slave is in sync (Attached) or on its way (Attaching).",
    value: 1,
    labels: { status: "$1" },
  },

  {
    pattern: `${BROKER}Slave:`,
    name: "activemq_broker_slave",
    help: "0 exactly while the transport connectors are open.",
  },
  {
    pattern: `${BROKER}(Memory|Store|Temp)PercentUsage:`,
    name: "activemq_broker_$1_percent",
    help: "Use of the limit, in percent.",
  },
  {
    pattern: `${BROKER}CurrentConnectionsCount:`,
    name: "activemq_broker_connections",
    help: "Open client connections.",
  },
  {
    pattern: `${BROKER}UptimeMillis:`,
    name: "activemq_broker_uptime_seconds",
    help: "Seconds since the broker began to start.",
    valueFactor: 0.001,
  },

  ...(
    [
      ["QueueSize", "size", "Messages that are not acknowledged."],
      ["ConsumerCount", "consumers", "Consumers, bridges included."],
      ["ProducerCount", "producers", "Producers."],
      ["InFlightCount", "in_flight", "Messages that consumers have and did not acknowledge."],
      ["MemoryPercentUsage", "memory_percent", "Use of the queue's memory limit, in percent."],
    ] as const
  ).map(([attribute, name, help]) => ({
    pattern: `${QUEUE}${attribute}:`,
    name: `activemq_queue_${name}`,
    help,
    labels: { queue: "$1" },
  })),
  ...(
    [
      ["EnqueueCount", "enqueued", "Messages that came."],
      ["DequeueCount", "dequeued", "Messages that were acknowledged."],
      ["ExpiredCount", "expired", "Messages that expired."],
    ] as const
  ).map(([attribute, name, help]) => ({
    pattern: `${QUEUE}${attribute}:`,
    name: `activemq_queue_${name}_total`,
    help,
    type: "COUNTER" as const,
    labels: { queue: "$1" },
  })),

  {
    pattern: `${DURABLE}Active:`,
    name: "activemq_durable_subscription_active",
    help: "1 while the subscriber is connected, 0 while its messages pile up.",
    labels: { client: "$1", subscription: "$2" },
  },
  {
    pattern: `${DURABLE}PendingQueueSize:`,
    name: "activemq_durable_subscription_size",
    help: "Messages that the subscriber has not acknowledged.",
    labels: { client: "$1", subscription: "$2" },
  },

  {
    pattern: `${BRIDGE}RemoteBrokerName: (.+)$`,
    name: "activemq_bridge_up",
    help: "1 for every bridge that is established; there is no row for one that is not.",
    value: 1,
    labels: { connector: "$1", remote: "$2" },
  },
  {
    pattern: `${BRIDGE}DequeueCounter:`,
    name: "activemq_bridge_forwarded_total",
    help: "Messages sent over the bridge.",
    type: "COUNTER",
    labels: { connector: "$1" },
  },
  {
    pattern: `${BRIDGE}ReceivedCounter:`,
    name: "activemq_bridge_received_total",
    help: "Messages that came over the bridge (duplex only).",
    type: "COUNTER",
    labels: { connector: "$1" },
  },
];

/** jmx-exporter.yml, the same for every broker. A bean that matches no rule is not exported. */
export const JMX_EXPORTER_YML = `# Metrics of this broker, on loopback. Rendered; do not edit.
${stringify(
  {
    lowercaseOutputName: true,
    includeObjectNames: [
      "activemq.cluster:type=ElectionWatchdog",
      "activemq.cluster:type=GroupLock",
      "org.apache.activemq:type=Broker,brokerName=*",
      "org.apache.activemq:type=Broker,brokerName=*,destinationType=Queue,destinationName=*",
      "org.apache.activemq:type=Broker,brokerName=*,endpoint=Consumer,destinationType=Topic,*",
      "org.apache.activemq:type=Broker,brokerName=*,connector=networkConnectors,networkConnectorName=*,networkBridge=*",
      "org.apache.activemq:type=Broker,brokerName=*,service=PersistenceAdapter,instanceName=*,view=Replication",
    ],
    rules: rules.map((rule) => ({ type: "GAUGE", ...rule })),
  },
  { lineWidth: 0, defaultStringType: "PLAIN" },
)}`;
