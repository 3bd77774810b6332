/**
 * The metrics of a broker, under names that do not change with the product. Everything that writes, reads or explains a metric
 * takes it from this table: the exporter's rules, status, what a group still holds, docs/reference/metrics.md. probe.sh is Bash and
 * repeats names; a test compares them.
 */

/** What the metrics of one kind of thing share. */
export type Source = Bean | Collector;

/** A class of ours in the broker's process that gives metrics to the exporter; their names and meanings are there, too. */
export interface Collector {
  readonly collector: string;
  readonly labels: readonly string[];
  /** Which brokers have such things. */
  readonly on: string;
}

/** A kind of bean that brokers have. */
export interface Bean {
  /** The beans' names, as the exporter looks for them. */
  readonly objects: string;
  /** What a line of such a bean looks like before its attribute, as the exporter writes lines. A regular expression. */
  readonly pattern: string;
  /** Labels, from groups of the pattern. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Which brokers have such a bean. */
  readonly on: string;
}

/** In the order in which the exporter asks for them. */
export const BEANS = {
  election: {
    objects: "activemq.cluster:type=ElectionWatchdog",
    pattern: String.raw`^activemq\.cluster<type=ElectionWatchdog><>`,
    on: "every broker with store replicatedLevelDB",
  },
  lock: {
    objects: "activemq.cluster:type=GroupLock",
    pattern: String.raw`^activemq\.cluster<type=GroupLock><>`,
    on: "every broker with store jdbc or sharedKahaDB",
  },
  progress: {
    objects: "activemq.cluster:type=StoreProgress",
    pattern: String.raw`^activemq\.cluster<type=StoreProgress><>`,
    on: "every broker with store replicatedLevelDB",
  },
  broker: {
    objects: "org.apache.activemq:type=Broker,brokerName=*",
    pattern: String.raw`^org\.apache\.activemq<type=Broker, brokerName=[^,>]+><>`,
    on: "every broker",
  },
  /** The order of the keys is not fixed. */
  bridge: {
    objects:
      "org.apache.activemq:type=Broker,brokerName=*,connector=networkConnectors,networkConnectorName=*,networkBridge=*",
    pattern: String.raw`^org\.apache\.activemq<(?=.*networkConnectorName=([^,>]+)).*networkBridge=.*><>`,
    labels: { connector: "$1" },
    on: "masters",
  },
  bridgeWatch: {
    objects: "activemq.cluster:type=BridgeWatch,connector=*",
    pattern: String.raw`^activemq\.cluster<type=BridgeWatch, connector=([^,>]+)><>`,
    labels: { connector: "$1" },
    on: "masters whose group dials another one",
  },
  trial: {
    objects: "activemq.cluster:type=ServiceTrial",
    pattern: String.raw`^activemq\.cluster<type=ServiceTrial><>`,
    on: "masters",
  },
  replication: {
    objects: "org.apache.activemq:type=Broker,brokerName=*,service=PersistenceAdapter,instanceName=*,view=Replication",
    pattern: String.raw`^org\.apache\.activemq<.*view=Replication><>`,
    on: "every broker with store replicatedLevelDB",
  },
} as const satisfies Record<string, Bean>;

/** The product has a bean for each of them, and thousands take minutes to read. */
export const COLLECTORS = {
  queue: { collector: "activemq.cluster.BrokerCollector", labels: ["queue"], on: "masters" },
  /** Of topics, their subscribers connected or not. */
  durableSubscription: {
    collector: "activemq.cluster.BrokerCollector",
    labels: ["client", "subscription"],
    on: "masters",
  },
  connector: { collector: "activemq.cluster.BrokerCollector", labels: ["connector"], on: "masters" },
  transaction: { collector: "activemq.cluster.BrokerCollector", labels: [], on: "masters" },
} as const satisfies Record<string, Collector>;

export const SOURCES = { ...BEANS, ...COLLECTORS } as const satisfies Record<string, Source>;

/** How a metric is read from a line of a bean. */
export interface Reading {
  /** The rest of the line: the attribute, a colon and what of its value matters. A regular expression. */
  readonly line: string;
  /** The value; the attribute's own when omitted. */
  readonly value?: string | number;
  readonly valueFactor?: number;
  /** Labels besides those of the bean. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The name, where one rule makes several metrics of the table. */
  readonly name?: string;
}

export interface Metric {
  readonly name: string;
  readonly help: string;
  /** What the reference says besides. */
  readonly note?: string;
  /** A gauge when omitted. */
  readonly type?: "COUNTER";
  readonly source: keyof typeof SOURCES;
  /** Which brokers have it, where not all that have the bean do. */
  readonly on?: string;
  /** Of a bean: the first that fits a line is taken. */
  readonly readings?: readonly Reading[];
}

const attribute = (name: string): readonly Reading[] => [{ line: `${name}:` }];

