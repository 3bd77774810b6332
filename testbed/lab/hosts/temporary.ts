/**
 * Labs that shall not outlive the process that made them: those of tests and proofs. A process that is killed removes nothing, and
 * the lab's network would keep the next run off its subnet. So each has a note outside its folder, by which the next run finds it.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ProcessId, identify, isAlive } from "./processes";

/** A reboot empties it, and takes the networks as well. */
const NOTES = "/run/amq-labs";

/** A lab whose maker is gone. */
export interface Abandoned {
  readonly id: string;
  readonly directory: string;
}

/** Says that a lab is to go with this process. */
export function noteTemporary({ id, directory }: Abandoned): void {
  mkdirSync(NOTES, { recursive: true, mode: 0o700 });
  writeFileSync(join(NOTES, id), JSON.stringify({ directory, maker: identify(process.pid) }));
}

/** Does nothing when there is no such note. */
export function removeNote(id: string): void {
  rmSync(join(NOTES, id), { force: true });
}

/** The labs whose makers are gone without having removed them. */
export function abandonedLabs(): Abandoned[] {
  mkdirSync(NOTES, { recursive: true, mode: 0o700 });
  return readdirSync(NOTES).flatMap((id) => {
    const { directory, maker } = JSON.parse(readFileSync(join(NOTES, id), "utf8")) as {
      directory: string;
      maker: ProcessId;
    };
    return isAlive(maker) ? [] : [{ id, directory }];
  });
}
