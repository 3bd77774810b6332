/**
 * How the system of a host with a kernel of its own is started: Linux that runs as a process (User Mode Linux, Debian's package
 * user-mode-linux). A container has this machine's kernel, which may have no NFS, and which cannot stand still for it alone; and a
 * virtual machine needs hardware that is often not there.
 */
import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fillIn } from "../../../core/util/fillIn";
import type { HostFile } from "./files";
import { type Place, into } from "./nspawn";

export interface UserMode extends Place {
  /** Unique on this machine. */
  readonly machine: string;
  /** The file system that it starts from, mounted. */
  readonly root: string;
  /** What it writes ({@link blankDisk}). */
  readonly disk: string;
  /** The tap device in the lab's namespace that is its cable. */
  readonly cable: string;
  /** The hardware address at its end of the cable: the same at every start, because the others remember it. */
  readonly mac: string;
}

/** A broker with its default heap, a system, and a cache for files. Taken from this machine as it is used, and kept. */
const MEMORY_MIB = 1536;
/** Taken from this machine's disk as it is written. */
const DISK_GIB = 8;

const INIT = "/usr/sbin/lab-init";

/**
 * The host's first process, which becomes its systemd. What the kernel sees of this machine's files it only reads: written by way of
 * it they would all be root's. So a file system on the disk is laid over it, which is at /disk besides: a power cut is one, and it
 * can be exported.
 */
export const KERNEL_FILES: readonly HostFile[] = [
  {
    path: INIT,
    mode: 0o755,
    text: readFileSync(join(__dirname, "init.sh"), "utf8"),
  },
];

/**
 * The kernel runs in the host's root: that is all it sees of this machine, but for the devices that it is given there, in a mount
 * namespace of its own. Its memory is a file in its /dev/shm. As PID 1 of a process namespace, so that its end is the end of every
 * process that it has for those of the host.
 */
const START = fillIn(readFileSync(join(__dirname, "userMode.sh"), "utf8"), { memoryMiB: MEMORY_MIB + 64 });

/** The command that is a host's power. Its end is as sudden as that of a container's. */
export function userModeCommand({
  machine,
  root,
  disk,
  cable,
  mac,
  ...place
}: UserMode): [command: string, ...args: string[]] {
  return [
    ...into(place),
    ...["unshare", "--mount", "--pid", "--fork", "--kill-child"],
    ...["sh", "-c", START, "sh", root, disk],
    "/usr/bin/linux.uml",
    `umid=${machine}`,
    `mem=${MEMORY_MIB}M`,
    "root=/dev/root",
    "rootfstype=hostfs",
    "rootflags=/",
    "ro",
    `init=${INIT}`,
    "ubd0=/dev/disk",
    `eth0=tuntap,${cable},${mac}`,
    // A kernel that fails is a host that is off.
    "panic=-1",
    // Else udev gives it a name that nothing here knows.
    "net.ifnames=0",
    // What its console shows goes to our stdout, a file; nobody types there.
    "con=null",
    "con0=null,fd:1",
    "ssl=null",
  ];
}

/** A disk that nobody has written to, or as it was written to. @param folder the host's. @returns its file */
export function blankDisk(folder: string): string {
  const file = join(folder, "disk.img");
  if (existsSync(file)) return file;
  writeFileSync(file, "", { mode: 0o600 });
  truncateSync(file, DISK_GIB * 2 ** 30);
  return file;
}