/** One rule for three metrics. */
const PERCENT_OF_LIMIT: readonly Reading[] = [
  { line: "(Memory|Store|Temp)PercentUsage:", name: "activemq_broker_$1_percent" },
];
const ATTACHED_SLAVES: readonly Reading[] = [
  { line: String.raw`Status: (?:\d+ slave nodes attaching\. )?(\d+) slave nodes attached\.`, value: "$1" },
  { line: String.raw`Status: \d+ slave nodes attaching\.`, value: 0 },
];

/** Every metric, in the order of the exporter's rules. */
export const METRICS = {
  electionZooKeeperConnected: {
    name: "activemq_election_zookeeper_connected",
    help: "1 while ZooKeeper answers this broker's watchdog.",
    source: "election",
    readings: attribute("ZooKeeperConnected"),
  },
  electionLiveMembers: {
    name: "activemq_election_live_members",
    help: "Brokers of the group that are registered in ZooKeeper.",
    source: "election",
    readings: attribute("LiveMembers"),
  },
  electionMasterElected: {
    name: "activemq_election_master_elected",
    help: "1 when a live broker is elected.",
    source: "election",
    readings: attribute("MasterElected"),
  },
  electionMasterReady: {
    name: "activemq_election_master_ready",
    help: "1 when the elected broker serves.",
    source: "election",
    readings: attribute("MasterReady"),
  },
  electionSelfMaster: {
    name: "activemq_election_self_master",
    help: "1 when that broker is this one.",
    note: "That broker: the elected one.",
    source: "election",
    readings: attribute("SelfMaster"),
  },
  electionSecondsWithoutMaster: {
    name: "activemq_election_seconds_without_master",
    help: "How long the group has been without a serving master.",
    source: "election",
    readings: attribute("SecondsWithoutMaster"),
  },
  electionSecondsStuck: {
    name: "activemq_election_seconds_stuck",
    help: "How long this broker has been holding up the election.",
    source: "election",
    readings: attribute("SecondsStuck"),
  },

  lockWaiting: {
    name: "activemq_lock_waiting",
    help: "1 while this broker waits for the lock that makes it the master.",
    source: "lock",
    readings: attribute("Waiting"),
  },
  lockSecondsSinceAnswer: {
    name: "activemq_lock_seconds_since_answer",
    help: "How long whoever gives the lock has not answered this broker.",
    note: "The lock is in the database or on the file server.",
    source: "lock",
    readings: attribute("SecondsSinceAnswer"),
  },

  storeRole: {
    name: "activemq_store_role",
    help: "Role of this broker's replicated store: master, slave or electing.",
    note: "The value is 1; the role is the label.",
    source: "replication",
    readings: [{ line: String.raw`NodeRole: (\w+)$`, value: 1, labels: { role: "$1" } }],
  },
  // One status text, three meanings: of a master how many slaves hold everything, of a slave whether it does.
  storeAttachedSlaves: {
    name: "activemq_store_attached_slaves",
    help: "Slaves that hold everything this master has.",
    source: "replication",
    on: "masters with store replicatedLevelDB",
    readings: ATTACHED_SLAVES,
  },
  storeStatus: {
    name: "activemq_store_status",
    help: "Whether this slave is in sync (Attached) or on its way (Attaching).",
    note: "The value is 1; the status is the label.",
    source: "replication",
    on: "slaves with store replicatedLevelDB",
    readings: [{ line: "Status: ([A-Za-z]+)", value: 1, labels: { status: "$1" } }],
  },
  storeReceivedPosition: {
    name: "activemq_store_received_bytes",
    help: "Position up to which this broker has its group's log.",
    note: "Of a master: up to which it has written. Negative while the broker is neither master nor slave.",
    source: "progress",
    readings: attribute("ReceivedPosition"),
  },
  storeIndexedPosition: {
    name: "activemq_store_indexed_bytes",
    help: "Position up to which this broker's index knows its group's log.",
    note: "The master's `activemq_store_received_bytes` less this: how far a slave is behind.",
    source: "progress",
    readings: attribute("IndexedPosition"),
  },

  brokerSlave: {
    name: "activemq_broker_slave",
    help: "0 exactly while the transport connectors are open.",
    note: "0: this broker is its group's master.",
    source: "broker",
    readings: attribute("Slave"),
  },
  brokerMemoryPercent: {
    name: "activemq_broker_memory_percent",
    help: "Use of the limit, in percent.",
    note: "The limit is limits.memoryMiB.",
    source: "broker",
    readings: PERCENT_OF_LIMIT,
  },
  brokerStorePercent: {
    name: "activemq_broker_store_percent",
    help: "Use of the limit, in percent.",
    note: "The limit is limits.storeMiB. Always 0 with store jdbc.",
    source: "broker",
    readings: PERCENT_OF_LIMIT,
  },
  brokerTempPercent: {
    name: "activemq_broker_temp_percent",
    help: "Use of the limit, in percent.",
    note: "The limit is limits.tempMiB.",
    source: "broker",
    readings: PERCENT_OF_LIMIT,
  },
  brokerConnections: {
    name: "activemq_broker_connections",
    help: "Open client connections.",
    note: "Bridges are counted, too.",
    source: "broker",
    readings: attribute("CurrentConnectionsCount"),
  },
  brokerUptimeSeconds: {
    name: "activemq_broker_uptime_seconds",
    help: "Seconds since the broker began to start.",
    source: "broker",
    readings: [{ line: "UptimeMillis:", valueFactor: 0.001 }],
  },

  queueSize: {
    name: "activemq_queue_size",
    help: "Messages that are not acknowledged.",
    source: "queue",
  },
  queueConsumers: {
    name: "activemq_queue_consumers",
    help: "Consumers, bridges included.",
    note: "Can be negative for a dead-letter queue.",
    source: "queue",
  },
  queueProducers: {
    name: "activemq_queue_producers",
    help: "Producers.",
    source: "queue",
  },
  queueInFlight: {
    name: "activemq_queue_in_flight",
    help: "Messages that consumers have and did not acknowledge.",
    source: "queue",
  },
  queueMemoryPercent: {
    name: "activemq_queue_memory_percent",
    help: "Use of the queue's memory limit, in percent.",
    source: "queue",
  },
  queueEnqueued: {
    name: "activemq_queue_enqueued_total",
    help: "Messages that came.",
    type: "COUNTER",
    source: "queue",
  },
  queueDequeued: {
    name: "activemq_queue_dequeued_total",
    help: "Messages that were acknowledged.",
    type: "COUNTER",
    source: "queue",
  },
  queueExpired: {
    name: "activemq_queue_expired_total",
    help: "Messages that expired.",
    type: "COUNTER",
    source: "queue",
  },

  durableSubscriptionActive: {
    name: "activemq_durable_subscription_active",
    help: "1 while the subscriber is connected, 0 while its messages pile up.",
    source: "durableSubscription",
  },
  durableSubscriptionSize: {
    name: "activemq_durable_subscription_size",
    help: "Messages that the subscriber has not acknowledged.",
    source: "durableSubscription",
  },

  preparedTransactions: {
    name: "activemq_prepared_transactions",
    help: "XA transactions that are prepared and not ended.",
    note: "What they sent is in no queue's size yet, what they received is still in it.",
    source: "transaction",
  },

  connectorConnections: {
    name: "activemq_connector_connections",
    help: "Open connections of a transport connector.",
    note: "The limit is transports.maximumConnections for each of them. Bridges are counted, too.",
    source: "connector",
  },

  trialSecondsSinceSuccess: {
    name: "activemq_trial_seconds_since_success",
    help: "How long ago the broker last sent a message to itself and received it.",
    note: "It tries every 10 s, with a persistent message.",
    source: "trial",
    readings: attribute("SecondsSinceSuccess"),
  },
  trialFailures: {
    name: "activemq_trial_failures",
    help: "How many of these trials in a row have failed.",
    source: "trial",
    readings: attribute("Failures"),
  },

  bridgeUp: {
    name: "activemq_bridge_up",
    help: "1 for every bridge that is established; there is no row for one that is not.",
    source: "bridge",
    readings: [{ line: "RemoteBrokerName: (.+)$", value: 1, labels: { remote: "$2" } }],
  },
  bridgeForwarded: {
    name: "activemq_bridge_forwarded_total",
    help: "Messages sent over the bridge.",
    type: "COUNTER",
    source: "bridge",
    readings: attribute("DequeueCounter"),
  },
  bridgeReceived: {
    name: "activemq_bridge_received_total",
    help: "Messages that came over the bridge (duplex only).",
    type: "COUNTER",
    source: "bridge",
    readings: attribute("ReceivedCounter"),
  },

  bridgeSecondsMissing: {
    name: "activemq_bridge_seconds_missing",
    help: "How long a network connector has had no bridge.",
    source: "bridgeWatch",
    readings: attribute("SecondsMissing"),
  },
  bridgeRestarts: {
    name: "activemq_bridge_restarts_total",
    help: "How often the watchdog has started a network connector anew.",
    note: "Its bridge was missing although the other group had a master.",
    type: "COUNTER",
    source: "bridgeWatch",
    readings: attribute("Restarts"),
  },
} as const satisfies Record<string, Metric>;

/** The table as a list. */
export const ALL_METRICS: readonly Metric[] = Object.values(METRICS);

/** The labels of a metric's samples. */
export function labelsOf({ source, readings = [] }: Metric): string[] {
  const from: Source = SOURCES[source];
  if ("collector" in from) return [...from.labels];
  const names = [from, ...readings].flatMap(({ labels = {} }) => Object.keys(labels));
  return [...new Set(names)];
}
