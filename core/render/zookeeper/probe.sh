# What a running ZooKeeper member says of itself. Needs bash and coreutils.
#
#   probe role        leader | follower | starting (up, but not part of a quorum)
#   probe metrics     the text of mntr
#   probe bridges     nothing: members have none
#   probe masterless  nothing: members do not serve clients of brokers
#   probe copied      nothing: it copies nothing from a master
set -uo pipefail
export LC_ALL=C

# One four-letter word, asked in a process of its own, so that a time limit can be put on it.
ask() {
  exec 3<>"/dev/tcp/$client_address/$client_port" || return 1
  printf '%s' "$1" >&3
  cat <&3
}

asked() {
  timeout 3 "$BASH" "${BASH_SOURCE[0]}" ask "$1" 2>/dev/null
}

role() {
  local answer mode
  answer=$(asked srvr)
  mode=${answer#*$'\nMode: '}
  mode=${mode%%$'\n'*}
  case $mode in
    leader | follower) echo "$mode" ;;
    *) echo starting ;;
  esac
}

case ${1:-} in
  role) role ;;
  metrics) asked mntr ;;
  bridges | masterless | copied) ;;
  ask) ask "$2" ;;
  *)
    echo "usage: probe role|metrics|bridges|masterless|copied" >&2
    exit 2
    ;;
esac
