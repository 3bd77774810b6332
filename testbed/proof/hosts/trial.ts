/** One experiment while it runs: it strikes, and what that came to is kept. */
import type { Stream } from "../../../operate/drill/load";
import { Watch } from "../../../operate/drill/watch";
import type { Proven } from "./clusterUnderTest";
import type { Site } from "./site";

/** Long: what is proven is that groups serve again, not how fast on a busy machine. */
const SERVE_SECONDS = 120;

export interface Strike {
  /** What is done, in a few words. */
  readonly what: string;
  readonly hit: () => Promise<void>;
  /** How long it stays so at least. */
  readonly seconds?: number;
  /** True: a group is without its majority and can serve only once it is healed; times count from then. */
  readonly outage?: true;
  readonly heal: () => Promise<void>;
}

export class Trial<S extends Proven = Site> {
  /** Longest time without a master in some group, in seconds. */
  served: number | undefined;
  /** Longest time from the end of a fault until the cluster was whole, in seconds. */
  whole: number | undefined;
  private readonly remarks: string[] = [];
  private readonly strikes: string[] = [];

  /**
   * @param running   undefined when messages only wait
   * @param meanwhile what is done during a strike, once the groups serve again
   */
  constructor(
    readonly site: S,
    private readonly running: Stream | undefined,
    private readonly meanwhile: () => Promise<void> = () => Promise.resolve(),
  ) {}

  get stream(): Stream {
    if (this.running === undefined) throw new Error("this experiment has no stream");
    return this.running;
  }

  remark(text: string): void {
    this.site.say(text);
    this.remarks.push(text);
  }

  /** Does it, waits until the rest serves, undoes it, waits until the cluster is whole. @throws Error when one does not happen */
  async strike({ what, hit, seconds = 0, outage, heal }: Strike): Promise<void> {
    const { site } = this;
    site.say(what);
    const watch = new Watch(site, { pauseMillis: site.pauseMillis });
    let served: number | undefined;
    let healed: number;
    try {
      const began = Date.now();
      await hit();
      watch.distrust();
      if (outage !== true) await watch.untilServed(SERVE_SECONDS);
      await this.meanwhile();
      await site.pause(seconds - (Date.now() - began) / 1000);
      if (outage === true) watch.restart();
      healed = Date.now();
      await heal();
      await watch.untilServed(SERVE_SECONDS);
      await site.whole();
    } finally {
      served = await watch.end();
    }
    const whole = (Date.now() - healed) / 1000;
    this.served = Math.max(this.served ?? 0, served ?? Infinity);
    this.whole = Math.max(this.whole ?? 0, whole);
    const times = `served again after ${(served ?? Infinity).toFixed(0)} s, whole after ${whole.toFixed(0)} s`;
    site.say(`${what}: ${times}`);
    this.strikes.push(`${what}: ${times}`);
  }

  /** Of a single strike the table says everything anyway. */
  get told(): readonly string[] {
    return this.strikes.length > 1 ? [...this.strikes, ...this.remarks] : this.remarks;
  }
}
