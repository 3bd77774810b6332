/** How a host's system is started. */

/** What tells one host's container from any other on this machine. */
export interface Container {
  /** Unique on this machine; with `vb-` before it the name of the host's link, which may have 15 characters. */
  readonly machine: string;
  readonly hostname: string;
  /** The host's file system, mounted. */
  readonly root: string;
  /** The network namespace of the lab, as in `ip netns`, and the bridge in it; without one, the host's cable ends in the namespace. */
  readonly namespace: string;
  readonly bridge?: string;
  /** Folders of cgroups that hold this host alone. */
  readonly cgroups: readonly string[];
}

/** Moves itself into the cgroups that are named before the `--`, then becomes the command after it. */
const INTO_CGROUPS = 'while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs" || exit; shift; done; shift; exec "$@"';

/**
 * The command that is a host's power: it ends when the host is off. The process that is started becomes the supervisor, its
 * child in the new process namespace is the host's PID 1.
 */
export function nspawnCommand(container: Container): [command: string, ...args: string[]] {
  // In a cgroup of its own: systemd inside takes the cgroup it finds itself in for the whole machine, and would otherwise share
  // its units' cgroups with the other hosts.
  const enter = ["-c", INTO_CGROUPS, "sh", ...container.cgroups, "--"];
  return [
    "sh",
    ...enter,
    // Not `ip netns exec`: it mounts another /sys, which has no cgroups.
    "nsenter",
    `--net=${namespacePath(container.namespace)}`,
    "systemd-nspawn",
    "--quiet",
    "--boot",
    `--directory=${container.root}`,
    `--machine=${container.machine}`,
    `--hostname=${container.hostname}`,
    container.bridge === undefined ? "--network-veth" : `--network-bridge=${container.bridge}`,
    // No systemd needs to run on this machine, and one that does is not told.
    "--register=no",
    "--keep-unit",
    "--settings=no",
    "--link-journal=no",
    "--resolv-conf=off",
    "--timezone=off",
    // What the host's console shows goes to our stdout, a file; nobody types there.
    "--console=read-only",
  ];
}

/** The link of a host that is in the bridge: its cable. */
export function cableOf(machine: string): string {
  return `vb-${machine}`;
}

/** Where `ip netns add` keeps a namespace. */
export function namespacePath(namespace: string): string {
  return `/run/netns/${namespace}`;
}
