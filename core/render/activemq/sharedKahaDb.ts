/** The store in a directory that all brokers of a group share; whoever has the lock on it is the master. */
import { isAbsolute } from "node:path";
import { fileStore } from "./kahaDb";
import { type Element, add, comment, innerBean, properties } from "./xml";
import { type ClassicStore, type Rendered, stopOnFullDisk } from "./store";

/** How often a slave asks for the lock: a dead master's is free at once, so this is most of a failover. */
const ASK_MILLIS = 2000;
/** How often the master asks whether it still has it. */
const KEEP_ALIVE_MILLIS = 2000;

/** For how long a master may be frozen before it is killed, so that another one gets the lock. */
const FROZEN_SECONDS = 10;

/** The directory as the broker's properties have it: on local it is in the stack's folder, three levels above the service's. */
function placeOf({ group, broker }: Rendered): string {
  const { directory } = group;
  if (directory === undefined) throw new Error(`${broker.name}: sharedKahaDB needs a directory in the plan`);
  return isAbsolute(directory) ? directory : `\${activemq.base}/../../../${directory}`;
}

/** What tells a watchdog outside of the process that it runs, as a bean before the broker. */
function pulse(beans: Element): void {
  const bean = add(
    beans,
    "bean",
    { id: "pulse", class: "activemq.cluster.Pulse", "init-method": "start" },
    "A frozen process keeps its lock. Whoever supervises this one kills it when it has been silent for so long.",
  );
  add(bean, "property", { name: "file", value: "${activemq.base}/tmp/pulse" });
  add(bean, "property", { name: "limitSeconds", value: FROZEN_SECONDS });
}

function sharedKahaDb(adapter: Element, rendered: Rendered): void {
  comment(adapter, "The directory is the group's, everything else the broker's own.");
  const store = fileStore(adapter, placeOf(rendered), { lockKeepAlivePeriod: KEEP_ALIVE_MILLIS });
  comment(
    store,
    "The lock makes one broker the master. Not the product's shared-file-locker: that makes the directory where it is missing, and would be the master of an empty one while the file system is away.",
  );
  properties(innerBean(store, "locker", "activemq.cluster.GroupFile"), { lockAcquireSleepInterval: ASK_MILLIS });
}

export const sharedKahaDbStore: ClassicStore = {
  beans: pulse,
  // The lock is free once the process is gone, and ours end: a restart inside of it would race for it.
  attributes: { restartAllowed: false },
  adapter: sharedKahaDb,
  onFailure: stopOnFullDisk,
  frozenSeconds: FROZEN_SECONDS,
  credentials: () => [],
  listens: () => [],
};
