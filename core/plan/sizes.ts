/** Sizes that follow from the heap unless the stack file gives them. Pure. */
import { settingsFor } from "../../config/groupSettings";
import type { ClusterConfig } from "../../config/schema";

type Limits = Pick<ClusterConfig, "limits" | "transports">;

const BYTES_PER_MIB = 1024 * 1024;
const LARGEST_DEFAULT_FRAME_MIB = 100;

/** Messages in memory, all destinations together. A quarter of the heap: index, cursors and frames need the rest. */
export function memoryMiB(config: Limits): number {
  return config.limits.memoryMiB ?? Math.floor(config.limits.heapMiB / 4);
}

/** What holds for a group's brokers, with what follows from other values filled in. */
export function effectiveLimits(config: ClusterConfig, group: string): Required<ClusterConfig["limits"]> {
  const settings = settingsFor(config, group);
  return { ...settings.limits, memoryMiB: memoryMiB(settings) };
}

/** Messages in memory, one destination: eight full ones fit before the broker as a whole is full. */
export function destinationMemoryMiB(config: Limits): number {
  return Math.max(1, Math.floor(memoryMiB(config) / 8));
}

/** A frame is read into one array before anything is known of its sender, so it must fit the heap several times. */
export function maxFrameSizeBytes(config: Limits): number {
  const given = config.transports.maxFrameSizeMiB;
  return Math.floor((given ?? Math.min(LARGEST_DEFAULT_FRAME_MIB, config.limits.heapMiB / 5)) * BYTES_PER_MIB);
}

/** What LevelDB's index keeps in memory. Its own default of 256 MiB is as much as our default heap. */
export function indexCacheBytes(config: Limits): number {
  return Math.floor(config.limits.heapMiB / 16) * BYTES_PER_MIB;
}
