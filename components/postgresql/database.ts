/** The database that brokers with store jdbc keep their messages in: which one, and where. Pure. */
import type { ClusterConfig } from "../../config/schema";
import type { WithStores } from "../../config/groupSettings";
import { someElected } from "../broker/stores";

/** The server that the program runs itself. */
export interface PlannedDatabaseServer {
  /** Also the name of its service. */
  readonly name: string;
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

export interface PlannedDatabase {
  /** As a JDBC driver takes it, without a password. */
  readonly url: string;
  readonly user: string;
  /** Absent when the stack file names a database of the user's own. */
  readonly server?: PlannedDatabaseServer;
}

/** Its service and its host. */
export const SERVER_NAME = "postgresql";

/** The database in the server that the program runs. */
export const DATABASE_NAME = "activemq";

/** Key of the password in credentials.properties, of the brokers and of the server. */
export const DATABASE_PASSWORD = "jdbc.password";

export function needsDatabase(config: WithStores): boolean {
  return someElected(config, "database");
}

/** True when the program runs the database itself: on this machine only, and unless the stack file names one. */
export function runsDatabase(config: WithStores & Pick<ClusterConfig, "target" | "jdbc">): boolean {
  return needsDatabase(config) && config.target === "local" && config.jdbc.url === undefined;
}

/** The database of a plan; absent when its store needs none. @param server where the program runs one */
export function planDatabase(config: ClusterConfig, server?: PlannedDatabaseServer): PlannedDatabase | undefined {
  if (!needsDatabase(config)) return undefined;
  const { user, url } = config.jdbc;
  if (server === undefined) return { user, url: url ?? "" };
  return { user, url: `jdbc:postgresql://${server.address}:${server.port}/${DATABASE_NAME}`, server };
}
