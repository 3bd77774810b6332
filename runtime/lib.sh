# Shared by resolve.sh and lock.sh: what both need to turn a pom.xml into a folder of jars.
# Sourced, never run.
# shellcheck shell=bash

runtime_root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
maven_pid=

# say MESSAGE: progress and errors go to stderr, stdout is for the result.
say() {
  printf '%s\n' "$*" >&2
}

# fail MESSAGE: print it and end.
fail() {
  say "error: $*"
  exit 1
}

# require_runtime NAME: NAME is one of the folders beside this file.
require_runtime() {
  [[ -f $runtime_root/$1/pom.xml ]] && return
  local poms=("$runtime_root"/*/pom.xml) known
  known=$(for pom in "${poms[@]}"; do basename "$(dirname "$pom")"; done | paste -sd ' ')
  fail "no runtime named '$1'; there are: $known"
}

# require_tools: Maven and a JDK, or a message that says what to install.
require_tools() {
  local missing=() tool version
  for tool in mvn java javac; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  if ((${#missing[@]})); then
    say "error: not found on the PATH: ${missing[*]}"
    say "The Java parts are resolved by Maven and run on a JDK, version 17 or later. Install both:"
    say "  Debian, Ubuntu: apt-get install openjdk-17-jdk-headless maven"
    say "  elsewhere: any JDK (not just a JRE) of version 17 or later, and Apache Maven 3.8 or later"
    exit 1
  fi
  version=$(javac -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  ((${version:-0} >= 17)) ||
    fail "javac is version ${version:-unknown}, 17 or later is needed (Debian, Ubuntu: apt-get install openjdk-17-jdk-headless)"
}

# stop_maven: end Maven with everything it started; for the EXIT trap.
stop_maven() {
  [[ -n $maven_pid ]] || return 0
  kill -- "-$maven_pid" 2>/dev/null || true
  wait "$maven_pid" 2>/dev/null || true
  maven_pid=
}

# resolve_jars NAME FOLDER: let Maven copy the jars of NAME to FOLDER/lib, and the javaagent to FOLDER/agent.
resolve_jars() {
  local name=$1 folder=$2 log=$2/maven.log count=0 shown=0 status=0 agent
  say "resolving $name with Maven (the first time takes a minute)"
  mkdir -p "$folder/lib"
  # In the background and in a process group of its own: a signal then reaches our trap at once, and the trap reaches Maven.
  set -m
  mvn -B -C -f "$runtime_root/$name/pom.xml" -DincludeScope=runtime "-DoutputDirectory=$folder/lib" \
    dependency:copy-dependencies </dev/null >"$log" 2>&1 9>&- &
  maven_pid=$!
  set +m
  while kill -0 "$maven_pid" 2>/dev/null; do
    sleep 0.5
    count=$(grep -c 'Downloaded from' "$log" || true)
    # One line whenever the count has moved well on: a flood helps nobody, silence looks like a hang.
    if ((count >= shown + 25)); then
      say "resolving $name: $count files"
      shown=$count
    fi
  done
  wait "$maven_pid" || status=$?
  maven_pid=
  if ((status != 0)); then
    grep -F '[ERROR]' "$log" | head -n 12 >&2 || tail -n 12 "$log" >&2
    fail "Maven could not resolve $name (exit code $status)"
  fi
  rm -f "$log"
  # An agent is named by path in -javaagent, and must not be on the class path a second time.
  for agent in "$folder"/lib/*_javaagent-*.jar; do
    [[ -e $agent ]] || continue
    mkdir -p "$folder/agent"
    mv "$agent" "$folder/agent/$(basename "$agent" | sed 's/-[0-9].*\.jar$/.jar/')"
  done
}

# checksums FOLDER: one line per resolved jar, sorted by path, in the format of sha256sum.
checksums() {
  (cd "$1" && find . -name '*.jar' -printf '%P\0' | LC_ALL=C sort -z | xargs -0 -r sha256sum)
}
