#!/usr/bin/env bash
# Becomes the PostgreSQL server of one database of the lab. Arguments: the server's programs, a folder of the database's own, its
# address, port, user, name of the database, and "1" for encrypted connections only. Standard input: the password.
set -euo pipefail
server=$1 folder=$2 address=$3 port=$4 user=$5 database=$6 encrypted=$7
export LC_ALL=C
umask 077
read -r password
data=$folder/data
# PostgreSQL refuses root; in a user namespace the same user has another number, and its files are still its own.
as_user() { unshare --user --map-user=daemon --map-group=daemon "$@"; }
if [[ ! -e $data/PG_VERSION ]]; then
  rm -rf "$data.new"
  as_user "$server/bin/initdb" --pgdata="$data.new" --username="$user" --auth=scram-sha-256 \
    --pwfile=<(printf '%s\n' "$password") --encoding=UTF8 --locale=C --no-instructions
  as_user "$server/bin/postgres" --single -D "$data.new" postgres <<<"CREATE DATABASE $database" >/dev/null
  mv "$data.new" "$data"
fi
if [[ $encrypted == 1 ]]; then who=hostssl; else who=host; fi
echo "$who all all 0.0.0.0/0 scram-sha-256" >"$folder/pg_hba.conf"
settings=(
  -c "listen_addresses=$address" -c "port=$port" -c "unix_socket_directories=" -c "max_connections=200"
  -c "hba_file=$folder/pg_hba.conf" -c "ssl=on" -c "ssl_cert_file=$folder/server.pem" -c "ssl_key_file=$folder/server.key"
)
exec unshare --user --map-user=daemon --map-group=daemon "$server/bin/postgres" -D "$data" "${settings[@]}" </dev/null
