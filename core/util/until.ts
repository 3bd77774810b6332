/** Waiting until something is as wanted, by looking again and again. */
import { setTimeout as sleep } from "node:timers/promises";

export interface Patience<T> {
  /** How long; the last look may come later. At least one look is taken. */
  readonly millis: number;
  /** Between two looks; may depend on what was seen. */
  readonly everyMillis: number | ((seen: T) => number);
  /** When it is aborted, nothing is waited for any more. */
  readonly signal?: AbortSignal | undefined;
}

/** The last look. */
export interface Seen<T> {
  readonly seen: T;
  /** Whether it was as wanted. */
  readonly asWanted: boolean;
}

/**
 * Looks until what is seen is as wanted, or the time is over.
 * @throws the signal's reason when that is aborted; what a look throws
 */
export async function until<T>(
  look: () => T | Promise<T>,
  isAsWanted: (seen: T) => boolean,
  { millis, everyMillis, signal }: Patience<T>,
): Promise<Seen<T>> {
  const end = Date.now() + millis;
  for (;;) {
    signal?.throwIfAborted();
    const seen = await look();
    const asWanted = isAsWanted(seen);
    if (asWanted || Date.now() >= end) return { seen, asWanted };
    const pause = typeof everyMillis === "number" ? everyMillis : everyMillis(seen);
    // An abort ends the pause; its reason is thrown above.
    await sleep(pause, undefined, { ...(signal && { signal }) }).catch(() => undefined);
  }
}

/** Between two looks that cost nothing. */
const OFTEN_MILLIS = 50;

/** Waits until something holds. @returns whether it does, at last */
export async function comesTrue(
  holds: () => boolean | Promise<boolean>,
  millis: number,
  everyMillis = OFTEN_MILLIS,
): Promise<boolean> {
  return (await until(holds, Boolean, { millis, everyMillis })).asWanted;
}
