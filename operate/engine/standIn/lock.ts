/** Keeps two runs off the same stack. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";

/** Takes the lock; the lock of a process that is gone is taken over. Returns how to give it back.
 * @param what is locked, for the error
 * @throws Error naming the process that holds it */
export function takeLock(file: string, what = "this stack"): () => void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, String(process.pid), { mode: 0o600 });
  try {
    // Linked, not written in place: nobody ever reads a lock that has no holder yet.
    while (!linked(mine, file)) {
      const holder = holderOf(file);
      if (holder !== undefined) {
        throw new Error(`another run works on ${what}: process ${holder} (lock file ${file})`);
      }
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(mine);
  }
  return () => {
    rmSync(file, { force: true });
  };
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** The live process that holds the lock, if any. */
function holderOf(file: string): number | undefined {
  let pid: number | undefined;
  try {
    pid = Number(readFileSync(file, "utf8"));
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: it lives, as another user. Anything else: no such process, or the lock was given back meanwhile.
    return (error as NodeJS.ErrnoException).code === "EPERM" ? pid : undefined;
  }
}
