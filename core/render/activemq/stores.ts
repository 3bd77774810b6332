/** How ActiveMQ Classic is told of a store: everything in a broker's files that differs between stores. */
import { DATABASE_ADDRESS, DATABASE_PASSWORD } from "../../plan/database";
import { REPLICATION_TOKEN } from "../../plan/users";
import { AUTHORITIES_FILE, connectionPool, jdbc, waitForDatabase } from "./jdbc";
import { kahaDb } from "./kahaDb";
import { electionWatchdog, replicatedLevelDb, replicationListen } from "./replicatedLevelDb";
import { FROZEN_SECONDS, pulse, sharedKahaDb } from "./sharedKahaDb";
import { type Element, add } from "./xml";
import type { ClassicStore } from "./store";
import type { StoreName } from "../../products/storeNames";

function stopOnFullDisk(handler: Element): void {
  add(
    handler,
    "defaultIOExceptionHandler",
    { ignoreNoSpaceErrors: false },
    "A full disk stops the broker, so that another one takes over. By default the error is ignored and every send hangs.",
  );
}

const STORES: Readonly<Record<StoreName, ClassicStore>> = {
  replicatedLevelDB: {
    beans: (beans, { plan, group, broker }) => {
      electionWatchdog(beans, plan, group, broker);
    },
    adapter: (adapter, { plan, group, broker }) => {
      replicatedLevelDb(adapter, plan, group, broker);
    },
    onFailure: stopOnFullDisk,
    credentials: () => [REPLICATION_TOKEN],
    listens: ({ plan, broker }) => [replicationListen(plan, broker)],
  },
  jdbc: {
    beans: connectionPool,
    // A lease is kept for a restart inside the process, and ours end: the next master would wait for nothing.
    attributes: { restartAllowed: false },
    adapter: jdbc,
    onFailure: waitForDatabase,
    credentials: ({ database }) => [DATABASE_PASSWORD, ...(database?.rds === undefined ? [] : [DATABASE_ADDRESS])],
    files: ({ database }) =>
      database?.authorities === undefined ? [] : [{ path: AUTHORITIES_FILE, text: database.authorities }],
    listens: () => [],
  },
  sharedKahaDB: {
    beans: pulse,
    // The lock is free once the process is gone, and ours end: a restart inside of it would race for it.
    attributes: { restartAllowed: false },
    adapter: sharedKahaDb,
    onFailure: stopOnFullDisk,
    frozenSeconds: FROZEN_SECONDS,
    credentials: () => [],
    listens: () => [],
  },
  kahaDB: { adapter: kahaDb, onFailure: stopOnFullDisk, credentials: () => [], listens: () => [] },
};

export function classicStore(store: StoreName): ClassicStore {
  return STORES[store];
}
