/** The store of a broker without slaves. */
import { type Element, add } from "./xml";

export function kahaDb(adapter: Element): void {
  add(
    adapter,
    "kahaDB",
    {
      directory: "${activemq.data}/kahadb",
      journalDiskSyncStrategy: "always",
      checksumJournalFiles: true,
      checkForCorruptJournalFiles: true,
      ignoreMissingJournalfiles: false,
    },
    "Every acknowledged message is on the disk. A journal that was damaged or lost stops the start instead of losing messages in silence.",
  );
}
