#!/bin/sh
set -e
mount -t tmpfs lab /mnt
mkdir /mnt/disk /mnt/root
# Only a disk that is blank: one that cannot be mounted is to be looked at.
[ -n "$(blkid -o value -s TYPE /dev/ubda)" ] || mkfs.ext4 -q /dev/ubda
mount -t ext4 /dev/ubda /mnt/disk
mkdir -p /mnt/disk/written /mnt/disk/work
mount -t overlay -o lowerdir=/,upperdir=/mnt/disk/written,workdir=/mnt/disk/work lab /mnt/root
mkdir -p /mnt/root/disk
mount --no-mtab --move /mnt/disk /mnt/root/disk
exec switch_root /mnt/root /sbin/init
