/** The RDS for PostgreSQL that target aws makes for store jdbc, as plain data. Pure. */
import { type AwsConfig, type DatabaseConfig, databaseSchema } from "../../../config/awsSchema";
import type { ClusterConfig } from "../../../config/schema";

/** A database instance; its address is known once it is made. */
export interface PlannedRds {
  readonly engineVersion: string;
  /** The first number of the version: what is compatible with itself. */
  readonly major: string;
  /** True when AWS brings in further versions of the same major one. */
  readonly keptNew: boolean;
  readonly instanceClass: string;
  readonly multiZone: boolean;
  readonly storageGiB: number;
  /** Absent when the disk is never enlarged by AWS. */
  readonly maxStorageGiB?: number;
  readonly backupDays: number;
  readonly finalSnapshot: boolean;
  readonly port: number;
  readonly protect: boolean;
}

/** What the stack file says of the database, or else the defaults. */
export function databaseConfig({ database }: Pick<AwsConfig, "database">): DatabaseConfig {
  return database ?? databaseSchema.parse({});
}

export function planRds({ jdbc }: Pick<ClusterConfig, "jdbc">, aws: AwsConfig): PlannedRds {
  const { storageGiB, engineVersion, ...rest } = databaseConfig(aws);
  const [major = "", minor] = engineVersion.split(".");
  const maxStorageGiB = rest.maxStorageGiB ?? 2 * storageGiB;
  return {
    engineVersion,
    major,
    keptNew: minor === undefined,
    instanceClass: rest.instanceClass,
    multiZone: rest.multiZone,
    storageGiB,
    ...(maxStorageGiB > storageGiB && { maxStorageGiB }),
    backupDays: rest.backupDays,
    finalSnapshot: rest.finalSnapshot,
    port: jdbc.port,
    protect: aws.protect,
  };
}

/** What to know of it before `up`. @param connections how many all brokers may open at once */
export function rdsWarnings(rds: PlannedRds, connections: number): string[] {
  const most = connectionsOf(rds.instanceClass);
  return [
    ...(rds.multiZone
      ? []
      : [
          "aws.database.multiZone is false: while the database's zone is lost, or its machine is changed, every group waits.",
        ]),
    ...(rds.backupDays > 0 ? [] : ["aws.database.backupDays is 0: a slip of an administrator cannot be taken back."]),
    ...(most === undefined || connections <= most
      ? []
      : [
          `The brokers may open ${connections} connections to the database (jdbc.maxConnections each), and a ${rds.instanceClass} takes about ${most}: choose a larger aws.database.instanceClass, or fewer connections.`,
        ]),
  ];
}

/** GiB of memory of the smallest size `large`, by family; the others follow by doubling. */
const LARGE_GIB: readonly (readonly [family: RegExp, gib: number])[] = [
  [/^t\d/, 8],
  [/^m\d/, 8],
  [/^r\d/, 16],
];
const SIZES = ["micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"];
/** RDS's default for max_connections: a connection for each 9,531,392 bytes of memory, 5000 at most; some memory is the system's. */
const CONNECTIONS_PER_GIB = 100;
const MOST_CONNECTIONS = 5000;

/** How many connections a class takes, roughly; undefined when its name says nothing of its memory. */
function connectionsOf(instanceClass: string): number | undefined {
  const [, family = "", size = ""] = instanceClass.split(".");
  const large = LARGE_GIB.find(([pattern]) => pattern.test(family))?.[1];
  const steps = SIZES.indexOf(size) - SIZES.indexOf("large");
  if (large === undefined || !SIZES.includes(size)) return undefined;
  return Math.min(MOST_CONNECTIONS, Math.floor(large * 2 ** steps * CONNECTIONS_PER_GIB));
}
