#!/bin/bash
# First boot of @machine@. Rendered; no secret in it.
set -euo pipefail
trap 'echo "activemq-cluster: first boot failed at line $LINENO" >&2' ERR

# Roles, routes and volumes may be there some seconds after the machine.
retry() {
  local tries
  for ((tries = 0; tries < 120; tries++)); do
    "$@" && return 0
    sleep 5
  done
  echo "activemq-cluster: gave up on: $*" >&2
  return 1
}

# For logs. Other machines know this one by the private zone, and neither name may lead to loopback.
printf 'preserve_hostname: true\nmanage_etc_hosts: false\n' >/etc/cloud/cloud.cfg.d/60-activemq-cluster.cfg
hostnamectl set-hostname @hostname@
@ownName@
# The host key that the program expects. Until it is there, logins are refused: they would show another one.
key=/etc/ssh/ssh_host_ed25519_key
umask 077
@fetchHostKey@ "$key.new"
ssh-keygen -y -f "$key.new" >"$key.pub.new"
mv -f "$key.new" "$key"
mv -f "$key.pub.new" "$key.pub"
chmod 644 "$key.pub"
umask 022
cat >/etc/ssh/sshd_config.d/10-activemq-cluster.conf <<'END'
HostKey /etc/ssh/ssh_host_ed25519_key
PasswordAuthentication no
PermitRootLogin no
# The program logs in many times side by side; the default drops some of them at random.
MaxStartups 200:30:400
END
sshd -t
systemctl restart sshd
@dataAndJava@
echo "activemq-cluster: first boot done"
