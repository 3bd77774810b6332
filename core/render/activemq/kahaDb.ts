/** The store of a broker without slaves. */
import { type ClassicStore, stopOnFullDisk } from "./store";
import { type Attributes, BEANS, type Element, comment, properties } from "./xml";

/** What makes KahaDB keep what it acknowledged, wherever its directory is. */
const SAFE = {
  journalDiskSyncStrategy: "always",
  checksumJournalFiles: true,
  checkForCorruptJournalFiles: true,
  ignoreMissingJournalfiles: false,
} as const;

/** KahaDB in a directory, with further properties of it. */
export function fileStore(adapter: Element, directory: string, more: Attributes = {}): Element {
  comment(
    adapter,
    "FileStore is the product's kahaDB with a fault mended that lost messages of durable subscriptions. The files are the same. Every acknowledged message is on the disk. A journal that was damaged or lost stops the start instead of losing messages in silence.",
  );
  const store = adapter.ele(BEANS, "bean", { class: "activemq.cluster.FileStore" });
  properties(store, { directory, ...SAFE, ...more });
  return store;
}

export const kahaDbStore: ClassicStore = {
  adapter: (adapter) => {
    fileStore(adapter, "${activemq.data}/kahadb");
  },
  onFailure: stopOnFullDisk,
  credentials: () => [],
  listens: () => [],
};
