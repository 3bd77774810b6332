/** The database that brokers with store jdbc keep their messages in: which one, and where. Pure. */
import type { ClusterConfig } from "../../config/schema";
import { placeholder } from "./users";
import { type PlannedRds, planRds } from "./aws/rds";
import { rdsAuthorities } from "./aws/rdsAuthorities";
import { type WithStores, someElected } from "../products/storesOf";

/** The server that the program runs itself. */
export interface PlannedDatabaseServer {
  /** Also the name of its service. */
  readonly name: string;
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

export interface PlannedDatabase {
  /** As a JDBC driver takes it, without a password; where it is made by AWS, with a placeholder for the address. */
  readonly url: string;
  readonly user: string;
  /** Where the program runs the server. */
  readonly server?: PlannedDatabaseServer;
  /** Where it makes one in AWS. */
  readonly rds?: PlannedRds;
  /** Certificates (PEM) that the server's own must lead to; absent when nothing is said of that. */
  readonly authorities?: string;
}

/** Its service and its host. */
export const SERVER_NAME = "postgresql";

/** The database in the server that the program runs. */
export const DATABASE_NAME = "activemq";

/** Key of the password in credentials.properties, of the brokers and of the server. */
export const DATABASE_PASSWORD = "jdbc.password";

/** Key of the address, where only AWS knows it. No secret: but rendered files never wait for what is made. */
export const DATABASE_ADDRESS = "jdbc.address";

export function needsDatabase(config: WithStores): boolean {
  return someElected(config, "database");
}

/** True when the program runs the database itself: on this machine only, and unless the stack file names one. */
export function runsDatabase(config: WithStores & Pick<ClusterConfig, "target" | "jdbc">): boolean {
  return needsDatabase(config) && config.target === "local" && config.jdbc.url === undefined;
}

/** True when the program makes the database in AWS. */
export function makesDatabase(config: WithStores & Pick<ClusterConfig, "target" | "jdbc">): boolean {
  return needsDatabase(config) && config.target === "aws" && config.jdbc.url === undefined;
}

/** The database of a plan; absent when its store needs none. @param server where the program runs one */
export function planDatabase(config: ClusterConfig, server?: PlannedDatabaseServer): PlannedDatabase | undefined {
  if (!needsDatabase(config)) return undefined;
  const { user, port, url, caCertificates } = config.jdbc;
  const at = (address: string, on: number) => `jdbc:postgresql://${address}:${on}/${DATABASE_NAME}`;
  const given = caCertificates === undefined ? undefined : `${caCertificates.trim()}\n`;
  const authorities = given ?? (makesDatabase(config) ? rdsAuthorities(config.aws?.region ?? "") : undefined);
  const checked = { user, ...(authorities !== undefined && { authorities }) };
  if (server !== undefined) return { ...checked, url: at(server.address, server.port), server };
  if (config.aws === undefined || !makesDatabase(config)) return { ...checked, url: url ?? "" };
  return { ...checked, url: at(placeholder(DATABASE_ADDRESS), port), rds: planRds(config, config.aws) };
}

/** The URL as people read it. */
export function shownUrl({ url }: Pick<PlannedDatabase, "url">): string {
  return url.replace(placeholder(DATABASE_ADDRESS), "<its endpoint>");
}

/** The servers of a URL of PostgreSQL, with the port where one is given; it may name several. */
export function serversOf(url: string): string[] {
  return (/^jdbc:postgresql:\/\/([^/?]*)/.exec(url)?.[1] ?? "").split(",");
}

/** The ports of a URL of PostgreSQL. */
export function portsOf(url: string): number[] {
  return serversOf(url).map((server) => Number(/:(\d+)$/.exec(server)?.[1] ?? POSTGRESQL_PORT));
}

const POSTGRESQL_PORT = 5432;
