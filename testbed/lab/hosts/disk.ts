/** The disks of hosts: one overlay mount each over the shared root, which is never written to. */
import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import type { HostFile } from "./files";
import { run } from "../../../core/util/process";

/** Where a host's file system is, in the host's folder. */
export function diskOf(folder: string): string {
  return join(folder, "disk");
}

/**
 * Mounts a host's disk; what was written to it before is there again.
 * @param base   the shared root
 * @param folder the host's folder
 * @throws Error for a path that mount cannot be told of, or when mount fails
 */
export async function mountDisk(base: string, folder: string): Promise<void> {
  for (const path of [base, folder]) {
    if (!/[,:\\]/.test(path)) continue;
    throw new Error(`${path}: overlay mounts cannot have a comma, colon or backslash in a path. Use a folder without`);
  }
  const [disk, upper, work] = [diskOf(folder), join(folder, "written"), join(folder, "work")];
  for (const path of [disk, upper, work]) mkdirSync(path, { recursive: true });
  await run("mount", "-t", "overlay", "-o", `lowerdir=${base},upperdir=${upper},workdir=${work}`, "amq-lab", disk);
}

/** Writes files to a mounted disk. */
export function writeFiles(folder: string, files: readonly HostFile[]): void {
  for (const { path, text, mode, owner = 0 } of files) {
    const file = join(diskOf(folder), path);
    const parent = dirname(file);
    // Only ever the last folder is new: .ssh in a home.
    if (mkdirSync(parent, { recursive: true, mode: 0o755 }) !== undefined) chownSync(parent, owner, owner);
    // Anew: a mode is only given to a file that is created.
    rmSync(file, { force: true });
    writeFileSync(file, text, { mode });
    chownSync(file, owner, owner);
  }
}

/** Unmounts whatever is mounted below a folder. @throws Error when something in it is in use */
export async function unmountBelow(folder: string): Promise<void> {
  for (const path of mountsBelow(folder, readFileSync("/proc/self/mounts", "utf8"))) await run("umount", path);
}

/** @param mounts what /proc/self/mounts says. @returns inner mounts first */
export function mountsBelow(folder: string, mounts: string): string[] {
  return mounts
    .split("\n")
    .map((line) => (line.split(" ")[1] ?? "").replaceAll(/\\(\d{3})/g, (_, code: string) => octal(code)))
    .filter((path) => path.startsWith(folder + sep))
    .reverse();
}

/** Spaces and the like are written as three octal digits there. */
function octal(code: string): string {
  return String.fromCharCode(parseInt(code, 8));
}
