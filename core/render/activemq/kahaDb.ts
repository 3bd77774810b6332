/** The store of a broker without slaves. */
import { type ClassicStore, stopOnFullDisk } from "./store";
import { type Element, add } from "./xml";

/** What makes KahaDB keep what it acknowledged, wherever its directory is. */
export const kahaDbAttributes = {
  journalDiskSyncStrategy: "always",
  checksumJournalFiles: true,
  checkForCorruptJournalFiles: true,
  ignoreMissingJournalfiles: false,
} as const;

function kahaDb(adapter: Element): void {
  add(
    adapter,
    "kahaDB",
    { directory: "${activemq.data}/kahadb", ...kahaDbAttributes },
    "Every acknowledged message is on the disk. A journal that was damaged or lost stops the start instead of losing messages in silence.",
  );
}

export const kahaDbStore: ClassicStore = {
  adapter: kahaDb,
  onFailure: stopOnFullDisk,
  credentials: () => [],
  listens: () => [],
};
