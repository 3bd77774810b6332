/** A host's power: on, until its system is up, and off at once. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type ProcessId, identify, isAlive, killProcess, leaderOf } from "./processes";
import { comesTrue, until } from "../../../core/util/until";
import { type Answer, leaveRunning } from "../../../core/util/process";
import { type HostProcesses, readProcesses, writeProcesses } from "./state";

/** A container takes seconds, a kernel of its own half a minute, on a quiet machine; this is for one that builds something beside it. */
const BOOT_MILLIS = 240_000;
/** How long a supervisor takes to see that its host is off. */
const OFF_MILLIS = 20_000;
const POLL_MILLIS = 200;
const LOG_LINES = 15;

/** What the host's console shows. @param folder the host's */
export function consoleFile(folder: string): string {
  return join(folder, "console.log");
}

/** Whether a host is on. @param folder the host's */
export function isOn(folder: string): boolean {
  const processes = readProcesses(folder);
  return processes !== undefined && isAlive(processes.leader);
}

/**
 * Switches a host on, and leaves it running when this process ends.
 * @param folder the host's; its disk is mounted
 * @param words  the command that is its power
 * @throws Error with the last lines of its console when it does not start
 */
export async function powerOn(
  name: string,
  folder: string,
  [command, ...args]: [command: string, ...args: string[]],
): Promise<HostProcesses> {
  const env = { PATH: process.env["PATH"] ?? "" };
  const { pid, ended } = leaveRunning(command, args, consoleFile(folder), { env });
  const supervisor = pid === undefined ? undefined : identify(pid);
  let leader: ProcessId | undefined;
  const hasLeader = () => (leader = leaderOf(pid ?? 0)) !== undefined;
  await comesTrue(() => hasLeader() || ended(), BOOT_MILLIS);
  if (supervisor === undefined || leader === undefined) throw notStarted(name, folder, "it did not start");
  const processes = { supervisor, leader };
  writeProcesses(folder, processes);
  return processes;
}

/**
 * Waits until a host's system is up: every service that it starts by itself runs.
 * @param inside runs a command on the host
 * @throws Error naming the services that failed, or with the last lines of its console
 */
export async function untilRunning(
  name: string,
  folder: string,
  { leader }: HostProcesses,
  inside: (command: readonly string[]) => Promise<Answer>,
): Promise<void> {
  const look = async () => ({
    state: (await inside(["systemctl", "is-system-running"])).stdout.trim(),
    alive: isAlive(leader),
  });
  const isOver = ({ state, alive }: Awaited<ReturnType<typeof look>>) =>
    state === "running" || state === "degraded" || !alive;
  const { state, alive } = (await until(look, isOver, { millis: BOOT_MILLIS, everyMillis: POLL_MILLIS })).seen;
  if (state === "running") return;
  if (!alive) throw notStarted(name, folder, "it went off while it started");
  if (state === "degraded") {
    const { stdout } = await inside(["systemctl", "list-units", "--failed", "--plain", "--no-legend"]);
    throw notStarted(name, folder, `these services of it failed:\n${stdout.trim()}`);
  }
  throw notStarted(name, folder, `it is not up after ${BOOT_MILLIS / 1000} s, its systemd says "${state}"`);
}

/** As when the power is cut: nothing on the host gets a chance to end in order. Does nothing when it is off. */
export async function powerOff(folder: string): Promise<void> {
  const processes = readProcesses(folder);
  if (processes === undefined) return;
  killProcess(processes.leader);
  // Its supervisor takes away what it set up, its link for one, which the next start makes again.
  if (!(await comesTrue(() => !isAlive(processes.supervisor), OFF_MILLIS))) killProcess(processes.supervisor);
  rmSync(join(folder, "processes.json"));
}

function notStarted(name: string, folder: string, problem: string): Error {
  const file = consoleFile(folder);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n").slice(-LOG_LINES).join("\n");
  return new Error(`${name}: ${problem}\nThe end of its console (${file}):\n${lines}`);
}
