# Supervised background processes, for hosts without systemd: one supervisor per service starts its process again.

# exec: what runs in the background is the service itself, so its pid is the one to signal.
launch() {
  local conf
  conf=$(readlink -f "$DIR/active")
  exec env AMQ_SERVICE="$DIR" AMQ_CONF="$conf" AMQ_RUNTIMES="$AMQ_RUNTIMES" "$conf/run"
}

# The supervisor holds this lock for its life, so the question needs no pid that might have been reused.
is_supervised() {
  [[ -e $DIR/run/supervisor.lock ]] || return 1
  ! flock -n "$DIR/run/supervisor.lock" true
}

# A pid file holds pid and start time; only both together name the process.
start_time() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

pid_in() {
  local pid started
  [[ -s $DIR/run/$1 ]] || return 1
  read -r pid started <"$DIR/run/$1"
  [[ -n $started && $(start_time "$pid") == "$started" ]] && echo "$pid"
}

process_pid() { pid_in process.pid; }

write_pid() {
  echo "$2 $(start_time "$2")" >"$DIR/run/$1.new"
  mv -f "$DIR/run/$1.new" "$DIR/run/$1"
}

exit_count() { cat "$DIR/run/exits" 2>/dev/null || echo 0; }

start() {
  [[ -L $DIR/active ]] || die "$SERVICE: nothing to start, run up first"
  rm -f "$DIR/run/held"
  ! is_supervised || return 0
  end_process process.pid KILL # one that outlived its supervisor
  setsid "${BASH_SOURCE[0]}" supervise "$SERVICE" </dev/null >>"$DIR/log/supervisor.log" 2>&1 8>&- &
  local tries=0
  until is_supervised; do
    ((tries++ < 100)) || die "$SERVICE: its supervisor did not start: $(tail -n 3 "$DIR/log/supervisor.log")"
    sleep 0.05
  done
}

# What tells the service to end in order: TERM, unless its version says another.
stop_signal() { cat "$DIR/active/stop-signal" 2>/dev/null || echo TERM; }

# TERM first: a broker that stops in order hands over in half a second. Said again each second, because a shell that was just
# forked may drop it. KILL after 30 s.
end_process() {
  local pid started signal=${2:-TERM} tries=0
  pid=$(pid_in "$1") || return 0
  [[ $1 != process.pid || -n ${2:-} ]] || signal=$(stop_signal)
  started=$(start_time "$pid")
  while [[ -n $started && $(start_time "$pid") == "$started" ]]; do
    ((tries < 300)) || signal=KILL
    if ((tries % 10 == 0)); then kill "-$signal" "$pid" 2>/dev/null || true; fi
    ((tries++ < 400)) || die "$SERVICE: process $pid does not end"
    sleep 0.1
  done
}

restart() {
  touch "$DIR/run/at-once"
  end_process process.pid
  start
}

stop() {
  end_process supervisor.pid
  end_process process.pid
}

kill_process() { end_process process.pid KILL; }

# Like a machine that lost power: killed, and down until `start`.
halt() {
  touch "$DIR/run/held"
  kill_process
  end_process supervisor.pid
}

# Nothing but up starts a service on this target, and that asks first.
stand_down() { stop; }

signal_process() { kill "-$1" "$(process_pid)"; }

# Everything but the data goes.
remove() {
  [[ -d $DIR ]] || return 0
  stop
  remove_all_but_data
}

# What the process logged, what it said outside of its log where that came later (a JVM that cannot start says it nowhere else),
# and with which codes it ended.
last_log_lines() {
  local log=$DIR/log
  if [[ -s $log/activemq.log ]]; then tail_of 25 "$log/activemq.log"; fi
  if [[ ! -s $log/activemq.log || $log/console.log -nt $log/activemq.log ]]; then tail_of 25 "$log/console.log"; fi
  tail_of 3 "$log/supervisor.log"
}

tail_of() {
  [[ -s $2 ]] || return 0
  echo "--- last lines of $2"
  tail -n "$1" "$2" | cut -c1-400
}

# Services run as whoever runs this script: everything is theirs.
hand_over() { :; }

