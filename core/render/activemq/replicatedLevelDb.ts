/** The store whose slaves hold copies, elected through ZooKeeper, and the bean that watches the election. */
import { REPLICATION_TOKEN, placeholder } from "../../plan/users";
import { indexCacheBytes, logFileBytes } from "../../plan/sizes";
import { BEANS, type Element, add, comment, properties } from "./xml";
import { type ClassicStore, stopOnFullDisk } from "./store";
import type { PlannedBroker, PlannedGroup, ClusterPlan } from "../../plan/model";

/** What both the store and the watchdog say of the group's election. */
function election(plan: ClusterPlan, group: PlannedGroup) {
  if (plan.ensemble === undefined || group.zkPath === undefined) {
    throw new Error(`${group.name}: replicatedLevelDB needs an ensemble in the plan`);
  }
  return { zkAddress: plan.ensemble.connect, zkPath: group.zkPath, replicas: group.brokers.length };
}

/** Where the master serves its slaves: `address:port`, port 0 for a random one. */
function replicationListen(plan: ClusterPlan, broker: PlannedBroker): { address: string; port: number } {
  const port = broker.ports.replication ?? 0;
  // A random port is for a network without firewalls, where any address will do too.
  const address = plan.config.replicatedLevelDB.bindAddress ?? (port === 0 ? "0.0.0.0" : broker.address);
  return { address, port };
}

function replicatedLevelDb(adapter: Element, plan: ClusterPlan, group: PlannedGroup, broker: PlannedBroker): void {
  const { zkAddress, zkPath, replicas } = election(plan, group);
  const listen = replicationListen(plan, broker);
  const { sync } = plan.config.replicatedLevelDB;
  comment(
    adapter,
    sync === "quorum_disk"
      ? "sync quorum_disk: a send is acknowledged once a majority has it on disk."
      : `sync ${sync}: a send is acknowledged before a majority has it on disk, so a failover can lose it. quorum_disk is the safe mode.`,
  );
  comment(
    adapter,
    "maxFailoverProducersToTrack 0: otherwise a new master takes a client's resend for a duplicate and drops it, although it has the message only half (measured: 1 to 4 acknowledged messages lost at a failover, in every sync mode).",
  );
  comment(
    adapter,
    "GroupStore is the product's replicatedLevelDB with the faults mended that lost acknowledged messages at failovers or left a group without a master. Files and protocol are the same.",
  );
  comment(
    adapter,
    "securityToken: a peer without it is refused; the port would serve any file name asked for. container: this broker's own name, which is not in ZooKeeper otherwise. indexFactory: pure Java, so no native library is looked for.",
  );
  const store = adapter.ele(BEANS, "bean", { class: "activemq.cluster.GroupStore" });
  properties(store, {
    directory: "${activemq.data}/leveldb",
    replicas,
    bind: `tcp://${listen.address}:${listen.port}`,
    hostname: broker.address,
    container: broker.name,
    zkAddress,
    zkPath,
    zkSessionTimeout: timespan(plan.config.zookeeper.sessionTimeoutMillis),
    securityToken: placeholder(REPLICATION_TOKEN),
    sync,
    maxFailoverProducersToTrack: 0,
    indexFactory: "org.iq80.leveldb.impl.Iq80DBFactory",
    indexCompression: "none",
    indexCacheSize: indexCacheBytes(group),
    logSize: logFileBytes(plan.config),
  });
}

/** As org.linkedin.util.clock.Timespan reads it: `10s`, and without a unit milliseconds. */
function timespan(millis: number): string {
  return millis % 1000 === 0 ? `${millis / 1000}s` : String(millis);
}

/** The bean that restarts a broker which holds up its group's election. */
function electionWatchdog(beans: Element, plan: ClusterPlan, group: PlannedGroup, broker: PlannedBroker): void {
  const settings = {
    ...election(plan, group),
    brokerName: group.brokerName,
    memberName: broker.name,
    sessionTimeoutMillis: plan.config.zookeeper.sessionTimeoutMillis,
    stuckAfterSeconds: 20,
    stateFile: "${activemq.data}/watchdog.state",
  };
  const bean = add(
    beans,
    "bean",
    {
      id: "electionWatchdog",
      class: "activemq.cluster.ElectionWatchdog",
      "init-method": "start",
      "destroy-method": "stop",
    },
    "After ZooKeeper was away a broker can hold up the election for ever while it looks alive; this ends it, so that it is started anew. It stands before the broker, whose start does not return on a slave.",
  );
  properties(bean, settings);
}

function refuseXa(plugins: Element): void {
  comment(
    plugins,
    "XA is refused, because this store ends a prepared transaction in two steps, and a failover in between can lose messages of others. What was prepared before can still be committed or rolled back.",
  );
  properties(plugins.ele(BEANS, "bean", { class: "activemq.cluster.XaRefusal" }), { store: "replicatedLevelDB" });
}

export const replicatedLevelDbStore: ClassicStore = {
  beans: (beans, { plan, group, broker }) => {
    electionWatchdog(beans, plan, group, broker);
  },
  adapter: (adapter, { plan, group, broker }) => {
    replicatedLevelDb(adapter, plan, group, broker);
  },
  plugins: refuseXa,
  onFailure: stopOnFullDisk,
  credentials: () => [REPLICATION_TOKEN],
  listens: ({ plan, broker }) => [replicationListen(plan, broker)],
};
