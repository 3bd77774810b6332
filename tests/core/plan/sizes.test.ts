import { destinationMemoryMiB, indexCacheBytes, maxFrameSizeBytes } from "../../../core/plan/sizes";
import { first, planOf } from "../../support/plans";

const MIB = 1024 * 1024;
const sizes = (values: Record<string, unknown>) => {
  const group = first(planOf(values).groups);
  return [group.limits.memoryMiB, destinationMemoryMiB(group), maxFrameSizeBytes(group), indexCacheBytes(group)];
};

test.each([
  ["the default heap", {}, [64, 8, Math.floor(51.2 * MIB), 16 * MIB]],
  ["the smallest heap", { limits: { heapMiB: 128 } }, [32, 4, Math.floor(25.6 * MIB), 8 * MIB]],
  ["a heap that fits the usual frame", { limits: { heapMiB: 2048 } }, [512, 64, 100 * MIB, 128 * MIB]],
  ["the smallest memory limit", { limits: { memoryMiB: 16 } }, [16, 2, Math.floor(51.2 * MIB), 16 * MIB]],
  ["a given frame", { transports: { maxFrameSizeMiB: 100 } }, [64, 8, 104_857_600, 16 * MIB]],
  ["a frame of a part of a MiB", { transports: { maxFrameSizeMiB: 0.0625 } }, [64, 8, 65_536, 16 * MIB]],
])("%s", (_, values, expected) => {
  expect(sizes(values)).toEqual(expected);
});
