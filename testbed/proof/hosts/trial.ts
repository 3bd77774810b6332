/** One experiment while it runs: it injects a fault, and what that came to is kept. */
import type { Stream } from "../../../operate/drill/load";
import { type Injection, inject } from "../../../operate/drill/injection";
import type { ClusterUnderTest } from "./clusterUnderTest";
import type { Site } from "./site";

export class Trial<S extends ClusterUnderTest = Site> {
  /** Longest time without a master in some group, in seconds. */
  served: number | undefined;
  /** Longest time from the end of a fault until the cluster was whole, in seconds. */
  whole: number | undefined;
  private readonly remarks: string[] = [];
  private readonly injections: string[] = [];

  /**
   * @param running   undefined when messages only wait
   * @param meanwhile what is done during an injection, once the groups serve again
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
  async injectFault({ what, ...injection }: Injection): Promise<void> {
    const { site, meanwhile } = this;
    site.say(what);
    const afterwards = () => site.whole();
    const { masterless: served, recovery: whole } = await inject(site, injection, {
      pauseMillis: site.pauseMillis,
      meanwhile,
      afterwards,
    });
    this.served = Math.max(this.served ?? 0, served ?? Infinity);
    this.whole = Math.max(this.whole ?? 0, whole);
    const times = `served again after ${(served ?? Infinity).toFixed(0)} s, whole after ${whole.toFixed(0)} s`;
    site.say(`${what}: ${times}`);
    this.injections.push(`${what}: ${times}`);
  }

  /** Of a single strike the table says everything anyway. */
  get told(): readonly string[] {
    return this.injections.length > 1 ? [...this.injections, ...this.remarks] : this.remarks;
  }
}
