/**
 * What shall not outlive the process that made it: labs, project copies and runs of the tests and proofs. A process that is killed
 * removes nothing, and what it leaves would be in the next run's way. So each has a note outside its folder, made before anything
 * is started, by which the next run finds it; see abandoned.ts.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ProcessId, identify, isAlive, killProcess } from "./processes";

/** A reboot empties it, and takes networks and processes as well. */
const NOTES = process.getuid?.() === 0 ? "/run/amq-temporary" : `/tmp/amq-temporary-${process.getuid?.() ?? 0}`;

/**
 * The environment variable that names another folder for notes: for tests of what is killed, whose leavings another run that begins at
 * that moment would take away before they look.
 */
export const NOTES_FOLDER = "AMQ_TEMPORARY_NOTES";

const notes = () => process.env[NOTES_FOLDER] ?? NOTES;

/**
 * The environment variable that every process of something temporary inherits: its folder. It tells them from every other process,
 * whatever their command line is and whoever their parent has become.
 */
export const MARK = "AMQ_TEMPORARY";

/** How long killed processes may take to be gone. */
const END_MILLIS = 20_000;
const POLL_MILLIS = 50;

/** What a note says. */
export interface Temporary {
  /** A name of its own on this machine. */
  readonly id: string;
  readonly kind: "lab" | "project" | "run";
  /** Everything of it that is a file is below this folder. */
  readonly directory: string;
}

/** Something whose maker is gone. */
export interface Abandoned extends Temporary {
  readonly maker: ProcessId;
}

/** Says that something is to go with this process. */
export function noteTemporary({ id, kind, directory }: Temporary): void {
  const maker = identify(process.pid);
  // Without /proc nothing could be told apart later.
  if (maker === undefined) return;
  mkdirSync(notes(), { recursive: true, mode: 0o700 });
  writeFileSync(join(notes(), id), JSON.stringify({ kind, directory, maker }));
}

/** Does nothing when there is no such note. */
export function removeNote(id: string): void {
  rmSync(join(notes(), id), { force: true });
}

/** All whose makers are gone without having removed them. */
export function abandoned(): Abandoned[] {
  mkdirSync(notes(), { recursive: true, mode: 0o700 });
  return readdirSync(notes()).flatMap((id) => {
    const note = { id, ...readNote(id) } as Partial<Abandoned> & { id: string };
    if (note.maker === undefined || note.directory === undefined || note.kind === undefined) return [];
    return isAlive(note.maker) ? [] : [note as Abandoned];
  });
}

/** Empty for a note that is gone by now, or that its maker was killed in writing: nothing was started by then. */
function readNote(id: string): object {
  try {
    return JSON.parse(readFileSync(join(notes(), id), "utf8")) as object;
  } catch {
    return {};
  }
}

/**
 * Ends every process that carries a folder's {@link MARK}, also those that they start meanwhile.
 * @returns how many there were
 * @throws Error naming those that do not end
 */
export async function endMarked(directory: string): Promise<number> {
  const ended = new Map<number, string>();
  const end = Date.now() + END_MILLIS;
  for (let left = marked(directory); left.length > 0; left = marked(directory)) {
    for (const id of left) {
      ended.set(id.pid, id.start);
      killProcess(id);
    }
    if (Date.now() > end) {
      throw new Error(
        `processes of ${directory} do not end: ${left.map(({ pid }) => pid).join(", ")}. Look at one: cat /proc/${left[0]?.pid ?? ""}/status`,
      );
    }
    await sleep(POLL_MILLIS);
  }
  return ended.size;
}

/** The processes that were started with a folder's mark; never this one. */
function marked(directory: string): ProcessId[] {
  const mark = `${MARK}=${directory}`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const id = identify(Number(name));
      return id !== undefined && environmentOf(name).includes(mark) ? [id] : [];
    });
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    // Ended meanwhile, or another user's.
    return [];
  }
}
