# Draining: a service that shall be down until it is put back, whatever else is asked of it, and over reboots.

is_drained() { [[ -e $DIR/drained ]]; }

# Stops in order, so that a master hands over at once. Not in run/: a reboot must not forget it.
drain() {
  [[ -L $DIR/active ]] || die "$SERVICE: nothing to drain, run up first"
  is_drained || date -u +%FT%TZ >"$DIR/drained"
  stand_down
  ! is_supervised || die "$SERVICE does not stop; see its log"
}

put_back() {
  rm -f "$DIR/drained"
  start
}

refuse_when_drained() {
  ! is_drained || die "$SERVICE is drained since $(cat "$DIR/drained"): nothing starts or changes it until amq drain <stack> <host> --back has put it back"
}
