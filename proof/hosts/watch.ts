/** How long clients of a group had no master: every broker is asked again and again, each in a loop of its own. */
import { setTimeout as sleep } from "node:timers/promises";
import { brokersOf } from "../../components/cluster/plan";
import { onHost } from "../../operate/hosts";
import type { Site } from "./site";

/** Asking costs processor time that the brokers need. */
const PAUSE_MILLIS = 1000;
const TICK_MILLIS = 100;

export class Watch {
  private readonly answers = new Map<string, { asked: number; role: string }>();
  private ended = false;
  /** What was answered before does not count; nor does what was asked before. */
  private since = Date.now();
  private lastGood = this.since;
  private longestMillis = 0;
  private everGood = false;
  private readonly loops: Promise<unknown>;

  constructor(private readonly site: Site) {
    const { plan } = site;
    this.loops = Promise.all([this.tick(), ...brokersOf(plan).map(({ name, host }) => this.ask(name, host))]);
  }

  /** Counts from now on. */
  restart(): void {
    this.since = this.lastGood = Date.now();
    this.longestMillis = 0;
    this.everGood = false;
  }

  /** What was asked before now may have been answered by who is gone since; the time goes on counting. */
  distrust(): void {
    this.since = Date.now();
  }

  /** Whether every group serves, as far as was asked since the start; two that say they are master count as one. */
  get serves(): boolean {
    return this.site.plan.groups.every(({ brokers }) =>
      brokers.some(({ name, host }) => {
        const answer = this.answers.get(name);
        return answer?.role === "master" && answer.asked >= this.since && !this.site.away.has(host);
      }),
    );
  }

  /** @throws Error when not every group serves within a time */
  async untilServed(seconds: number): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!this.serves) {
      this.site.signal.throwIfAborted();
      if (Date.now() > end) throw new Error(`not every group serves after ${seconds} s: ${this.roles()}`);
      await sleep(TICK_MILLIS);
    }
  }

  /** @returns the longest time in seconds in which a group had no master; undefined when that has not ended */
  async end(): Promise<number | undefined> {
    this.ended = true;
    await this.loops;
    return this.everGood ? this.longestMillis / 1000 : undefined;
  }

  private async tick(): Promise<void> {
    while (!this.ended) {
      if (this.serves) {
        this.longestMillis = Math.max(this.longestMillis, Date.now() - this.lastGood);
        this.lastGood = Date.now();
        this.everGood = true;
      }
      await sleep(TICK_MILLIS);
    }
  }

  private async ask(name: string, host: string): Promise<void> {
    while (!this.ended) {
      if (!this.site.away.has(host)) {
        const asked = Date.now();
        const { stdout } = await onHost(this.site.plan, host, ["probe", name, "role"]);
        this.answers.set(name, { asked, role: stdout });
      }
      await sleep(PAUSE_MILLIS);
    }
  }

  private roles(): string {
    return [...this.answers].map(([name, { role }]) => `${name} ${role === "" ? "no answer" : role}`).join(", ");
  }
}
