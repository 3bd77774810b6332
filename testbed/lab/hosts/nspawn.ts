/** How a host's system is started in a container, which has this machine's kernel. */
import type { ProcessId } from "./processes";
import { type Answer, ask } from "../../../core/util/process";

/** Where a host's processes belong on this machine. */
export interface Place {
  /** The network namespace of the lab, as in `ip netns`. */
  readonly namespace: string;
  /** Folders of cgroups that hold this host alone. */
  readonly cgroups: readonly string[];
}

/** What tells one host's container from any other on this machine. */
export interface Container extends Place {
  /** Unique on this machine; with `vb-` before it the name of the host's link, which may have 15 characters. */
  readonly machine: string;
  readonly hostname: string;
  /** The host's file system, mounted. */
  readonly root: string;
  /** The bridge in the namespace; without one, the host's cable ends in the namespace itself. */
  readonly bridge?: string;
}

/** systemd answers within milliseconds, or not yet. */
const ANSWER_MILLIS = 10_000;

/** Moves itself into the cgroups that are named before the `--`, then becomes the command after it. */
const INTO_CGROUPS = 'while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs" || exit; shift; done; shift; exec "$@"';

/** The first words of a host's command; what comes after them is started in its place. */
export function into({ namespace, cgroups }: Place): [command: string, ...args: string[]] {
  // In a cgroup of its own: systemd inside takes the cgroup it finds itself in for the whole machine, and would otherwise share
  // its units' cgroups with the other hosts.
  const enter = ["-c", INTO_CGROUPS, "sh", ...cgroups, "--"];
  // Not `ip netns exec`: it mounts another /sys, which has no cgroups.
  return ["sh", ...enter, "nsenter", `--net=${namespacePath(namespace)}`];
}

/**
 * The command that is a host's power: it ends when the host is off. The process that is started becomes the supervisor, its
 * child in the new process namespace is the host's PID 1.
 */
export function nspawnCommand(container: Container): [command: string, ...args: string[]] {
  return [
    ...into(container),
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

/** Runs a command in a container without the network. @param leader its PID 1 */
export function askContainer({ pid }: ProcessId, command: readonly string[]): Promise<Answer> {
  return ask("nsenter", ["--target", String(pid), "--all", ...command], { timeoutMillis: ANSWER_MILLIS });
}

/** The link of a host that is in the bridge: its cable. */
export function cableOf(machine: string): string {
  return `vb-${machine}`;
}

/** Where `ip netns add` keeps a namespace. */
export function namespacePath(namespace: string): string {
  return `/run/netns/${namespace}`;
}
