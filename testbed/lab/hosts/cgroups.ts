/**
 * Control groups: one for each host, below one for the lab. The kernel keeps account in them of every process of a host, so they
 * say what is left to end, also when this tool was killed before it could write down what it had started.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { comesTrue } from "../../../core/util/until";

/** Longer than the kernel needs to take apart what was killed. */
const END_MILLIS = 20_000;

/**
 * The hierarchies that systemd lives in: cgroup v2, and in v1 the one named systemd.
 * @param mounts what /proc/self/mounts says
 */
export function hierarchies(mounts: string): string[] {
  return mounts.split("\n").flatMap((line) => {
    const [, folder = "", type, options = ""] = line.split(" ");
    const isSystemds = type === "cgroup2" || (type === "cgroup" && options.split(",").includes("name=systemd"));
    return isSystemds ? [folder] : [];
  });
}

/**
 * Makes the groups of a host.
 * @returns their folders, one in each hierarchy
 * @throws Error when this machine has none
 */
export function makeCgroups(lab: string, host: string): string[] {
  const folders = labFolders(lab).map((folder) => join(folder, host));
  if (folders.length === 0) {
    throw new Error(
      "this machine has no cgroups that systemd can use (/proc/self/mounts). Allowed: cgroup v2, or v1 with name=systemd",
    );
  }
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  return folders;
}

/**
 * Ends every process in the groups of a lab, or of one of its hosts, and removes the groups.
 * @throws Error when something does not end
 */
export async function removeCgroups(lab: string, host = "."): Promise<void> {
  for (const folder of labFolders(lab).map((parent) => join(parent, host))) {
    if (!existsSync(folder)) continue;
    if (!(await comesTrue(() => killAll(folder) === 0, END_MILLIS))) {
      throw new Error(`${folder}: its processes do not end. See which: cat ${folder}/cgroup.procs; then run it again`);
    }
    for (const group of [...below(folder)].reverse()) rmdirSync(group);
  }
}

/** @returns how many processes there were */
function killAll(folder: string): number {
  const pids = [...below(folder)].flatMap((group) =>
    readFileSync(join(group, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number),
  );
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
  return pids.length;
}

/** A group and all groups in it, outer ones first. */
function* below(folder: string): Generator<string> {
  yield folder;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) yield* below(join(folder, entry.name));
  }
}

function labFolders(lab: string): string[] {
  return hierarchies(readFileSync("/proc/self/mounts", "utf8")).map((folder) => join(folder, `amq-lab-${lab}`));
}
