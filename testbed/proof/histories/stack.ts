/** The cluster that histories are made on: one group, as small as its store allows, with files so small that they rotate. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { STORES, type StoreName, usualBrokers } from "../../../core/products/stores";

/** Ports that no other proof, test or benchmark has. */
const PORTS = { openwire: 31616, metrics: 31716, stomp: 31816, amqp: 31916, mqtt: 32116 };
const REPLICATION = 32016;
const ENSEMBLE_PORTS = { client: 32181, peer: 32281, election: 32381 };
const DATABASE_PORT = 32432;

/** The stack file: the default times, as a user gets them. Keys without their namespace. */
export function keysOf(store: StoreName): Record<string, unknown> {
  const { election } = STORES[store];
  const ports = { ...PORTS, ...(election === "zookeeper" && { replication: REPLICATION }) };
  return {
    target: "local",
    store,
    topology: "none",
    transports: { stomp: true, amqp: true, mqtt: true },
    groups: [{ name: "a", brokers: usualBrokers(store), ports }],
    ...(election === "zookeeper" && {
      zookeeper: { ports: ENSEMBLE_PORTS },
      replicatedLevelDB: { logSizeMiB: 1 },
      // As many files as a slave can ask for.
      limits: { storeMiB: 400 },
    }),
    ...(election === "database" && { jdbc: { port: DATABASE_PORT } }),
  };
}

/** A place in the program that a copy of it has otherwise. */
export interface Patch {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Files of the stores' logs of a mebibyte, of which LevelDB has a setting: they are full, and deleted, all the time. */
export const SMALL_LOGS: readonly Patch[] = [
  {
    file: "core/render/activemq/kahaDb.ts",
    from: 'journalDiskSyncStrategy: "always",',
    to: 'journalDiskSyncStrategy: "always", journalMaxFileLength: "1048576",',
  },
];

/** @throws Error when the place is not in the file exactly once */
export function apply(directory: string, { file, from, to }: Patch): void {
  const path = join(directory, file);
  const text = readFileSync(path, "utf8");
  if (text.split(from).length !== 2) throw new Error(`${file} has not exactly one "${from}"`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}
