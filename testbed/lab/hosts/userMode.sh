#!/bin/sh
# The power of a host with a kernel of its own: userMode.sh <its root> <its disk> <the kernel and its arguments>
set -e
root=$1 disk=$2; shift 2
mount -t tmpfs -o mode=755,size=@memoryMiB@m amq-lab "$root/dev"
mkdir "$root/dev/shm" "$root/dev/net"
mknod "$root/dev/net/tun" c 10 200
mknod "$root/dev/null" c 1 3
mknod "$root/dev/urandom" c 1 9
: >"$root/dev/disk"
mount --bind "$disk" "$root/dev/disk"
mount -t proc proc "$root/proc"
exec chroot "$root" env -i HOME=/dev TMPDIR=/dev/shm "$@"
