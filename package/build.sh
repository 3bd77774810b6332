#!/usr/bin/env bash
# Makes dist/: the components as JavaScript with their types, and beside them what they read when they run. The licence and its
# notice are copied beside it.
#
#   build.sh            (`npm pack` runs it first)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")

rm -rf "$here/dist"
(cd "$here" && npx tsc -p tsconfig.build.json)

# Scripts of hosts and services, and what the Java runtimes are resolved and compiled from. Found by their place beside the code.
cd "$root"
find core runtime -type f ! -name '*.ts' -print0 | sort -z | xargs -0 cp --parents -t "$here/dist"

# The licence wants both with every copy. `npm pack` takes them from the package's folder alone.
cp LICENSE NOTICE "$here/"
