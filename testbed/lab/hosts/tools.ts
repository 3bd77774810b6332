/** What this machine must have for a lab. */
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { show } from "../../../core/util/process";

/** Commands, and the package of Debian and Ubuntu that has them. */
const PACKAGES: Readonly<Record<string, string>> = {
  debootstrap: "debootstrap",
  "systemd-nspawn": "systemd-container",
  ip: "iproute2",
  nsenter: "util-linux",
  mount: "mount",
  ssh: "openssh-client",
  "ssh-keygen": "openssh-client",
};

/** What the lab that plays EC2 needs besides. */
export const EC2_TOOLS: Readonly<Record<string, string>> = {
  nft: "nftables",
  dnsmasq: "dnsmasq-base",
  losetup: "mount",
  openssl: "openssl",
};

/** Without it debootstrap takes whatever a mirror gives it. */
const KEYRING = { file: "/usr/share/keyrings/debian-archive-keyring.gpg", package: "debian-archive-keyring" };

/**
 * Why no lab can be on this machine at all, whatever is installed.
 * @returns undefined when one can
 */
export function unfit(
  platform: string = process.platform,
  user: number | undefined = process.getuid?.(),
): string | undefined {
  if (platform !== "linux") return `lab hosts need Linux (namespaces, systemd-nspawn); this is ${platform}`;
  if (user !== 0) return "lab hosts need root (mounts, bridges, namespaces); run it as root, or with sudo";
  return undefined;
}

/**
 * Why no host can have a kernel of its own on this machine, which can have a lab.
 * @returns undefined when they can
 */
export function unfitForKernels(
  architecture: string = process.arch,
  tun = "/dev/net/tun",
  cpuInfo = readOr("/proc/cpuinfo"),
): string | undefined {
  if (architecture !== "x64") {
    return `hosts with a kernel of their own need x86_64 (Linux in user mode is built for nothing else); this is ${architecture}`;
  }
  if (!existsSync(tun)) {
    return `hosts with a kernel of their own need ${tun} for their cables. Load the kernel's module (modprobe tun), or give this container the device`;
  }
  // Its registers are more than what Linux 6.1 in user mode keeps of a process, and this kernel takes all of them or none: the first
  // process never starts (put_fp_registers, then a crash). Mended in 6.13, "um: switch to regset API and depend on XSTATE".
  if (/^flags\b.*\bamx_tile\b/m.test(cpuInfo)) {
    return "hosts with a kernel of their own cannot run on a processor with AMX (Intel Xeon of 2023 and newer): Debian 12's Linux in user mode does not start a process there. Use another machine, or hosts without --own-kernels";
  }
  return undefined;
}

/** How many files one user may watch at a time. A host's services watch 8, all as root; Linux allows 128 by default. */
const INSTANCES_FILE = "/proc/sys/fs/inotify/max_user_instances";
const LEAST_INSTANCES = 1024;

/**
 * Lets so many hosts run side by side as this machine can carry: with the default services fail on the fifteenth.
 * @param file where the kernel has its limit; it is as before when this machine was started again
 */
export function raiseInstances(say: (line: string) => void, file = INSTANCES_FILE): void {
  const allowed = Number(readOr(file));
  if (allowed === 0 || allowed >= LEAST_INSTANCES) return;
  try {
    writeFileSync(file, String(LEAST_INSTANCES));
    say(`fs.inotify.max_user_instances was ${allowed}, is ${LEAST_INSTANCES} until this machine restarts`);
  } catch (error) {
    say(
      `fs.inotify.max_user_instances stays ${allowed} (${String(error)}): with many hosts, services of some will fail`,
    );
  }
}

/**
 * Makes this machine ready for hosts: installs what is missing where apt-get can.
 * @param more commands besides those that every lab needs, and their packages
 * @throws Error naming what to install, where it cannot or fails
 */
export async function requireTools(
  say: (line: string) => void,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  raiseInstances(say);
  const tools = { ...PACKAGES, ...more };
  const packages = missingPackages(tools);
  if (packages.length === 0) return;
  const command = ["apt-get", "install", "-y", "--no-install-recommends", ...packages];
  if (!isDebian(readOr("/etc/os-release"))) {
    throw new Error(
      `lab hosts need what Debian has in the packages ${packages.join(", ")}. Install what this system has in their place`,
    );
  }
  say(`installing ${packages.join(", ")}`);
  // Lists that are old or were never fetched are the usual reason of a first failure.
  const installed =
    (await install(command)) === 0 ||
    ((await show("apt-get", ["update"], "stderr")) === 0 && (await install(command)) === 0);
  const still = installed ? missingPackages(tools) : packages;
  if (still.length > 0) {
    throw new Error(`${still.join(", ")} could not be installed; see the lines above. Run: ${command.join(" ")}`);
  }
}

function install([command = "", ...args]: readonly string[]): Promise<number> {
  return show("env", ["DEBIAN_FRONTEND=noninteractive", command, ...args], "stderr");
}

function missingPackages(tools: Readonly<Record<string, string>>): string[] {
  const commands = Object.keys(tools).filter((command) => !isOnPath(command));
  const packages = commands.map((command) => tools[command] ?? command);
  return [...new Set([...packages, ...(readOr(KEYRING.file) === "" ? [KEYRING.package] : [])])];
}

/** @param osRelease the text of /etc/os-release */
export function isDebian(osRelease: string): boolean {
  return /^(ID|ID_LIKE)="?([a-z ]* )?(debian|ubuntu)\b/m.test(osRelease);
}

function isOnPath(command: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
