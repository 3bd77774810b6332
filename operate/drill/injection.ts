/** How a fault is injected into a running cluster, whatever it hits: a process, a machine, a cable, a disk, a change. */
import { setTimeout as sleep } from "node:timers/promises";
import { Watch, type WatchOptions, type Watched } from "./watch";

/** Long: what is asked is that groups serve again (watchdogs, and supervisors that wait longer each time, included), not how fast. */
export const SERVE_SECONDS = 120;

export interface Injection {
  /** What is done, in a few words. */
  readonly what: string;
  readonly hit: () => Promise<void>;
  /** How long it stays so at least; longer when the rest takes longer to serve. */
  readonly seconds?: number;
  /** True: some group can serve only once it is healed; times count from then. */
  readonly outage?: boolean;
  readonly heal: () => Promise<void>;
}

export interface InjectOptions extends WatchOptions {
  /** What is done while the fault lasts, once the rest serves. */
  readonly meanwhile?: () => Promise<void>;
  /** What is waited for at the end, while it is still looked whether groups serve. */
  readonly afterwards?: () => Promise<void>;
}

export interface Injected {
  /** The longest time in which a group had no master, in seconds; undefined when none was seen to end. */
  readonly masterless: number | undefined;
  /** From the end of the fault to the end of it all, in seconds. */
  readonly recovery: number;
}

/**
 * Injects a fault, waits until the rest serves, heals, waits until all serve.
 * @throws Error when groups do not serve within {@link SERVE_SECONDS}; what a part of it throws; the signal's reason
 */
export async function inject(
  watched: Watched,
  { hit, seconds = 0, outage = false, heal }: Omit<Injection, "what">,
  { meanwhile, afterwards, ...options }: InjectOptions = {},
): Promise<Injected> {
  const watch = new Watch(watched, options);
  let masterless: number | undefined;
  let healed: number;
  try {
    const began = Date.now();
    await hit();
    watch.distrust();
    if (!outage) await watch.untilServed(SERVE_SECONDS);
    await meanwhile?.();
    const left = seconds * 1000 - (Date.now() - began);
    await sleep(Math.max(left, 0), undefined, { signal: watched.signal });
    if (outage) watch.restart();
    healed = Date.now();
    await heal();
    await watch.untilServed(SERVE_SECONDS);
    await afterwards?.();
  } finally {
    masterless = await watch.end();
  }
  return { masterless, recovery: (Date.now() - healed) / 1000 };
}
