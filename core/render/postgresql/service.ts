/** The service row of the PostgreSQL server that the program runs: its files and its port. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fillIn } from "../../util/fillIn";
import { shellQuote } from "../../util/shell";
import type { RuntimeIds, Service } from "../../host/service";
import {
  DATABASE_NAME,
  DATABASE_PASSWORD,
  type PlannedDatabase,
  type PlannedDatabaseServer,
} from "../../plan/database";
import { type ClusterPlan, brokersOf } from "../../plan/model";

const RUN = readFileSync(join(__dirname, "run.sh"), "utf8");
const PROBE = readFileSync(join(__dirname, "probe.sh"), "utf8");

/** For probes, and for an administrator who looks while every broker has all its connections. */
const SPARE_CONNECTIONS = 10;

export function databaseService(
  plan: ClusterPlan,
  database: PlannedDatabase,
  server: PlannedDatabaseServer,
  runtimes: RuntimeIds,
): Service {
  const run = runScript(database.user, runtimes("postgresql-16"));
  return {
    name: server.name,
    host: server.host,
    kind: "postgresql",
    files: [
      { path: "postgresql.conf", text: postgresqlConf(plan, server) },
      { path: "pg_hba.conf", text: pgHbaConf(database.user) },
      { path: "run", text: run, executable: true },
      { path: "probe", text: probe(database.user, server), executable: true },
      // With TERM it would wait until its clients have left.
      { path: "stop-signal", text: "INT\n" },
    ],
    credentials: [DATABASE_PASSWORD],
    listens: [`${server.address}:${server.port}`],
    bridges: [],
  };
}

function postgresqlConf(plan: ClusterPlan, { address, port }: PlannedDatabaseServer): string {
  const connections = brokersOf(plan).length * plan.config.jdbc.maxConnections + SPARE_CONNECTIONS;
  return `# Rendered from the stack file; what is changed here by hand is overwritten.
listen_addresses = '${address}'
port = ${port}
# Brokers come by TCP, and a socket in /tmp would be open to everybody on this machine.
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
# Every broker's pool, and a few to look.
max_connections = ${connections}

# An acknowledged message is on the disk, whatever happens to the process or the machine.
fsync = on
synchronous_commit = on
full_page_writes = on
shared_buffers = '64MB'
max_wal_size = '512MB'

# To standard error, which the supervisor keeps. Brokers try to create their tables at every start, and each try that finds them
# would be an error in the log.
log_destination = 'stderr'
log_min_messages = 'log'
log_line_prefix = '%m [%p] '
log_timezone = 'UTC'
timezone = 'UTC'
datestyle = 'iso'
`;
}

function pgHbaConf(user: string): string {
  return `# Rendered; do not edit. Nobody else, and nobody without the password.
host ${DATABASE_NAME} "${user}" 127.0.0.0/8 scram-sha-256
`;
}

function runScript(user: string, runtimeId: string): string {
  return fillIn(RUN, {
    runtime: shellQuote(runtimeId),
    user: shellQuote(user),
    // For a regular expression.
    passwordKey: DATABASE_PASSWORD.replaceAll(".", "\\."),
    database: DATABASE_NAME,
  });
}

function probe(user: string, server: PlannedDatabaseServer): string {
  return `#!/usr/bin/env bash
# Probe of the PostgreSQL server. Rendered; do not edit.
address=${server.address}
port=${server.port}
user=${shellQuote(user)}
database=${DATABASE_NAME}

${PROBE}`;
}
