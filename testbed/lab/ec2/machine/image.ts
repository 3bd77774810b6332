/**
 * What makes the lab's root file system an image of EC2: Debian where Amazon Linux would be, with cloud-init, and two stand-ins
 * for commands that Debian has not. They do what the first boot and amq-host ask of them, and say no to everything else.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fillIn } from "../../../../core/util/fillIn";
import { type HostFile } from "../../hosts/files";
import { GATEWAY, RESOLVER, S3_PORT } from "../addresses";

/** What an instance is given that is its own. */
export interface FirstBoot {
  readonly instanceId: string;
  readonly address: string;
  readonly userData: string;
  /** Of the key pair; absent without one. */
  readonly publicKey?: string;
}

/** Files of the root that are a lab host's and not an instance's. */
export const NOT_OF_THE_IMAGE = ["/etc/cloud/cloud-init.disabled", "/etc/ssh/sshd_config.d/10-lab.conf"];

export function imageFiles(boot: FirstBoot): HostFile[] {
  const { instanceId, address, userData, publicKey } = boot;
  const metaData = { "instance-id": instanceId, ...(publicKey !== undefined && { "public-keys": [publicKey] }) };
  return [
    { path: "/etc/hostname", text: `ip-${address.replaceAll(".", "-")}\n`, mode: 0o644 },
    { path: "/etc/hosts", text: "127.0.0.1 localhost\n", mode: 0o644 },
    { path: "/etc/resolv.conf", text: `nameserver ${RESOLVER}\n`, mode: 0o644 },
    { path: "/etc/systemd/network/10-host.network", text: networkFile(address), mode: 0o644 },
    { path: "/etc/cloud/cloud.cfg.d/99-lab.cfg", text: CLOUD_CONFIG, mode: 0o644 },
    { path: "/var/lib/cloud/seed/nocloud/meta-data", text: `${JSON.stringify(metaData)}\n`, mode: 0o644 },
    { path: "/var/lib/cloud/seed/nocloud/user-data", text: userData, mode: 0o600 },
    { path: "/usr/local/bin/aws", text: AWS, mode: 0o755 },
    { path: "/usr/local/bin/dnf", text: DNF, mode: 0o755 },
    { path: "/etc/systemd/system/lab-fstab.service", text: FSTAB_UNIT, mode: 0o644 },
  ];
}

/** Units that the image starts and the root does not. */
export const IMAGE_UNITS = ["cloud-init-local", "cloud-init", "cloud-config", "cloud-final", "lab-fstab"];

/** A single address, and everything else through the router: no two machines share a network that could bypass its rules. */
function networkFile(address: string): string {
  return `[Match]
Name=host0

[Network]
Address=${address}/32
LinkLocalAddressing=no
IPv6AcceptRA=no
ConfigureWithoutCarrier=yes
IgnoreCarrierLoss=yes

[Route]
Gateway=${GATEWAY}
GatewayOnLink=yes
`;
}

/** Of cloud-init's modules, those that Amazon Linux needs for a key pair, host keys and a script; the others take half a minute. */
const CLOUD_CONFIG = `datasource_list: [NoCloud]
network: { config: disabled }
ssh_genkeytypes: [ed25519]
users: [default]
disable_root: true
system_info:
  distro: debian
  default_user:
    name: ec2-user
    lock_passwd: true
    sudo: ["ALL=(ALL) NOPASSWD:ALL"]
    shell: /bin/bash
cloud_init_modules: [users-groups, ssh]
cloud_config_modules: []
cloud_final_modules: [scripts-user]
`;

const scriptOf = (name: string) => readFileSync(join(__dirname, name), "utf8");
const AWS = fillIn(scriptOf("aws.sh"), { port: S3_PORT });
const DNF = scriptOf("dnf.sh");

/** systemd leaves disks of /etc/fstab alone in a container; on a machine of EC2 it mounts them at every boot. */
const FSTAB_UNIT = `[Unit]
Description=Stand-in of the lab: mounts the disks of /etc/fstab
DefaultDependencies=no
Before=local-fs.target sysinit.target
ConditionFileNotEmpty=/etc/fstab

[Service]
Type=oneshot
ExecStart=/bin/bash -c 'while read -r what where rest; do [[ $what == UUID=* ]] || continue; for ((i = 0; i < 90; i++)); do mountpoint -q "$where" || mount "$where" && break; sleep 1; done; done </etc/fstab'
TimeoutStartSec=120

[Install]
WantedBy=local-fs.target
`;
