# Staging: what shall run is written beside what runs. Nothing is restarted, unless there is nothing to disturb.

# Standard input: files, each after a line "#### FILE <mode> <path>". Prints <digest>#<n>, n counting the changes on this host,
# so that a visit's inputs change even when an earlier content comes back after a failure.
stage_files() {
  local expects_credentials=$1 incoming=$DIR/run/incoming
  rm -rf "$incoming"
  mkdir -p "$incoming" "$DIR/versions" "$DIR/data" "$DIR/log"
  # shellcheck disable=SC2016  # $0 and friends are awk's
  awk -v root="$incoming/" '
    $1 == "####" && $2 == "FILE" { if (out) close(out); out = root $4; modes[out] = $3; printf "" > out; next }
    out { print > out }
    END { for (file in modes) { system("chmod " modes[file] " \"" file "\"") } }'
  [[ -n $(ls -A "$incoming") ]] || die "$SERVICE: no files on standard input"
  replace "$DIR/run/files" "$incoming"
  count files "$(digest_of "$DIR/run/files")"
  if [[ $expects_credentials == no || -d $DIR/run/credentials ]]; then assemble; fi
}

# Standard input: credentials.properties. Never printed.
stage_credentials() {
  local incoming=$DIR/run/incoming
  rm -rf "$incoming"
  mkdir -p "$incoming"
  cat >"$incoming/credentials.properties"
  chmod 600 "$incoming/credentials.properties"
  replace "$DIR/run/credentials" "$incoming"
  count credentials "$(digest_of "$DIR/run/credentials")"
  assemble
}

replace() {
  rm -rf "$1.old"
  [[ ! -e $1 ]] || mv "$1" "$1.old"
  mv "$2" "$1"
  rm -rf "$1.old"
}

# Names, modes and contents of a folder's files, as 16 hex digits.
digest_of() {
  (cd "$1" && find . -type f | LC_ALL=C sort | while IFS= read -r file; do
    printf '%s %s ' "$file" "$(stat -c %a "$file")"
    sha256sum <"$file"
  done) | sha256sum | cut -c1-16
}

count() {
  local file=$DIR/run/count.$1 digest n
  read -r digest n < <(cat "$file" 2>/dev/null || echo "none 0")
  if [[ $digest != "$2" ]]; then
    n=$((n + 1))
    echo "$2 $n" >"$file.new"
    mv -f "$file.new" "$file"
  fi
  echo "$2#$n"
}

# Files and credentials become a version, and the version what shall run.
assemble() {
  local fresh=$DIR/versions/.fresh version
  rm -rf "$fresh"
  cp -a "$DIR/run/files" "$fresh"
  [[ ! -d $DIR/run/credentials ]] || cp -a "$DIR/run/credentials/." "$fresh/"
  version=$(digest_of "$fresh")
  if [[ -d $DIR/versions/$version ]]; then rm -rf "$fresh"; else mv -T "$fresh" "$DIR/versions/$version"; fi
  hand_over "$DIR/versions/$version"
  point staged "$version"
  # What is drained takes it when it is put back and up is run again.
  if ! is_drained && nothing_to_disturb; then
    point active "$version"
    # A process that runs has the old version: end it, and the supervisor starts the new one.
    if is_supervised; then restart; else start; fi
  fi
}

point() {
  ln -sfn "versions/$2" "$DIR/run/link.$1"
  mv -fT "$DIR/run/link.$1" "$DIR/$1"
}

# The digest a link points to; nothing when there is no link.
version() {
  [[ ! -L $DIR/$1 ]] || basename "$(readlink "$DIR/$1")"
}

# What is known of this service's versions: the digest of the rendered files that were staged last, then the versions themselves.
versions() {
  local digest=
  [[ ! -f $DIR/run/count.files ]] || read -r digest _ <"$DIR/run/count.files"
  echo "files=$digest staged=$(version staged) active=$(version active) confirmed=$(version confirmed)"
}

# True when activating at once cannot make anything worse: the service does not run, or its group has had no master for 30 s,
# or it has never been healthy and does not even answer. First start and recovery are one case.
nothing_to_disturb() {
  local seconds
  is_supervised || return 0
  [[ $(version active) != "$(version staged)" ]] || return 1
  seconds=$(probe masterless)
  if [[ -n $seconds ]]; then ((seconds >= 30)); else [[ -z $(version confirmed) && $(probe role) == down ]]; fi
}
