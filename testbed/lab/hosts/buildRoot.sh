#!/usr/bin/env bash
# Builds the file system that every lab host starts from: Debian 12 with systemd, sshd, nftables, sudo and Java 17; and a kernel
# that runs as a process, for hosts that have one of their own.
#
#   buildRoot.sh <destination>
#
# Does nothing when the folder is there: it appears in one step or not at all. Packages come from where apt of this machine gets
# its own. Needs root. The hash of this file is part of the destination's name, so a change here makes a new folder.
set -euo pipefail

release=bookworm
packages=systemd,systemd-sysv,dbus,openssh-server,iproute2,sudo,nftables,e2fsprogs,chrony
# Not for debootstrap: it cannot resolve virtual dependencies, and ends with exit code 0 and half-configured packages.
later=(openjdk-17-jre-headless procps iputils-ping)
# What instances of the lab that plays EC2 have besides (lab/ec2): what runs their user data, and what it needs.
later+=(cloud-init xfsprogs curl)
# What hosts with a kernel of their own have besides (testbed/lab/hosts/userMode.ts): the kernel, what finds its devices and modules, and NFS.
later+=(udev kmod nfs-common nfs-kernel-server)
# It is built for nothing else that Debian runs on.
if [[ $(dpkg --print-architecture) == amd64 ]]; then later+=(user-mode-linux); fi
# The first user; sshd wants the home of a user to be theirs, so the number is fixed.
user=ops
user_id=1000

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "error: $*"
  exit 1
}

# apt_site LABEL: where apt gets the packages of a label of Debian's ("Debian", "Debian-Security"); the first, if several.
apt_site() {
  # shellcheck disable=SC2016  # $(SITE) is apt's
  apt-get indextargets --format '$(SITE)' 'Origin: Debian' "Label: $1" 'Created-By: Packages' 2>/dev/null | head -n 1
}

# in_root COMMAND...: runs it inside, with nothing of this machine's environment.
in_root() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"
}

# Runs in namespaces of its own: whatever is mounted or started here is gone when it ends, however it ends.
build() {
  local mirror security proxy=
  mirror=$(apt_site Debian)
  if [[ -z $mirror ]]; then
    # Lists that were never fetched, or were thrown away to make an image small.
    apt-get update >>"$log" 2>&1 || true
    mirror=$(apt_site Debian)
  fi
  security=$(apt_site Debian-Security)
  [[ -n $mirror ]] || fail "apt of this machine has no package source of Debian, from which lab hosts are built." \
    "Allowed: a source with Origin Debian (apt-get indextargets lists what there is). Add one"
  mount -t proc proc /proc
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  if [[ -n $proxy ]]; then export http_proxy=$proxy; fi

  say "building the lab hosts' file system (once, a few minutes): base system"
  debootstrap --variant=minbase "--include=$packages" "$release" "$root" "$mirror" >>"$log" 2>&1 || fail_with_log debootstrap

  say "building the lab hosts' file system: Java"
  # Without it, packages would start their services here, on the machine's own ports.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod +x "$root/usr/sbin/policy-rc.d"
  {
    echo "deb $mirror $release main"
    if [[ -n $security ]]; then echo "deb $security $release-security main"; fi
  } >"$root/etc/apt/sources.list"
  # Only how to fetch: a hook of this machine would call programs that are not in there.
  apt-config dump | grep '^Acquire::' >"$root/etc/apt/apt.conf.d/99machine" || true
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  # A mirror behind https: the package ca-certificates, which comes with Java, replaces this file with its own.
  if [[ $mirror$security == *https:* ]]; then
    install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  fi
  # Java's packages look at it when they are set up.
  mount -t proc proc "$root/proc"
  in_root apt-get update >>"$log" 2>&1 || fail_with_log "apt-get update"
  in_root apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io "${later[@]}" >>"$log" 2>&1 || fail_with_log "apt-get install"
  # A package may fail without a word in the exit code.
  [[ -z $(in_root dpkg --audit) ]] || fail "packages are half configured: $(in_root dpkg --audit)"
  in_root java -version >>"$log" 2>&1 || fail_with_log "java -version"

  settle
  umount "$root/proc"
}

# What makes it a host that can be reached, and takes out what belongs to this machine or must differ from host to host.
settle() {
  in_root useradd --uid "$user_id" --user-group --create-home --shell /bin/bash "$user"
  echo "$user ALL=(ALL) NOPASSWD: ALL" >"$root/etc/sudoers.d/$user"
  chmod 440 "$root/etc/sudoers.d/$user"
  cat >"$root/etc/ssh/sshd_config.d/10-lab.conf" <<-CONFIG
	HostKey /etc/ssh/ssh_host_ed25519_key
	PermitRootLogin no
	PasswordAuthentication no
	CONFIG
  in_root systemctl enable --quiet systemd-networkd ssh
  # Where modprobe looks for them.
  if [[ -d $root/usr/lib/uml ]]; then ln -s uml/modules "$root/usr/lib/modules"; fi
  # In a container their kernel's half is missing. What needs one of them starts it.
  in_root systemctl disable --quiet nfs-server nfs-client.target nfs-blkmap rpcbind.socket rpcbind
  # Only instances have something for it to do: lab/ec2 takes this file away.
  touch "$root/etc/cloud/cloud-init.disabled"
  # A lab has no internet: the first two would only fail, late. The third takes seconds at each start, for volumes that nobody has.
  in_root systemctl mask --quiet apt-daily.timer apt-daily-upgrade.timer e2scrub_reap.service
  in_root apt-get clean
  rm -rf "$root"/var/lib/apt/lists/* "$root"/var/log/*.log "$root"/etc/ssh/ssh_host_* "$root/usr/sbin/policy-rc.d" \
    "$root/etc/apt/sources.list" "$root/etc/apt/apt.conf.d/99machine" "$root/etc/hostname"
  : >"$root/etc/resolv.conf"
  : >"$root/etc/machine-id"
}

fail_with_log() {
  tail -n 15 "$log" >&2
  fail "$1 failed in the new root; the last lines it said are above"
}

if [[ ${1:-} == --inside ]]; then
  root=$2
  log=$root.log
  build
  exit
fi

(($# == 1)) || fail "usage: buildRoot.sh <destination>"
destination=$1
partial=$destination.partial.$$
builder=

clean_up() {
  # Unshare takes everything with it that was started inside.
  if [[ -n $builder ]]; then
    kill -KILL "$builder" 2>/dev/null || true
    wait "$builder" 2>/dev/null || true
  fi
  rm -rf --one-file-system "$partial" "$partial.log"
}

[[ ! -e $destination ]] || exit 0
mkdir -p "$(dirname "$destination")"
# One build at a time: a second one finds the folder of the first.
exec 9>"$(dirname "$destination")/.lab-root.lock"
flock -n 9 || say "waiting for another build of the lab hosts' file system to finish"
flock 9
[[ ! -e $destination ]] || exit 0
# Whoever holds the lock is alone: these are of builds that were killed.
rm -rf --one-file-system "$(dirname "$destination")"/lab-root-*.partial.*
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -m 755 "$partial"
# In the background, so that a signal is answered at once and not when the build is over; and never longer than this script.
setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child bash "${BASH_SOURCE[0]}" --inside "$partial" 9>&- &
builder=$!
wait "$builder"
builder=
mv -T "$partial" "$destination"
