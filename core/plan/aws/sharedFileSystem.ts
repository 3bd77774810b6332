/** The file system (EFS) that target aws makes for store sharedKahaDB, as plain data. Pure. */
import { dirname } from "node:path";
import type { AwsConfig } from "../../../config/awsSchema";
import type { PlannedAccessPoint, PlannedFileSystem } from "./model";
import type { PlannedGroup } from "../model";

/**
 * Who writes to the file system, whatever number user `activemq` has on a host: the access point says so. No number that a system
 * gives out by itself.
 */
export const FILE_OWNER = 61616;

/** @returns undefined when no group shares a directory */
export function planFileSystem(
  aws: Pick<AwsConfig, "fileSystem" | "protect">,
  groups: readonly PlannedGroup[],
): PlannedFileSystem | undefined {
  const accessPoints = groups.flatMap(({ name, directory }): PlannedAccessPoint[] =>
    directory === undefined ? [] : [{ group: name, path: `/${name}`, mountPoint: dirname(directory) }],
  );
  if (accessPoints.length === 0) return undefined;
  return { accessPoints, backups: aws.fileSystem?.backups ?? false, protect: aws.protect };
}
