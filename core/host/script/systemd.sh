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

kill_process() { signal_process KILL; }

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

# --kill-who is called --kill-whom from systemd 252 on, which takes both; older ones know the first alone.
signal_process() { systemctl kill --kill-who=main --signal="$1" "$(unit)"; }

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
  check_systemd
}

# Before 246 systemd-notify ended without waiting until it was heard, and systemd could take a broker that is well for frozen.
LEAST_SYSTEMD=246

check_systemd() {
  local version
  version=$(systemctl --version 2>/dev/null | sed -nE '1s/^systemd ([0-9]+).*/\1/p')
  [[ -n $version ]] || die "$(hostname): systemd cannot be found, and it runs the services here. Allowed: machines with systemd $LEAST_SYSTEMD or newer"
  ((version >= LEAST_SYSTEMD)) || die "$(hostname): systemd $version is too old, $LEAST_SYSTEMD is needed, as Debian 11, Ubuntu 22.04, RHEL 9 and Amazon Linux 2023 have it: put a newer system on this machine, or take another one"
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

# Folders that brokers of several hosts have in common, absolute: <shared directory>/<stack>/<group>. Begins with `--mount`, the
# directory and an NFS export, when that is to be mounted first.
share() {
  local folder base
  if [[ $1 == --mount ]]; then
    mount_shared "$2" "$3"
    shift 3
  fi
  for folder in "$@"; do
    base=$(dirname "$(dirname "$folder")")
    check_shared "$base"
    share_folder "$base" "$folder"
    echo "$folder is there, on $(findmnt --noheadings --output SOURCE --target "$folder")"
  done
}

as_broker() { runuser -u activemq -- "$@"; }

# Only of a file system that all hosts see alike, and whose locks hold between them, may a group's messages be on.
check_shared() {
  local base=$1 type options
  [[ -d $base ]] || die "$(hostname): $base is not there. Mount the shared file system at it on every host, or write sharedKahaDB.mount, and run up again"
  type=$(findmnt --noheadings --output FSTYPE --target "$base")
  options=$(findmnt --noheadings --output OPTIONS --target "$base")
  case $type in
    nfs4)
      [[ ,$options, != *,local_lock=@(all|posix|flock),* ]] || die "$(hostname): $base is mounted with local_lock: each host would give the lock to a broker of its own. Mount it without, and run up again"
      [[ ,$options, != *,@(soft|softerr|softreval),* ]] || die "$(hostname): $base is mounted soft: a write that takes long would be given up half-way. Mount it hard, and run up again"
      ;;
    ceph | fuse.ceph | fuse.ceph-fuse | fuse.glusterfs | gfs2 | ocfs2 | lustre | gpfs | beegfs) ;;
    nfs) die "$(hostname): $base is NFS version 3, whose server keeps the lock of a machine that died. Allowed: version 4. Mount it with vers=4.2, and run up again" ;;
    *) die "$(hostname): $base is on $type, which this machine has alone: every broker would keep messages of its own, and be a master. Allowed: NFSv4, or another file system that all hosts share. Mount it on every host, or write sharedKahaDB.mount, and run up again" ;;
  esac
}

# Arguments: the shared directory, and the group's folder below it.
share_folder() {
  local base=$1 folder=$2 id place said
  id=$(id -u activemq)
  if ! said=$(as_broker mkdir -p "$folder" 2>&1); then
    # The nearest that is there: its owner is who may.
    place=$(dirname "$folder")
    [[ -d $place ]] || place=$base
    die "$(hostname): user activemq, number $id here, may not write to $place, which is user $(as_broker stat -c %u "$place")'s ($said). The number must be the same on every host, and the directory that user's: chown $id on the file server, usermod --uid on hosts that differ"
  fi
  # As that user: a file server takes root for nobody, who may not look.
  place=$(as_broker stat -c %u "$folder")
  [[ $place == "$id" ]] || die "$(hostname): $folder is user $place's, and activemq has number $id here. Give it the same number on every host (usermod --uid), or let the server and its clients map the name (rpc.idmapd)"
  try_lock "$folder"
}

try_lock() {
  local trial=$1/.lock-trial-$(hostname)
  as_broker flock --timeout 10 "$trial" true || die "$(hostname): files in $1 cannot be locked"
  as_broker rm -f "$trial"
}

# hard: a write waits for the server for as long as it takes. actimeo: what another host did is seen within a second.
mount_shared() {
  local where=$1 what=$2 unit there
  unit=$(systemd-escape --path --suffix=mount "$where")
  there=$(mounted_at "$where")
  # Another export on one host would be another store, and a second master.
  [[ -z $there || ${there%/} == "${what%/}" ]] || die "$(hostname): $there is mounted at $where, not $what. Unmount it (and take it out of /etc/fstab), or correct sharedKahaDB.mount, and run up again"
  if [[ ! -e $UNIT_FOLDER/$unit && -n $there ]]; then return 0; fi
  command -v mount.nfs4 >/dev/null || die "$(hostname): nothing here mounts NFS. $(how_to_install nfs), and run up again"
  cat >"$UNIT_FOLDER/$unit" <<UNIT
# Written by amq-host, for the stacks of this machine that share it.
[Unit]
Description=Messages that brokers of several machines share
Wants=network-online.target
After=network-online.target

[Mount]
What=$what
Where=$where
Type=nfs4
Options=hard,actimeo=1,noatime,nodev,nosuid,noexec,_netdev
TimeoutSec=60

[Install]
WantedBy=remote-fs.target
UNIT
  systemctl daemon-reload
  systemctl --quiet enable "$unit"
  systemctl start "$unit" || die "$(hostname): $what could not be mounted at $where: $(journalctl --unit "$unit" --lines 3 --no-pager --output cat | tr '\n' ' ')"
  there=$(mounted_at "$where")
  [[ ${there%/} == "${what%/}" ]] || die "$(hostname): $what was mounted at $where, and ${there:-nothing} is there. See findmnt $where, and run up again"
}

# What is mounted at a place, the last on top; nothing when nothing is.
mounted_at() { findmnt --noheadings --output SOURCE --mountpoint "$1" | tail -n 1 || true; }
