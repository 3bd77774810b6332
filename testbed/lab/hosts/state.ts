/** What a lab has made on this machine, in files: enough to remove it all, also after a crash. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HostAddress } from "./hostList";
import type { ProcessId } from "./processes";

/** Whose Linux hosts run on: this machine's, in containers, or each on one of its own. */
export type Kernel = "shared" | "own";

/** A lab; written before anything is made. */
export interface LabState {
  /** Six hex digits, in every name that this lab has outside its folder. */
  readonly id: string;
  /** Whether `up` came to its end; what is left of one that did not is removed by the next. */
  readonly complete: boolean;
  readonly hosts: readonly HostAddress[];
  /** This machine's address in the lab. */
  readonly machine: string;
  readonly kernel: Kernel;
}

/** The processes of a host that was switched on, written when they are known. */
export interface HostProcesses {
  /** systemd-nspawn, or unshare. */
  readonly supervisor: ProcessId;
  /** PID 1 of the host, or its kernel. */
  readonly leader: ProcessId;
}

export function stateFile(directory: string): string {
  return join(directory, "lab.json");
}

/** @returns undefined when there is no lab */
export function readState(directory: string): LabState | undefined {
  return readJson(stateFile(directory)) as LabState | undefined;
}

export function writeState(directory: string, state: LabState): void {
  writeJson(stateFile(directory), state);
}

/** @param folder the host's */
export function readProcesses(folder: string): HostProcesses | undefined {
  return readJson(join(folder, "processes.json")) as HostProcesses | undefined;
}

export function writeProcesses(folder: string, processes: HostProcesses): void {
  writeJson(join(folder, "processes.json"), processes);
}

function readJson(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** A rename, so that nobody ever reads half of it. */
function writeJson(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
