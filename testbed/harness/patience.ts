/**
 * How long tests wait: in seconds of a quiet machine. On a busy one a second is as long as what is done in a second takes there at
 * that moment, so that a test fails for what it is about, and not for what runs beside it.
 */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { askSync } from "../../core/util/process";

/** What the fixed piece of work takes on a quiet machine. */
const QUIET_MILLIS = 25;
/** Often enough to notice what comes and goes; a look takes as long as the piece of work. */
const LOOK_AGAIN_MILLIS = 5000;
/** A machine that is slower than this is taken for broken. */
const SLOWEST = 40;
const BLOCK = Buffer.alloc(1 << 20);
const BLOCKS = 4;
/** How much slower than when it is asked, and at least than a quiet one, a machine may become until Jest ends a test. */
const BACKSTOP = { thanNow: 2, thanQuiet: 4 } as const;
const POLL_MILLIS = 100;

/** The fixed piece of work: computing, as JVMs do, and starting a process, as everything here does. @returns what it took */
function work(): number {
  const began = performance.now();
  for (let block = 0; block < BLOCKS; block++) createHash("sha256").update(BLOCK).digest();
  for (let process = 0; process < 3; process++) askSync("/bin/sh", ["-c", ":"]);
  return performance.now() - began;
}

/** How long ago a machine was measured, and what came of it. */
let last: { readonly at: number; readonly slowness: number } | undefined;

/**
 * How many times longer than on a quiet machine things take at this moment; at least 1.
 * @param measure the piece of work, for the test of this
 */
export function slowness(measure: () => number = work): number {
  if (measure === work && last !== undefined && performance.now() - last.at < LOOK_AGAIN_MILLIS) return last.slowness;
  // Load comes in bursts: one look may fall between two.
  const now = Math.min(SLOWEST, Math.max(1, measure() / QUIET_MILLIS));
  const smoothed = measure === work && last !== undefined ? Math.max(now, (now + last.slowness) / 2) : now;
  if (measure === work) last = { at: performance.now(), slowness: smoothed };
  return smoothed;
}

/** A limit for something that is given its time all at once. @param seconds of a quiet machine. @returns milliseconds */
export function limit(seconds: number): number {
  return Math.ceil(seconds * 1000 * slowness());
}

/** Where Jest ends a test, whatever it waits for. @param seconds that it takes on a quiet machine, at most. @returns milliseconds */
export function backstop(seconds: number): number {
  return Math.ceil(seconds * 1000 * Math.max(BACKSTOP.thanQuiet, BACKSTOP.thanNow * slowness()));
}

/**
 * Waits until something holds, for a time that is counted in seconds of a quiet machine and so goes slower while this one is busy.
 * @returns whether it does, at last
 */
export async function until(
  seconds: number,
  holds: () => boolean | Promise<boolean>,
  pollMillis = POLL_MILLIS,
  slow: () => number = slowness,
): Promise<boolean> {
  let left = seconds * 1000;
  for (let before = performance.now(); left > 0;) {
    if (await holds()) return true;
    await sleep(pollMillis);
    const now = performance.now();
    left -= (now - before) / slow();
    before = now;
  }
  return holds();
}
