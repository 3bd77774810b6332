# Makes a host the file server of a subnet: the kernel's NFSv4 server, for a folder on its disk. Assignments come before it.
# shellcheck shell=sh disable=SC2154  # exported, folder, subnet, user and lease are those
set -e
install -d -o "$user" -g "$user" "$exported$folder"
echo "$exported $subnet(rw,sync,no_subtree_check,fsid=0)" >/etc/exports
mkdir -p /etc/nfs.conf.d
printf '[nfsd]\nvers3=n\nlease-time=%s\ngrace-time=%s\n' "$lease" "$lease" >/etc/nfs.conf.d/lab.conf
systemctl --quiet enable --now nfs-server
