# amq-host: everything a host does for this project, called by the program's commands and by amq. Installed; do not edit.
#
# A service is a folder beside bin/:
#   versions/<digest>/  rendered files and credentials, never changed once written
#   staged, active, confirmed  symbolic links to a version: what shall run, what runs, what was last seen healthy
#   data/ log/          survive every change
#   drained             a file: it shall be down until it is put back, also over reboots
#   run/                pid files, locks and counters; worthless once nothing runs
# and the file deployment, on machines whose data outlives them: who put all that there
set -euo pipefail
umask 077

die() {
  echo "$*" >&2
  exit 1
}

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Sets the service the other functions speak of. Its folder may not exist yet.
use() {
  [[ ${1:-} =~ ^[A-Za-z][A-Za-z0-9-]*$ ]] || die "amq-host: no service named '${1:-}'"
  SERVICE=$1
  DIR=$ROOT/$1
}

# One change of a service at a time; a second one waits for the first.
exclusively() {
  mkdir -p "$DIR/run"
  exec 8>"$DIR/run/change.lock"
  flock -w 600 8 || die "$SERVICE: another change has been running for 10 minutes"
}

services() {
  local folder
  for folder in "$ROOT"/*/versions; do
    [[ -d $folder ]] && basename "$(dirname "$folder")"
  done
  return 0
}

main() {
  local verb=${1:-}
  shift || true
  case $verb in
    list) services ;;
    preflight) use "$1"; preflight "${@:2}" ;;
    stage-files) use "$1"; exclusively; stage_files "$2" ;;
    stage-credentials) use "$1"; exclusively; stage_credentials ;;
    settle) use "$1"; settle ;;
    visit) use "$1"; exclusively; visit "$2" ;;
    rejoin) rejoin "$1" ;;
    await) await_services "$@" ;;
    bridges) use "$1"; await_bridges "${@:2}" ;;
    probe) use "$1"; probe "$2" ;;
    start) use "$1"; exclusively; refuse_when_drained; start ;;
    stop) use "$1"; exclusively; stop ;;
    kill) use "$1"; kill_process ;;
    halt) use "$1"; exclusively; halt ;;
    drain) use "$1"; exclusively; drain ;;
    put-back) use "$1"; exclusively; put_back ;;
    signal) use "$1"; signal_process "$2" ;;
    versions) use "$1"; versions ;;
    pid) use "$1"; process_pid ;;
    remove) use "$1"; exclusively; remove ;;
    suits) suits "$@" ;;
    setup) setup ;;
    share) share "$@" ;;
    mount-efs) mount_efs "$1" ;;
    install-runtime) install_runtime "$@" ;;
    fetch-runtime) fetch_runtime "$@" ;;
    supervise) use "$1"; supervise ;;
    *) die "usage: amq-host list | suits | setup | share | mount-efs | rejoin | install-runtime | fetch-runtime | preflight|stage-files|stage-credentials|settle|visit|await|bridges|probe|start|stop|kill|halt|drain|put-back|signal|versions|pid|remove SERVICE ..." ;;
  esac
}
