/** Data volumes: files of this machine as block devices of the kernel. */
import { existsSync, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { ask, run } from "../../../../core/util/process";
import type { Machine } from "./machine";
import { diskLinkOf } from "./names";

const GIB = 2 ** 30;

/** A file of that size which takes no space yet; one that is there grows. */
export function sizeVolume(file: string, gib: number): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (!existsSync(file)) writeFileSync(file, "", { mode: 0o600 });
  truncateSync(file, gib * GIB);
}

/** Shows a volume to a machine that is on, as the disk that EC2's would be. */
export async function plugIn(machine: Machine, volumeId: string, file: string): Promise<void> {
  const device = (await deviceOf(file)) ?? (await run("losetup", "--find", "--show", file)).trim();
  const link = diskLinkOf(volumeId);
  // The container has a /dev of its own, which knows no other disk of this machine.
  const major = 7;
  const minor = device.replace("/dev/loop", "");
  await machine.inside("rm", "-f", device, link);
  await machine.inside("mknod", "--mode=660", device, "b", String(major), minor);
  await machine.inside("mkdir", "-p", dirname(link));
  await machine.inside("ln", "-s", device, link);
}

/** Pulls a volume out. @throws Error when it is mounted somewhere still */
export async function pullOut(machine: Machine, volumeId: string, file: string): Promise<void> {
  const device = await deviceOf(file);
  if (device === undefined) return;
  if (machine.isOn) {
    const { code } = await ask("sh", ["-c", `grep -q '^${device} ' /proc/[0-9]*/mounts 2>/dev/null`]);
    if (code === 0) throw new Error(`IncorrectState: volume ${volumeId} is mounted on a machine that runs`);
    await machine.inside("rm", "-f", device, diskLinkOf(volumeId));
  }
  await run("losetup", "--detach", device);
}

export async function discardVolume(file: string): Promise<void> {
  const device = await deviceOf(file);
  if (device !== undefined) await run("losetup", "--detach", device);
  rmSync(file, { force: true });
}

/** After it grew. */
export async function growDevice(file: string): Promise<void> {
  const device = await deviceOf(file);
  if (device !== undefined) await run("losetup", "--set-capacity", device);
}

/** The block device of a file; undefined when it has none. */
async function deviceOf(file: string): Promise<string | undefined> {
  const line = (await run("losetup", "--noheadings", "--output", "NAME", "--associated", file)).trim();
  return line === "" ? undefined : line.split("\n")[0];
}
