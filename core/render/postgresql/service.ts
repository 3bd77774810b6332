/** The service row of the PostgreSQL server that the program runs: its files and its port. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shellQuote } from "../../util/shell";
import type { RuntimeIds, Service } from "../../host/service";
import {
  DATABASE_NAME,
  DATABASE_PASSWORD,
  type PlannedDatabase,
  type PlannedDatabaseServer,
} from "../../plan/database";
import { type ClusterPlan, brokersOf } from "../../plan/model";

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
  return `#!/usr/bin/env bash
# Starts the PostgreSQL server of the brokers. Rendered; do not edit.
set -euo pipefail
umask 077
export LC_ALL=C

server=$AMQ_RUNTIMES/${shellQuote(runtimeId)}/server
user=${shellQuote(user)}
cd "$AMQ_SERVICE"
mkdir -p data log tmp
data=$PWD/data/postgresql

# PostgreSQL refuses to run as root. In a user namespace the same user has another number, and its files are still its own.
unprivileged=()
if ((EUID == 0)); then
  unprivileged=(unshare --user --map-user=daemon --map-group=daemon)
  "\${unprivileged[@]}" true || {
    echo "PostgreSQL refuses to run as root, and this machine gives no user namespace (see above). Run amq as another user, or give the URL of a server of your own (activemq:jdbc)." >&2
    exit 1
  }
fi
postgres() { "\${unprivileged[@]}" "$server/bin/postgres" "$@" >/dev/null; }

password=$(sed -n 's/^${DATABASE_PASSWORD.replaceAll(".", "\\.")}=//p' "$AMQ_CONF/credentials.properties")
if [[ ! -e $data/PG_VERSION ]]; then
  rm -rf "$data.new"
  "\${unprivileged[@]}" "$server/bin/initdb" --pgdata="$data.new" --username="$user" --auth=scram-sha-256 \\
    --pwfile=<(printf '%s\\n' "$password") --encoding=UTF8 --locale=C --data-checksums --no-instructions
  postgres --single -D "$data.new" postgres <<<'CREATE DATABASE ${DATABASE_NAME}'
  mv "$data.new" "$data"
fi
settings=(
  -D "$data"
  -c "config_file=$AMQ_CONF/postgresql.conf"
  -c "hba_file=$AMQ_CONF/pg_hba.conf"
  -c "ident_file=$data/pg_ident.conf"
)
# Data that was kept may know an earlier password.
postgres --single "\${settings[@]}" postgres <<<"ALTER ROLE \\"$user\\" PASSWORD '$password'"
exec "\${unprivileged[@]}" "$server/bin/postgres" "\${settings[@]}"
`;
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
