/** What is written on a host before it is switched on for the first time. */
import { shellQuote } from "../../../core/util/shell";
import type { HostAddress } from "./hostList";
import { PREFIX_LENGTH } from "./subnet";

/** The user that is reached by ssh: not root, sudo without a password. buildRoot.sh makes it. */
export const USER = "ops";
/** Its user and group id, fixed in buildRoot.sh. */
export const USER_ID = 1000;

/** A file of a host. */
export interface HostFile {
  /** Absolute on the host. */
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  /** User and group id of the file and of its folder; root when absent. */
  readonly owner?: number;
}

/** What a host is given that is its own. */
export interface HostKeys {
  /** The host's key, which sshd shows to who connects. */
  readonly hostKey: string;
  /** The public half of the lab's key, which `ops` is entered with. */
  readonly userPublicKey: string;
  /** 32 hex digits, which tell systemd of one host from that of another. */
  readonly machineId: string;
}

/** @param hosts all hosts of the lab: they know each other by name */
export function hostFiles(host: HostAddress, hosts: readonly HostAddress[], keys: HostKeys): HostFile[] {
  return [
    { path: "/etc/hostname", text: `${host.name}\n`, mode: 0o644 },
    { path: "/etc/hosts", text: hostsFile(hosts), mode: 0o644 },
    { path: "/etc/machine-id", text: `${keys.machineId}\n`, mode: 0o444 },
    // Sorts before 80-container-host0.network of systemd, which would ask for an address by DHCP.
    { path: "/etc/systemd/network/10-host.network", text: networkFile(host.address), mode: 0o644 },
    { path: "/etc/ssh/ssh_host_ed25519_key", text: keys.hostKey, mode: 0o600 },
    { path: `/home/${USER}/.ssh/authorized_keys`, text: keys.userPublicKey, mode: 0o600, owner: USER_ID },
  ];
}

/** For systemd-networkd: `host0` in a container, `eth0` with a kernel of its own. No gateway: nothing leaves the lab. */
export function networkFile(address: string): string {
  return `[Match]
Name=host0 eth0

[Network]
Address=${address}/${PREFIX_LENGTH}
LinkLocalAddressing=no
IPv6AcceptRA=no
# A server keeps its address when its cable is pulled.
IgnoreCarrierLoss=yes
`;
}

/** The names of all hosts, for /etc/hosts. */
export function hostsFile(hosts: readonly HostAddress[]): string {
  return ["127.0.0.1 localhost", ...hosts.map(({ name, address }) => `${address} ${name}`), ""].join("\n");
}

/** What ssh checks the hosts against. */
export function knownHosts(hosts: readonly { readonly address: string; readonly publicKey: string }[]): string {
  return hosts
    .map(
      ({ address, publicKey }) => `${address} ${publicKey}
`,
    )
    .join("");
}

/** Options of ssh, which knows this lab's keys alone: nothing of the caller's own configuration has a say. */
export function sshOptions(keyFile: string, knownHostsFile: string): string[] {
  const options = [
    // ssh takes a quoted path for one file, else spaces divide several.
    `UserKnownHostsFile="${knownHostsFile}"`,
    "GlobalKnownHostsFile=none",
    "StrictHostKeyChecking=yes",
    "IdentitiesOnly=yes",
    "BatchMode=yes",
    "ConnectTimeout=10",
    "LogLevel=ERROR",
  ];
  return ["-F", "none", "-i", keyFile, ...options.flatMap((option) => ["-o", option])];
}

/** One line for the shell at the other end, which makes these very words of it again. */
export function remoteLine(words: readonly string[]): string {
  return words.map(shellQuote).join(" ");
}
