/** Sizes that follow from the heap unless the stack file gives them. Pure. */
import { settingsOf } from "../../config/groupSettings";
import type { ClusterConfig, GroupConfig } from "../../config/schema";
import type { GroupSettings } from "./model";

const BYTES_PER_MIB = 1024 * 1024;
const LARGEST_DEFAULT_FRAME_MIB = 100;
const DEFAULT_LOG_FILE_MIB = 100;

/** What holds for a group's brokers: the cluster's settings, replaced by the group's own, and what follows from them. */
export function groupSettings(config: ClusterConfig, group: GroupConfig): GroupSettings {
  const { limits, transports } = settingsOf(config, group);
  const { heapMiB } = limits;
  const frameMiB = transports.maxFrameSizeMiB ?? Math.min(LARGEST_DEFAULT_FRAME_MIB, heapMiB / 5);
  return {
    // A quarter of the heap: index, cursors and frames need the rest.
    limits: { ...limits, memoryMiB: limits.memoryMiB ?? Math.floor(heapMiB / 4) },
    // Whole bytes.
    transports: { ...transports, maxFrameSizeMiB: Math.floor(frameMiB * BYTES_PER_MIB) / BYTES_PER_MIB },
  };
}

/** Messages in memory, one destination: eight full ones fit before the broker as a whole is full. */
export function destinationMemoryMiB({ limits }: Pick<GroupSettings, "limits">): number {
  return Math.max(1, Math.floor(limits.memoryMiB / 8));
}

/** A frame is read into one array before anything is known of its sender, so it must fit the heap several times. */
export function maxFrameSizeBytes({ transports }: Pick<GroupSettings, "transports">): number {
  return transports.maxFrameSizeMiB * BYTES_PER_MIB;
}

/** What LevelDB's index keeps in memory. Its own default of 256 MiB is as much as our default heap. */
export function indexCacheBytes({ limits }: Pick<GroupSettings, "limits">): number {
  return Math.floor(limits.heapMiB / 16) * BYTES_PER_MIB;
}

/** A log file of store replicatedLevelDB. */
export function logFileMiB({ replicatedLevelDB }: Pick<ClusterConfig, "replicatedLevelDB">): number {
  return replicatedLevelDB.logSizeMiB ?? DEFAULT_LOG_FILE_MIB;
}

/** As {@link logFileMiB}. */
export function logFileBytes(config: Pick<ClusterConfig, "replicatedLevelDB">): number {
  return logFileMiB(config) * BYTES_PER_MIB;
}
