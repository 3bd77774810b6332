# Visits: one service at a time, swap what runs for what is staged, and stay until it is healthy.

is_healthy() { [[ $1 == master || $1 == slave || $1 == leader || $1 == follower || $1 == serving ]]; }
is_primary() { [[ $1 == master || $1 == leader ]]; }

# Stopped by a signal (SIGSTOP, a debugger): it answers nobody, and a watchdog inside it stands still, too.
stands_still() {
  local pid stat
  pid=$(process_pid) && stat=$(cat "/proc/$pid/stat" 2>/dev/null) && [[ ${stat##*) } == [Tt]* ]]
}

# This host's own words are `down` for a process that is not there, `stuck` for one that was stopped, and `drained` for whether
# it is wanted down; everything else is the service's own probe's, which says also of a process that is not there why it ended.
probe() {
  local conf pid
  if [[ $1 == drained ]]; then
    ! is_drained || echo drained
    return 0
  fi
  if [[ ! -L $DIR/active ]] || { ! pid=$(process_pid) && [[ $1 != failure ]]; }; then
    [[ $1 != role ]] || echo down
    return 0
  fi
  if [[ $1 == role ]] && stands_still; then
    echo stuck
    return 0
  fi
  conf=$(readlink -f "$DIR/active")
  AMQ_SERVICE=$DIR AMQ_CONF=$conf AMQ_PID=$pid "$DIR/active/probe" "$1" 2>/dev/null || { [[ $1 != role ]] || echo starting; }
}

# How many MiB a slave has copied of its master's messages, less than nothing before it begins. How long that takes is up to them,
# not to us: whoever waits for a service counts its time from the last step of this.
copied() {
  local mib
  mib=$(probe copied)
  echo "${mib:--1}"
}

# Between two looks, of which the last one began at the given time (of EPOCHREALTIME). A look is a dozen processes: on a slow machine
# it takes a third of the time at most, and leaves the rest to what is waited for.
pause_since() {
  local micros=$((2 * (${EPOCHREALTIME//[!0-9]/} - ${1//[!0-9]/})))
  ((micros > 500000)) || micros=500000
  ((micros < 5000000)) || micros=5000000
  printf -v micros '%d.%06d' $((micros / 1000000)) $((micros % 1000000))
  sleep "$micros"
}

# Waits until the role is a healthy one; prints it. Fails after a time, or when the process keeps ending.
await_healthy() {
  local limit=${AMQ_HEALTH_SECONDS:-120} since=$SECONDS exits role most=-1 now look
  exits=$(exit_count)
  while ((SECONDS - since < limit)); do
    look=$EPOCHREALTIME
    role=$(probe role)
    if is_healthy "$role"; then
      echo "$role"
      return 0
    fi
    # A LevelDB broker may crash at a start or two (a race in its ZooKeeper group); four times is no race.
    if (($(exit_count) - exits >= 4)); then return 1; fi
    now=$(copied)
    if ((now > most)); then most=$now since=$SECONDS; fi
    pause_since "$look"
  done
  return 1
}

# Before a group is touched: this service is healthy, or something is pending here and the visit shall repair it,
# or its group has no master anyway and a fix must be able to land.
settle() {
  # A rolling restart of a group that lacks a broker already would leave it without a master.
  refuse_when_drained
  local limit=${AMQ_SETTLE_SECONDS:-120} since=$SECONDS role seconds most=-1 now look
  while :; do
    look=$EPOCHREALTIME
    if [[ $(version active) != "$(version staged)" || $(version confirmed) != "$(version active)" ]]; then
      echo "pending"
      return 0
    fi
    role=$(probe role)
    if is_healthy "$role"; then
      echo "$role"
      return 0
    fi
    seconds=$(probe masterless)
    if ((${seconds:-0} >= 30)); then
      echo "no master in the group for $seconds s"
      return 0
    fi
    now=$(copied)
    if ((now > most)); then most=$now since=$SECONDS; fi
    ((SECONDS - since < limit)) || break
    pause_since "$look"
  done
  last_log_lines >&2
  die "$SERVICE is $role, not a healthy part of its group, and has been for $limit s. Nothing was changed; see amq status, repair it, then run up again."
}

# Pass 1 leaves a master alone, pass 2 takes whoever is still pending: at most one failover per group and change.
visit() {
  local pass=$1 since=$SECONDS role
  [[ -L $DIR/staged ]] || die "$SERVICE: nothing is staged"
  refuse_when_drained
  if [[ $(version active) != "$(version staged)" ]]; then
    if [[ $pass == 1 ]] && is_primary "$(probe role)"; then
      echo "deferred: the master goes last"
      return 0
    fi
    activate_staged
  elif ! is_supervised; then
    start
  fi
  role=$(await_healthy) || give_up
  point confirmed "$(version active)"
  forget_old_versions
  echo "healthy as $role after $((SECONDS - since)) s"
}

activate_staged() {
  point active "$(version staged)"
  if is_supervised; then restart; else start; fi
}

# The lines that explain are printed before the last confirmed version is started again.
give_up() {
  local confirmed back="nothing was swapped: it keeps trying with what it has"
  {
    echo "$SERVICE did not become healthy on $(hostname) (role: $(probe role), $(exit_count) ends of its process so far)"
    last_log_lines
    confirmed=$(version confirmed)
    if [[ -n $confirmed && $confirmed != "$(version active)" ]]; then
      point active "$confirmed"
      restart
      back="the last confirmed version runs again ($(await_healthy || echo 'not healthy either'))"
    fi
    echo "$SERVICE: $back. The change stops here: the services after it keep what they have. Fix the stack file, or revert it, and run up again."
  } >&2
  exit 1
}

forget_old_versions() {
  local folder name
  for folder in "$DIR"/versions/*; do
    name=$(basename "$folder")
    [[ $name == "$(version staged)" || $name == "$(version active)" || $name == "$(version confirmed)" ]] || rm -rf "$folder"
  done
}

# Waits until each of these services is a healthy part of its group: between two members of the ensemble, and between two machines
# that are replaced. One that was never healthy has nothing to lose; a group that has been without a master for longer than what
# was just done can have taken was without one before, and may need just this change.
await_services() {
  local limit=${AMQ_SETTLE_SECONDS:-120} masterless=${AMQ_MASTERLESS_SECONDS:-60} since=$SECONDS name role seconds most now look
  for name in "$@"; do
    use "$name"
    refuse_when_drained
    [[ -n $(version confirmed) ]] || continue
    seconds=$(probe masterless)
    ((${seconds:-0} < masterless)) || continue
    most=-1
    until look=$EPOCHREALTIME && role=$(probe role) && is_healthy "$role"; do
      now=$(copied)
      if ((now > most)); then most=$now since=$SECONDS; fi
      if ((SECONDS - since >= limit)); then
        last_log_lines >&2
        die "$SERVICE on $(hostname) is $role, and has been for $limit s. The next member of the ensemble, or machine, is not touched before all is whole; see amq status, repair it, then run up again."
      fi
      pause_since "$look"
    done
    echo "$name: $role"
  done
}

# Waits until this broker is not the master, or every named connector has its bridge.
await_bridges() {
  if is_drained; then
    echo "drained: the master's bridges count"
    return 0
  fi
  local limit=${AMQ_BRIDGE_SECONDS:-90} since=$SECONDS up name missing look
  while :; do
    look=$EPOCHREALTIME
    if [[ $(probe role) == slave ]]; then
      echo "slave: the master's bridges count"
      return 0
    fi
    missing=
    up=" $(probe bridges | tr '\n' ' ')"
    for name in "$@"; do [[ $up == *" $name "* ]] || missing+=" $name"; done
    if [[ -z $missing && $(probe role) == master ]]; then
      echo "up: $*"
      return 0
    fi
    ((SECONDS - since < limit)) || break
    pause_since "$look"
  done
  last_log_lines >&2
  die "$SERVICE: not established after $limit s:${missing:- (no master)}. The groups serve, but not each other's clients; see amq status."
}

# What `remove` leaves: the data, and nothing when there is none.
remove_all_but_data() {
  local entry
  for entry in "$DIR"/* "$DIR"/.[!.]*; do
    [[ $entry == "$DIR/data" || ! -e $entry && ! -L $entry ]] || rm -rf "$entry"
  done
  rmdir "$DIR/data" "$DIR" 2>/dev/null || true
}
