/** Processes by what cannot be mistaken: the id together with the time of the start. */
import { readFileSync } from "node:fs";

/** A process, and no later one that got the same number. */
export interface ProcessId {
  readonly pid: number;
  /** When it started, in clock ticks since the machine did; field 22 of /proc/<pid>/stat. */
  readonly start: string;
}

/** @returns undefined when there is no such process, or it has ended and only waits to be asked for its exit code */
export function identify(pid: number): ProcessId | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  // The name before it is in parentheses and may hold anything.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const start = fields[18];
  return start === undefined || state === "Z" || state === "X" ? undefined : { pid, start };
}

export function isAlive(id: ProcessId): boolean {
  return identify(id.pid)?.start === id.start;
}

/** Ends a process at once, if it is still the one that was recorded. */
export function killProcess(id: ProcessId): void {
  signalProcess(id, "SIGKILL");
}

/** Does nothing when it is not the one any more that was recorded. */
export function signalProcess(id: ProcessId, signal: NodeJS.Signals): void {
  if (!isAlive(id)) return;
  try {
    process.kill(id.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The child of a process that is PID 1 in a process namespace of its own. */
export function leaderOf(supervisor: number): ProcessId | undefined {
  const children = readText(`/proc/${supervisor}/task/${supervisor}/children`).split(" ").filter(Boolean);
  const leader = children.find((pid) => /^NSpid:\t\d+\t1$/m.test(readText(`/proc/${pid}/status`)));
  return leader === undefined ? undefined : identify(Number(leader));
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // It has ended meanwhile.
    return "";
  }
}
