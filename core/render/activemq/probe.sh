# What a running broker says of itself: what it wrote last into its report (BrokerReport.java), whatever else it is busy with. Needs
# bash, coreutils and grep. Without a report the client port is asked, and only then, because every connection there that does not
# speak leaves a warning in the broker's log.
#
#   probe role        master (serves clients) | slave (in sync) | stuck (holds up the election) | starting | unknown (its report is old)
#   probe report      the lines of its report, in the format of Prometheus; nothing when there is none, or an old one
#   probe metrics     the Prometheus text
#   probe bridges     names of this group's network connectors whose bridge is up, one per line
#   probe masterless  whole seconds the group has been without a master; nothing when that is not known
#   probe failure     why the last process ended, in one line; nothing once a broker serves or is attached again
#   probe copied      MiB that the process of a slave which attaches has written since its start; nothing of any other
set -uo pipefail
export LC_ALL=C

stuck_after_seconds=10
# A slave asks for its group's lock every 5 s; longer than this without an answer, and it could not take over.
unanswered_after_seconds=15
# A report is written twice a second. One older than this is of a process that hangs.
old_after_seconds=10
# A slave whose index knows so much less than it has received would be a master late.
behind_after_bytes=67108864

# The body of GET /metrics. Called in a process of its own, so that a time limit can be put on it.
fetch() {
  local line
  exec 3<>"/dev/tcp/$metrics_address/$metrics_port" || return 1
  printf 'GET /metrics HTTP/1.0\r\nHost: %s\r\nAccept: text/plain\r\n\r\n' "$metrics_address" >&3
  IFS= read -r line <&3 || return 1
  [[ $line == HTTP/*' 200 '* ]] || return 1
  while IFS= read -r line <&3 && [[ $line != $'\r' && -n $line ]]; do :; done
  cat <&3
}

metrics() {
  timeout 10 "$BASH" "${BASH_SOURCE[0]}" fetch 2>/dev/null
}

# The lines of the report. Fails with 1 when this process has written none, with 2 when it has not for some time.
report() {
  local file=$AMQ_SERVICE/data/report text mark pid millis age
  # The broker's user may put anything there, and whoever asks may be root.
  [[ -f $file && ! -L $file ]] || return 1
  for _ in 1 2 3; do
    { text=$(<"$file"); } 2>/dev/null || return 1
    mark=${text%%$'\n'*}
    mark=${mark#'# begin '}
    # Else it is half of one and half of the next.
    [[ $text != *$'\n'"# end $mark" ]] || break
  done
  [[ $text == *$'\n'"# end $mark" ]] || return 1
  read -r pid millis _ <<<"$mark"
  [[ $pid == "${AMQ_PID:-}" && $millis =~ ^[0-9]+$ ]] || return 1
  age=$((${EPOCHREALTIME//[!0-9]/} / 1000000 - millis / 1000))
  ((age <= old_after_seconds && age >= -old_after_seconds)) || return 2
  printf '%s\n' "$text"
}

# A broker greets with its protocol's magic; a process that is stopped, or a bare port, does not.
greets() {
  # shellcheck disable=SC2016  # $1 and $2 are the inner bash's
  timeout 2 "$BASH" -c 'exec 3<>"/dev/tcp/$1/$2" && head -c 13 <&3 | tr -d "\0"' _ "$client_address" "$client_port" 2>/dev/null |
    grep -q ActiveMQ
}

# The value of a metric without labels, or with exactly the given ones; from $body.
value_of() {
  local rest
  rest=$'\n'$body
  [[ $rest == *$'\n'"$1 "* ]] || return 1
  rest=${rest#*$'\n'"$1 "}
  printf '%s\n' "${rest%%[$'\n ']*}"
}

# A whole number or nothing: metrics may be written as 12.0, 1.2E7 or NaN.
whole_of() {
  local number
  number=$(value_of "$1") || return 1
  number=$(printf '%.0f' "$number" 2>/dev/null)
  [[ $number =~ ^[0-9]+$ ]] && printf '%s\n' "$number"
}

role() {
  local body stuck unanswered
  body=$(report)
  case $? in
    0) ;;
    2)
      echo unknown
      return
      ;;
    *)
      if greets; then echo master; else echo starting; fi
      return
      ;;
  esac
  if [[ $(value_of activemq_broker_slave) =~ ^0(\.0)?$ ]]; then
    echo master
    return
  fi
  stuck=$(whole_of activemq_election_seconds_stuck)
  if ((${stuck:-0} > stuck_after_seconds)); then
    echo stuck
  elif is_attached || { is_waiting && unanswered=$(whole_of activemq_lock_seconds_since_answer) &&
    ((unanswered <= unanswered_after_seconds)); }; then
    echo slave
  else
    echo starting
  fi
}

# A slave that holds everything its master has; from $body.
is_attached() {
  value_of 'activemq_store_role{role="slave"}' >/dev/null &&
    value_of 'activemq_store_status{status="Attached"}' >/dev/null && ! is_behind
}

# One whose index does not keep up with what it receives; from $body.
is_behind() {
  local received indexed
  received=$(whole_of activemq_store_received_bytes) && indexed=$(whole_of activemq_store_indexed_bytes) &&
    ((received - indexed > behind_after_bytes))
}

# One that asks for the lock which makes it the master; from $body.
is_waiting() { [[ $(value_of activemq_lock_waiting) =~ ^1(\.0)?$ ]]; }

bridges() {
  local body line
  body=$(report) || return 0
  while IFS= read -r line; do
    if [[ $line =~ ^activemq_bridge_up\{(.*,)?connector=\"([^\"]+)\".*\}\ 1(\.0)?$ ]]; then printf '%s\n' "${BASH_REMATCH[2]}"; fi
  done <<<"$body" | sort -u
}

masterless() {
  local body
  body=$(report) || return 0
  # Who waits for a lock and gets answers is refused it, so another broker has it.
  whole_of activemq_election_seconds_without_master || { is_waiting && whole_of activemq_lock_seconds_since_answer; }
  return 0
}

# By its process, because the broker itself counts whole files, and one of 100 MiB can take minutes. All that it writes beside
# its master's messages are lines of its log.
copied() {
  local body key bytes
  body=$(report) || return 0
  value_of 'activemq_store_status{status="Attaching"}' >/dev/null || return 0
  while read -r key bytes; do
    if [[ $key == write_bytes: ]]; then echo $((bytes / 1048576)); fi
  done <"/proc/$AMQ_PID/io"
}

# Of a process that is not there, too.
failure() {
  cat "$AMQ_SERVICE/data/last-failure" 2>/dev/null || true
}

case ${1:-} in
  role | report | metrics | bridges | masterless | copied | failure | fetch) "$1" ;;
  *)
    echo "usage: probe role|report|metrics|bridges|masterless|copied|failure" >&2
    exit 2
    ;;
esac
