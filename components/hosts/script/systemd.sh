# Services as systemd units, for machines that have it. The unit is a rendered file like the others; what is installed is its copy.

UNIT_FOLDER=/etc/systemd/system
SYSCTL_FILE=/etc/sysctl.d/60-activemq-cluster.conf

# ROOT is <somewhere>/<stack>.
unit() { echo "amq-$(basename "$ROOT")-$SERVICE.service"; }
property() { systemctl show --property "$1" --value "$(unit)" 2>/dev/null; }

is_supervised() {
  case $(property ActiveState) in
    active | activating | reloading | deactivating) return 0 ;;
    *) return 1 ;;
  esac
}

process_pid() {
  local pid
  pid=$(property MainPID)
  ((${pid:-0} > 0)) && echo "$pid"
}

exit_count() {
  local count
  count=$(property NRestarts)
  echo "${count:-0}"
}

# What was written as root becomes readable for the service's user, and the folders it writes to its own.
hand_over() {
  local user
  user=$(sed -n 's/^User=//p' "$DIR/run/files/service.unit")
  mkdir -p "$DIR/data" "$DIR/log" "$DIR/tmp"
  chown "root:$user" "$DIR" "$DIR/versions"
  chmod 750 "$DIR" "$DIR/versions"
  chown -R "root:$user" "$1"
  chmod -R g+rX "$1"
  # Only what is not theirs yet: a store has many files.
  find "$DIR/data" "$DIR/log" "$DIR/tmp" ! -user "$user" -exec chown -h "$user:$user" {} +
}

install_unit() {
  local wanted=$DIR/active/service.unit installed
  installed=$UNIT_FOLDER/$(unit)
  if cmp -s "$wanted" "$installed"; then return 0; fi
  install -m 644 "$wanted" "$installed"
  systemctl daemon-reload
}

start() {
  [[ -L $DIR/active ]] || die "$SERVICE: nothing to start, run up first"
  install_unit
  systemctl --quiet enable "$(unit)"
  systemctl start "$(unit)"
}

restart() {
  install_unit
  systemctl --quiet enable "$(unit)"
  systemctl restart "$(unit)"
}

stop() { systemctl stop "$(unit)" 2>/dev/null || true; }

kill_process() { systemctl kill --kill-whom=main --signal=KILL "$(unit)"; }

# Like a machine that lost power: killed, and down until `start` (or a reboot).
halt() {
  kill_process || true
  systemctl stop "$(unit)"
}

# A disabled unit does not come back with the machine.
stand_down() {
  systemctl --quiet disable "$(unit)"
  systemctl stop "$(unit)"
}

signal_process() { systemctl kill --kill-whom=main --signal="$1" "$(unit)"; }

# Everything but the data goes.
remove() {
  [[ -d $DIR ]] || return 0
  stop
  systemctl --quiet disable "$(unit)" 2>/dev/null || true
  rm -f "$UNIT_FOLDER/$(unit)"
  systemctl daemon-reload
  systemctl reset-failed "$(unit)" 2>/dev/null || true
  remove_all_but_data
}

last_log_lines() {
  echo "--- last lines of journalctl -u $(unit) on $(hostname)"
  journalctl --unit "$(unit)" --lines 25 --no-pager --output cat | cut -c1-400
}

supervise() { die "amq-host: systemd supervises on this machine"; }

# Whether this machine can carry anything, asked before anything of it is changed. Arguments: MiB that must be free.
suits() {
  local free
  free=$(df --output=avail -BM "$ROOT" | tail -n 1 | tr -dc 0-9)
  ((free >= $1)) || die "$(hostname): $free MiB are free for $ROOT, at least $1 are needed: free some, or mount a larger volume there"
  check_java >/dev/null
}

# Once per machine: users and kernel settings.
setup() {
  local user
  for user in activemq zookeeper; do
    id -u "$user" >/dev/null 2>&1 || useradd --system --user-group --no-create-home --home-dir /nonexistent --shell "$(no_login)" "$user"
  done
  printf '%s\n' '# Written by amq-host: a heap that is swapped out is a broker that hangs, and many clients come at once after a failover.' \
    'vm.swappiness = 1' 'net.core.somaxconn = 4096' >"$SYSCTL_FILE"
  sysctl --quiet --load "$SYSCTL_FILE" 2>/dev/null || echo "$(hostname): $SYSCTL_FILE could not be applied (in a container it cannot); going on"
  [[ $(timedatectl show --property NTPSynchronized --value 2>/dev/null) == yes ]] ||
    echo "$(hostname): the clock is not synchronised, and messages expire by it: $(how_to_install chrony), and start it"
  echo "users, kernel settings"
}

no_login() { command -v nologin || echo /bin/false; }

# Moves an uploaded runtime to where services look for it. Arguments: its id, and the upload's folder in the login user's home.
install_runtime() {
  local id=$1 upload
  upload=$(getent passwd "${SUDO_USER:-root}" | cut -d: -f6)/$2/$id
  if is_installed "$id"; then return 0; fi
  [[ -e $upload/.complete ]] || die "$(hostname): the upload of $id to $upload is not complete; was it removed? Count up the host's generation in the stack file, and run up again"
  is_intact "$upload" || die "$(hostname): the upload of $id to $upload was damaged; count up the host's generation in the stack file, and run up again"
  put_in_place "$id" "$upload"
  rm -rf "$upload"
  rmdir "$(dirname "$upload")" 2>/dev/null || true
}

# Fetches a runtime from S3 with the machine's own role. Arguments: its id, and the region; the archive's URL is on standard input.
fetch_runtime() {
  local id=$1 region=$2 url folder
  read -r url
  if is_installed "$id"; then return 0; fi
  folder=$(mktemp -d)
  aws s3 cp --only-show-errors --region "$region" "$url" - | tar -xz --no-same-owner -C "$folder" || { rm -rf "$folder"; die "$(hostname): $url could not be fetched"; }
  is_intact "$folder/$id" || { rm -rf "$folder"; die "$(hostname): $url is not what $id should be"; }
  put_in_place "$id" "$folder/$id"
  rm -rf "$folder"
}

is_installed() {
  [[ -e $AMQ_RUNTIMES/$1/.complete ]] && echo "$1 is there"
}

is_intact() {
  [[ -e $1/.complete ]] && (cd "$1" && sha256sum --quiet --check jars.sha256)
}

# Arguments: a runtime's id, and a folder with what it is.
put_in_place() {
  local id=$1 place=$AMQ_RUNTIMES/$1
  rm -rf "$place.partial"
  umask 022
  mkdir -p "$AMQ_RUNTIMES"
  cp -r "$2" "$place.partial"
  chown -R root:root "$place.partial"
  chmod -R u=rwX,go=rX "$place.partial"
  mv -T "$place.partial" "$place"
  echo "$id is installed"
}
