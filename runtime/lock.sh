#!/usr/bin/env bash
# Pins what a runtime's pom.xml resolves to: rewrites <name>/jars.sha256. Run it after changing the POM, and read the diff.
#
#   lock.sh <name>
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

(($# == 1)) || fail "usage: lock.sh <name>"
name=$1
require_runtime "$name"
require_tools

folder=$(mktemp -d)
clean_up() {
  stop_maven
  rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

resolve_jars "$name" "$folder"
checksums "$folder" >"$folder/jars.sha256"
# cat, so that the file keeps its own mode and not that of a temporary one.
cat "$folder/jars.sha256" >"$runtime_root/$name/jars.sha256"
say "pinned $name: $(wc -l <"$runtime_root/$name/jars.sha256") jars"
