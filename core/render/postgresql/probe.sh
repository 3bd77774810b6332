# What a running PostgreSQL server says of itself. Needs bash and coreutils.
#
#   probe role        serving (asks for the password) | starting
#   probe metrics     nothing
#   probe bridges     nothing: a database has none
#   probe masterless  nothing: it does not serve clients of brokers
#   probe copied      nothing: it copies nothing from a master
set -uo pipefail
export LC_ALL=C

# The first letter of the answer to a start-up packet of protocol 3.0: R when it asks for the password, E while it starts.
greet() {
  local packet="user\0$user\0database\0$database\0\0" length type bytes
  length=$((8 + 5 + ${#user} + 1 + 9 + ${#database} + 2))
  exec 3<>"/dev/tcp/$address/$port" || return 1
  # shellcheck disable=SC2059  # the zero bytes are the format's
  printf "\0\0\0\\x$(printf %02x "$length")\0\3\0\0$packet" >&3
  read -r type _ _ _ bytes < <(head -c 5 <&3 | od -An -tu1)
  # The rest as well: to a server, a connection that is closed unread looks broken, and is worth a line in its log.
  [[ -z $bytes ]] || head -c $((bytes - 4)) <&3 >/dev/null
  if [[ $type == 82 ]]; then echo R; fi
}

role() {
  if [[ $(timeout 3 "$BASH" "${BASH_SOURCE[0]}" greet 2>/dev/null) == R ]]; then echo serving; else echo starting; fi
}

case ${1:-} in
  role | greet) "$1" ;;
  metrics | bridges | masterless | copied) ;;
  *)
    echo "usage: probe role|metrics|bridges|masterless|copied" >&2
    exit 2
    ;;
esac