setup() { die "amq-host: a host of target local needs no setup"; }
# Folders that services of several hosts have in common: all of them are on this machine. A relative one is in the stack's folder.
share() {
  local folder
  # A drill that was killed has left it so: new folders would be empty stores.
  [[ ! -e $ROOT/../../shared.away ]] || die "the messages are in $(realpath "$ROOT/../../shared.away"), where a drill left them: rename it to shared, and run up again"
  for folder in "$@"; do
    (cd "$ROOT/../.." && mkdir -p "$folder") || die "$folder: cannot be made"
    echo "$folder is there"
  done
}

suits() { die "amq-host: a host of target local is this machine"; }
install_runtime() { die "amq-host: target local runs from the folder that was resolved"; }

keep_small() {
  if [[ -e $1 && $(stat -c %s "$1") -gt 10485760 ]]; then mv -f "$1" "$1.1"; fi
}

# Kills a process that is there and does nothing: stopped, or frozen in some other way. Its version says after how many seconds of
# silence; one that has never touched tmp/pulse is still starting. Looks are counted, not seconds: after a sleep of the whole machine
# both go on from where they were.
# Arguments: the process, when it started, the seconds.
watch_pulse() {
  local pid=$1 started=$2 seconds=$3 last='' now silent=0
  # A pause that needs no process: nobody ever writes here.
  exec 7<> <(:)
  while is_same "$pid" "$started"; do
    read -rt 1 -u 7 || true
    now=$(stat -c %.Y "$DIR/tmp/pulse" 2>/dev/null) || continue
    if [[ $now != "$last" ]]; then last=$now silent=0; fi
    ((silent++ >= seconds)) || continue
    is_same "$pid" "$started" || return 0
    echo "$(date -u +%FT%TZ) process $pid has been silent for $seconds s: killing it, so that another broker gets its lock"
    kill -KILL "$pid" 2>/dev/null || true
    return 0
  done
}

# Whether a number is still that process's: once it has ended, the number is soon another one's.
is_same() { [[ -n $2 && $(start_time "$1") == "$2" ]]; }

supervise() {
  local child=0 started code pause=0 began stopping= seconds watch watch_started
  exec 9>"$DIR/run/supervisor.lock"
  # Waits a moment: whoever asks is_supervised holds the lock while asking.
  flock -w 2 9 || die "$SERVICE has a supervisor already"
  trap 'stopping=1; ((child == 0)) || kill "-$(stop_signal)" "$child" 2>/dev/null || true' TERM
  trap '' INT HUP
  write_pid supervisor.pid $$
  ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
  while [[ -z $stopping && ! -e $DIR/run/held ]]; do
    rm -f "$DIR/run/at-once"
    keep_small "$DIR/log/console.log"
    keep_small "$DIR/log/supervisor.log"
    began=$SECONDS
    cd "$DIR"
    # exec: the child is the service itself, so its pid is the one to signal.
    launch >>"$DIR/log/console.log" 2>&1 9>&- &
    child=$!
    # Nothing when it has ended already.
    started=$(start_time $child) || true
    write_pid process.pid $child
    watch=0 watch_started=
    if seconds=$(cat "$DIR/active/pulse-seconds" 2>/dev/null); then
      watch_pulse $child "$started" "$seconds" 9>&- &
      watch=$!
      watch_started=$(start_time $watch) || true
    fi
    code=0
    wait $child || code=$?
    # A trapped TERM ends the wait, not the process.
    while is_same $child "$started"; do wait $child || code=$?; done
    child=0
    # Never by its number alone: it may have ended long ago.
    if is_same $watch "$watch_started"; then kill $watch 2>/dev/null || true; fi
    rm -f "$DIR/run/process.pid"
    [[ -z $stopping ]] || break
    # In one step: a visit that read an empty file took all ends there ever were for new ones, and gave up at once.
    echo $(($(exit_count) + 1)) >"$DIR/run/exits.new"
    mv -f "$DIR/run/exits.new" "$DIR/run/exits"
    echo "$(date -u +%FT%TZ) process ended with $code after $((SECONDS - began)) s"
    # Two seconds, and up to 30 for one that ends again and again.
    if ((SECONDS - began > 30)); then pause=2; else pause=$((pause * 2 > 30 ? 30 : pause * 2 > 2 ? pause * 2 : 2)); fi
    rest $pause
  done
  rm -f "$DIR/run/supervisor.pid"
}

# A pause that a restart or a stop cuts short.
rest() {
  local tenths=$(($1 * 10))
  while ((tenths-- > 0)) && [[ -z $stopping && ! -e $DIR/run/at-once && ! -e $DIR/run/held ]]; do sleep 0.1; done
}
