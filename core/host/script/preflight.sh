# Before anything starts: is Java there, and are the ports free?

# Arguments: address:port of everything the service will open.
preflight() {
  local major taken=0 listen
  major=$(check_java)
  for listen in "$@"; do
    check_free "${listen%:*}" "${listen##*:}" || taken=1
  done
  ((taken == 0)) || exit 1
  echo "$# ports free, Java $major"
}

# Prints Java's version.
check_java() {
  local java=${JAVA_HOME:+$JAVA_HOME/bin/}java major
  command -v "$java" >/dev/null || die "$(hostname): there is no Java: $(how_to_install java)"
  major=$("$java" -version 2>&1 | sed -nE 's/.*version "([0-9]+).*/\1/p' | head -n 1)
  ((${major:-0} >= 17)) || die "$(hostname): Java ${major:-of unknown version} is too old, 17 is needed: $(how_to_install java)"
  echo "$major"
}

# What differs between families of Linux: how to get what is missing. Prints a command, or in words what to install.
how_to_install() {
  local ids
  ids=$(sed -nE 's/^(ID|ID_LIKE)="?([^"]*)"?$/\2/p' /etc/os-release 2>/dev/null | tr '\n' ' ')
  case " $ids:$1" in
    *" debian "*:java | *" ubuntu "*:java) echo "apt-get install openjdk-17-jre-headless" ;;
    *" debian "*:chrony | *" ubuntu "*:chrony) echo "apt-get install chrony" ;;
    *" amzn "*:java) echo "dnf install java-17-amazon-corretto-headless" ;;
    *" rhel "*:java | *" fedora "*:java) echo "dnf install java-17-openjdk-headless" ;;
    *" amzn "*:chrony | *" rhel "*:chrony | *" fedora "*:chrony) echo "dnf install chrony" ;;
    *" debian "*:nfs | *" ubuntu "*:nfs) echo "apt-get install nfs-common" ;;
    *" amzn "*:nfs | *" rhel "*:nfs | *" fedora "*:nfs) echo "dnf install nfs-utils" ;;
    *:java) echo "install a Java runtime of version 17 or newer" ;;
    *) echo "install $1" ;;
  esac
}

check_free() {
  local address=$1 port=$2 holder pid
  is_taken "$address" "$port" || return 0
  holder=$(holder_of "$port")
  pid=${holder#pid }
  [[ $pid != "$(process_pid)" || -z $pid ]] || return 0
  echo "$SERVICE: port $port on $address is taken${holder:+ by $(name_of "$pid")}: stop that, or give the group other ports (activemq:groups[].ports, activemq:zookeeper.ports)" >&2
  return 1
}

is_taken() {
  timeout 2 bash -c "exec 3<>/dev/tcp/$1/$2" 2>/dev/null
}

# Who listens can only be known for one's own processes, or by root; ss is in iproute2.
holder_of() {
  command -v ss >/dev/null || return 0
  ss -Hltnp "sport = :$1" 2>/dev/null | sed -nE 's/.*pid=([0-9]+).*/pid \1/p' | head -n 1
}

name_of() {
  echo "$(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | cut -c1-60)(pid $1)"
}
