# Amazon EFS, which brokers of target aws share: mounted by its own helper, because no other knows access points.

# Argument: the region. Standard input: for each group with a broker here its mount point, the file system and the access point.
mount_efs() {
  local region=$1 where what point
  if ! command -v mount.efs >/dev/null; then
    dnf install --assumeyes --quiet amazon-efs-utils >&2 || die "$(hostname): amazon-efs-utils could not be installed, and nothing else mounts EFS by an access point. See why (dnf repolist -v), and run up again"
  fi
  while read -r where what point; do
    mount_access_point "$where" "$what" "$point" "$region"
    check_shared "$where"
    as_broker mkdir -p "$where/store" || die "$(hostname): user activemq may not write to $where, which is access point $point of $what"
    try_lock "$where/store"
    echo "$where: $point of $what"
  done
}

# tls: by an access point there is no other way. The rest is as for any shared directory (mount_shared); the helper itself adds
# vers=4.1, hard and noresvport, and a proxy of its own that the kernel dials at 127.0.0.1.
mount_access_point() {
  local where=$1 what=$2 point=$3 region=$4 unit text tries
  unit=$(systemd-escape --path --suffix=mount "$where")
  text=$(
    cat <<UNIT
# Written by amq-host.
[Unit]
Description=Messages that brokers of several machines share
Wants=network-online.target
After=network-online.target

[Mount]
What=$what:/
Where=$where
Type=efs
Options=tls,accesspoint=$point,region=$region,hard,actimeo=1,noatime,nodev,nosuid,noexec,_netdev
TimeoutSec=60

[Install]
WantedBy=remote-fs.target
UNIT
  )
  # Another file system under brokers that run would be another store.
  if [[ -e $UNIT_FOLDER/$unit && $(<"$UNIT_FOLDER/$unit") != "$text" ]]; then
    die "$(hostname): something else is mounted at $where than $point of $what (see $UNIT_FOLDER/$unit). If it shall be this, stop the brokers, unmount that, remove the file, and run up again"
  fi
  printf '%s\n' "$text" >"$UNIT_FOLDER/$unit"
  systemctl daemon-reload
  systemctl --quiet enable "$unit"
  # The name of a file system is known some time after its mount targets are there.
  for ((tries = 1; ; tries++)); do
    systemctl start "$unit" && break
    ((tries < ${AMQ_MOUNT_TRIES:-24})) || die "$(hostname): $what could not be mounted at $where: $(journalctl --unit "$unit" --lines 3 --no-pager --output cat | tr '\n' ' '). See /var/log/amazon/efs/mount.log"
    sleep 5
  done
  [[ -n $(mounted_at "$where") ]] || die "$(hostname): $what was mounted at $where, and nothing is there. See findmnt $where, and run up again"
}
