/** How long clients of a group had no master: every broker is asked again and again, each in a loop of its own. */
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../core/util/until";
import { onHost } from "../hosts/askHost";
import type { ClusterPlan } from "../../core/plan/model";

const TICK_MILLIS = 100;
/** Between two questions to a broker, unless told otherwise. */
export const WATCH_MILLIS = 1000;

/** Whom a watch asks. */
export interface Watched {
  readonly plan: ClusterPlan;
  /** When it is aborted, nothing is waited for any more. */
  readonly signal: AbortSignal;
  /** Hosts that cannot answer now, so nobody waits for them. */
  readonly away?: ReadonlySet<string>;
}

export interface WatchOptions {
  /** The groups that are asked; default all. */
  readonly groups?: readonly string[];
  /** Between two questions to a broker: what a figure may be wrong by. Asking costs processor time that the brokers need; default {@link WATCH_MILLIS}. */
  readonly pauseMillis?: number;
}

export class Watch {
  private readonly answers = new Map<string, { asked: number; role: string }>();
  private ended = false;
  /** What was answered before does not count; nor does what was asked before. */
  private since = Date.now();
  private lastGood = this.since;
  private longestMillis = 0;
  private everGood = false;
  private readonly loops: Promise<unknown>;

  private readonly groups: ClusterPlan["groups"];
  private readonly pauseMillis: number;

  constructor(
    private readonly watched: Watched,
    { groups, pauseMillis = WATCH_MILLIS }: WatchOptions = {},
  ) {
    this.groups = watched.plan.groups.filter(({ name }) => groups?.includes(name) ?? true);
    this.pauseMillis = pauseMillis;
    const brokers = this.groups.flatMap((group) => group.brokers);
    this.loops = Promise.all([this.tick(), ...brokers.map(({ name, host }) => this.ask(name, host))]);
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
    return this.groups.every(({ brokers }) =>
      brokers.some(({ name, host }) => {
        const answer = this.answers.get(name);
        return answer?.role === "master" && answer.asked >= this.since && !this.isAway(host);
      }),
    );
  }

  /** @throws Error when not every group serves within a time */
  async untilServed(seconds: number): Promise<void> {
    const patience = { millis: seconds * 1000, everyMillis: TICK_MILLIS, signal: this.watched.signal };
    const { asWanted } = await until(() => this.serves, Boolean, patience);
    if (!asWanted) throw new Error(`not every group serves after ${seconds} s: ${this.roles()}`);
    this.note();
  }

  /** @returns the longest time in seconds in which a group had no master; undefined when that has not ended */
  async end(): Promise<number | undefined> {
    this.ended = true;
    await this.loops;
    return this.everGood ? this.longestMillis / 1000 : undefined;
  }

  private async tick(): Promise<void> {
    while (!this.ended) {
      if (this.serves) this.note();
      await sleep(TICK_MILLIS);
    }
  }

  /** Every group serves: a time without a master has ended, if there was one. */
  private note(): void {
    this.longestMillis = Math.max(this.longestMillis, Date.now() - this.lastGood);
    this.lastGood = Date.now();
    this.everGood = true;
  }

  private async ask(name: string, host: string): Promise<void> {
    while (!this.ended) {
      if (!this.isAway(host)) {
        const asked = Date.now();
        const { stdout } = await onHost(this.watched.plan, host, ["probe", name, "role"]);
        this.answers.set(name, { asked, role: stdout });
      }
      await sleep(this.pauseMillis);
    }
  }

  private isAway(host: string): boolean {
    return this.watched.away?.has(host) === true;
  }

  private roles(): string {
    return [...this.answers].map(([name, { role }]) => `${name} ${role === "" ? "no answer" : role}`).join(", ");
  }
}
