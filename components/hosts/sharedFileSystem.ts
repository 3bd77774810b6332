/** The file system (EFS) that target aws makes for store sharedKahaDB, as plain data. Pure. */
import { dirname } from "node:path";
import type { AwsConfig } from "../../config/awsSchema";
import type { PlannedGroup } from "../cluster/plan";

/** What a group's brokers see of the file system, and where. */
export interface PlannedAccessPoint {
  readonly group: string;
  /** Its root in the file system. */
  readonly path: string;
  /** Where hosts with a broker of the group have it. The group's directory is one below: while it is not mounted, that is missing. */
  readonly mountPoint: string;
}

export interface PlannedFileSystem {
  readonly accessPoints: readonly PlannedAccessPoint[];
  readonly backups: boolean;
  readonly protect: boolean;
}

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
