# Rejoining: a machine that was made or started anew, beside a data volume that outlives it.

# Makes what the volume holds run again, and stays until that is a healthy part of its group: the next machine waits for it.
# Argument: the volume's size in GiB. Standard input: what tells this deployment from an earlier one.
rejoin() {
  local deployment name role known=()
  read -r deployment
  grow "$1"
  refuse_other_stack
  forget_other_deployment "$deployment"
  for name in $(services); do
    use "$name"
    # Never a part of its group, so nobody misses it: the change itself will start it.
    [[ -n $(version confirmed) ]] || continue
    exclusively
    refuse_when_drained
    if ! is_supervised; then
      # Users may have other numbers on another machine.
      hand_over "$DIR/versions/$(version active)"
      start
    fi
    known+=("$name")
  done
  for name in ${known[@]+"${known[@]}"}; do
    use "$name"
    role=$(AMQ_HEALTH_SECONDS=${AMQ_REJOIN_SECONDS:-600} await_healthy) || {
      last_log_lines >&2
      die "$SERVICE on $(hostname) is $(probe role) since its machine was changed, not a healthy part of its group. The machines after it are as they were; see amq status. Go back to the machine settings before, or repair it, and run up again."
    }
    echo "$name: $role"
  done
  ((${#known[@]} > 0)) || echo "nothing was here before"
}

# A volume that another stack has left keeps its messages in that stack's folder: this one would come up empty beside them.
refuse_other_stack() {
  local other
  [[ ! -e $ROOT/deployment ]] || return 0
  for other in "$(dirname "$ROOT")"/*/deployment; do
    [[ -e $other ]] || continue
    other=$(dirname "$other")
    # The script is there already, and names its own stack.
    die "$(hostname): this volume holds messages of stack $(basename "$other"), and none of $(basename "$ROOT"). To go on with them: rm -rf $other/bin; mkdir -p $ROOT; mv $other/* $ROOT/; rmdir $other. To give them up: rm -rf $other. Then run up again"
  done
}

# A volume may come from a deployment that was taken down. Its messages stay; passwords and tokens of then fit nobody now.
forget_other_deployment() {
  local file=$ROOT/deployment name
  if [[ -f $file && $(<"$file") != "$1" ]]; then
    for name in $(services); do
      use "$name"
      exclusively
      remove
      echo "$name: of an earlier deployment; its data stays"
    done
  fi
  echo "$1" >"$file.new"
  mv -f "$file.new" "$file"
}

# A volume that was enlarged is larger; the file system on it is not yet. Growing one that fits does nothing.
grow() {
  local place device type size said since=$SECONDS
  place=$(dirname "$ROOT")
  # Without it everything would be written to the machine's own disk, beside the messages that are on the volume.
  read -r device type < <(findmnt --noheadings --output SOURCE,FSTYPE --mountpoint "$place") ||
    die "$(hostname): the data volume is not mounted at $place. See why (systemctl status $(systemd-escape --path --suffix=mount "$place")), mount it, and run up again"
  until size=$(blockdev --getsize64 "$device") && ((size >= $1 * 1024 ** 3)); do
    ((SECONDS - since < ${AMQ_GROW_SECONDS:-300})) || die "$(hostname): $device, mounted at $place, has $((${size:-0} >> 20)) MiB, not the $1 GiB that it was to have. See the volume's modification in the account, then run up again"
    sleep 2
  done
  case $type in
    xfs) said=$(xfs_growfs -d "$place" 2>&1) || die "$(hostname): the file system of $device could not be grown: $said" ;;
    ext4) said=$(resize2fs "$device" 2>&1) || die "$(hostname): the file system of $device could not be grown: $said" ;;
    *) die "$(hostname): $place has a file system of type $type, which nobody here can grow" ;;
  esac
}
