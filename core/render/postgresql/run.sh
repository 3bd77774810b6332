#!/usr/bin/env bash
# Starts the PostgreSQL server of the brokers. Rendered; do not edit.
set -euo pipefail
umask 077
export LC_ALL=C

server=$AMQ_RUNTIMES/@runtime@/server
user=@user@
cd "$AMQ_SERVICE"
mkdir -p data log tmp
data=$PWD/data/postgresql

# PostgreSQL refuses to run as root. In a user namespace the same user has another number, and its files are still its own.
unprivileged=()
if ((EUID == 0)); then
  unprivileged=(unshare --user --map-user=daemon --map-group=daemon)
  "${unprivileged[@]}" true || {
    echo "PostgreSQL refuses to run as root, and this machine gives no user namespace (see above). Run amq as another user, or give the URL of a server of your own (activemq:jdbc)." >&2
    exit 1
  }
fi
postgres() { "${unprivileged[@]}" "$server/bin/postgres" "$@" >/dev/null; }

password=$(sed -n 's/^@passwordKey@=//p' "$AMQ_CONF/credentials.properties")
if [[ ! -e $data/PG_VERSION ]]; then
  rm -rf "$data.new"
  "${unprivileged[@]}" "$server/bin/initdb" --pgdata="$data.new" --username="$user" --auth=scram-sha-256 \
    --pwfile=<(printf '%s\n' "$password") --encoding=UTF8 --locale=C --data-checksums --no-instructions
  postgres --single -D "$data.new" postgres <<<'CREATE DATABASE @database@'
  mv "$data.new" "$data"
fi
settings=(
  -D "$data"
  -c "config_file=$AMQ_CONF/postgresql.conf"
  -c "hba_file=$AMQ_CONF/pg_hba.conf"
  -c "ident_file=$data/pg_ident.conf"
)
# Data that was kept may know an earlier password.
postgres --single "${settings[@]}" postgres <<<"ALTER ROLE \"$user\" PASSWORD '$password'"
exec "${unprivileged[@]}" "$server/bin/postgres" "${settings[@]}"
