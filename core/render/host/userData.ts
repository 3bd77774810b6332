/**
 * What a machine of target aws does at its first boot, as one script. Pure, and without a secret: its SSH host key is fetched
 * with the machine's own role, so that who logs in knows the key beforehand.
 *
 * Everything else comes by SSH. The text is ignored for replacement: a machine runs it once in its life.
 */
import { shellQuote } from "../../util/shell";
import { MACHINE_DATA } from "../../host/ssh";

export interface BootArgs {
  /** The machine's short name. */
  readonly machine: string;
  readonly region: string;
  readonly bucket: string;
  /** What other machines know it by; absent for the bastion, which has no data either. */
  readonly dnsName?: string;
}

/** Where a machine's SSH host key is in the bucket. */
export function hostKeyObject(machine: string): string {
  return `hosts/${machine}/ssh_host_ed25519_key`;
}

/**
 * Where the id of a machine's data volume is in the bucket. Not in the text itself: a machine that is replaced is told the text
 * of the one before, and may have another volume.
 */
export function volumeObject(machine: string): string {
  return `hosts/${machine}/data-volume`;
}

export function userData(args: BootArgs): string {
  const { machine, region, bucket, dnsName } = args;
  const fetch = (object: string, place: string) =>
    `retry aws s3 cp --only-show-errors --region ${shellQuote(region)} ${shellQuote(`s3://${bucket}/${object}`)} ${place}`;
  return `#!/bin/bash
# First boot of ${machine}. Rendered; no secret in it.
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
printf 'preserve_hostname: true\\nmanage_etc_hosts: false\\n' >/etc/cloud/cloud.cfg.d/60-activemq-cluster.cfg
hostnamectl set-hostname ${shellQuote(machine.toLowerCase())}
${dnsName === undefined ? "" : ownName(machine, dnsName)}
# The host key that the program expects. Until it is there, logins are refused: they would show another one.
key=/etc/ssh/ssh_host_ed25519_key
umask 077
${fetch(hostKeyObject(machine), '"$key.new"')}
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
${dnsName !== undefined ? dataAndJava(fetch(volumeObject(machine), "/run/activemq-cluster-volume")) : ""}
echo "activemq-cluster: first boot done"
`;
}

/**
 * A slave looks up its own host name before it attaches to its master, and not every image makes that name known to itself. The
 * address is asked for, not written here: a machine that is replaced is told the text of the one before, and may be elsewhere.
 */
function ownName(machine: string, dnsName: string): string {
  return `echo "$(hostname -I | cut -d ' ' -f 1)" ${shellQuote(dnsName)} ${shellQuote(machine.toLowerCase())} >>/etc/hosts
`;
}

function dataAndJava(fetchVolumeId: string): string {
  return `
# The data volume: attached after the machine started, and empty the first time only. mkfs refuses where a file system is.
${fetchVolumeId}
volume=$(tr -d '\\n-' </run/activemq-cluster-volume)
device=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_$volume
retry test -b "$device"
blkid "$device" >/dev/null || mkfs.xfs -q "$device"
mkdir -p ${MACHINE_DATA}
echo "UUID=$(blkid -s UUID -o value "$device") ${MACHINE_DATA} xfs defaults,noatime,nofail,x-systemd.device-timeout=90 0 2" >>/etc/fstab
systemctl daemon-reload
mount ${MACHINE_DATA}

retry dnf install --assumeyes --quiet java-17-amazon-corretto-headless
`;
}
