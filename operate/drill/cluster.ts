/** The running cluster as an experiment handles it: who is master, take it down, put it back. */
import { until } from "../../core/util/until";
import { onHost } from "../hosts/askHost";
import { readStatus } from "../status/status";
import { bringSharedBack, takeSharedAway } from "./sharedDirectory";
import { Watch } from "./watch";
import { type ClusterPlan, servicesOf } from "../../core/plan/model";
import type { Status } from "../status/statusModel";

/** kill: its supervisor starts it again; halt: killed and down until {@link Cluster.heal}; freeze: it stands still until then. */
export type InjectionKind = "kill" | "halt" | "freeze";

/** How long a group may take to get its next master. */
const FAIL_OVER_SECONDS = 90;

export class Cluster {
  /** Services that this drill took down, or that it keeps from running, and has not put back. */
  private readonly halted = new Set<string>();
  private readonly frozen = new Set<string>();
  private directoryTaken = false;

  private puttingBack = false;

  /** @param signal when it is aborted, nothing more is taken down or waited for; putBack still works */
  constructor(
    readonly plan: ClusterPlan,
    readonly signal: AbortSignal,
  ) {}

  /** The group's master. @throws Error when it has none within `seconds` */
  async master(group: string, seconds = 90): Promise<string> {
    const state = await this.until(
      (status) => masterOf(status, group) !== undefined,
      seconds,
      `group ${group} has no master`,
    );
    return masterOf(state, group) ?? "";
  }

  /**
   * Kills a master with -9 and waits for the next one.
   * @param stayDown true: the old one stays down until putBack; false: its supervisor starts it again
   * @returns seconds from the kill until another broker of the group serves
   */
  async failOver(group: string, stayDown: boolean): Promise<number> {
    const old = await this.master(group);
    const watch = new Watch(this, { groups: [group], pauseMillis: 100 });
    try {
      await this.injectFault(stayDown ? "halt" : "kill", [old]);
      watch.distrust();
      await watch.untilServed(FAIL_OVER_SECONDS);
    } catch (error) {
      await watch.end();
      throw new Error(`group ${group} got no new master after the death of ${old}`, { cause: error });
    }
    return (await watch.end()) ?? FAIL_OVER_SECONDS;
  }

  /** Takes a service down and keeps it down. */
  async halt(service: string): Promise<void> {
    await this.injectFault("halt", [service]);
  }

  /** Injects a fault into services, all at once. */
  async injectFault(kind: InjectionKind, services: readonly string[]): Promise<void> {
    this.signal.throwIfAborted();
    await Promise.all(
      services.map(async (service) => {
        if (kind === "halt") this.halted.add(service);
        if (kind === "freeze") this.frozen.add(service);
        const words = kind === "freeze" ? ["signal", service, "STOP"] : [kind, service];
        const { code, stderr } = await onHost(this.plan, this.hostOf(service), words);
        if (code !== 0) throw new Error(`${kind} ${service}: ${stderr}`);
      }),
    );
  }

  /** Takes the groups' shared directories away, until {@link Cluster.heal}. */
  takeDirectory(): void {
    this.signal.throwIfAborted();
    this.directoryTaken = true;
    takeSharedAway(this.plan);
  }

  /** Starts everything that was halted, lets go on what was frozen, gives back what was taken away. */
  async heal(): Promise<void> {
    if (this.directoryTaken) bringSharedBack(this.plan);
    this.directoryTaken = false;
    await Promise.all([
      ...[...this.halted].map(async (service) => {
        const { code, stderr } = await onHost(this.plan, this.hostOf(service), ["start", service]);
        if (code !== 0) throw new Error(`start ${service}: ${stderr}`);
        this.halted.delete(service);
      }),
      ...[...this.frozen].map(async (service) => {
        // It may have been killed meanwhile, by who takes a frozen process for a dead one: then there is nothing to let go on.
        await onHost(this.plan, this.hostOf(service), ["signal", service, "CONT"]);
        this.frozen.delete(service);
      }),
    ]);
  }

  /**
   * Heals, and waits until the cluster is whole.
   * @returns seconds that took
   * @throws Error naming what is missing after `seconds`
   */
  async putBack(seconds = 150): Promise<number> {
    const began = Date.now();
    this.puttingBack = true;
    try {
      await this.heal();
      await this.until((status) => status.whole, seconds, "the cluster is not whole again");
    } finally {
      this.puttingBack = false;
    }
    return (Date.now() - began) / 1000;
  }

  /** @throws Error with what is missing when the condition does not hold within `seconds` */
  async until(condition: (status: Status) => boolean, seconds: number, otherwise: string): Promise<Status> {
    const signal = this.puttingBack ? undefined : this.signal;
    const patience = { millis: seconds * 1000, everyMillis: 300, signal };
    const { seen, asWanted } = await until(() => readStatus(this.plan), condition, patience);
    if (asWanted) return seen;
    throw new Error(`${otherwise} after ${seconds} s: ${seen.missing.map(({ what }) => what).join("; ")}`);
  }

  private hostOf(service: string): string {
    const found = servicesOf(this.plan).find(({ name }) => name === service);
    if (found === undefined) throw new Error(`no service ${service} in the plan`);
    return found.host;
  }
}

/** Every group has exactly one master. */
export function allServe(status: Status): boolean {
  return status.groups.every(({ brokers }) => brokers.filter(({ role }) => role === "master").length === 1);
}

function masterOf(status: Status, group: string): string | undefined {
  return status.groups.find(({ name }) => name === group)?.master ?? undefined;
}
