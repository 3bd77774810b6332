/** The running cluster as an experiment handles it: who is master, take it down, put it back. */
import { setTimeout as sleep } from "node:timers/promises";
import { type ClusterPlan, servicesOf } from "../../components/cluster/plan";
import { onHost } from "../hosts";
import { type Status, readStatus } from "../status";

export class Cluster {
  /** Services that this drill took down and has not put back. */
  private readonly halted = new Set<string>();

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
    const began = Date.now();
    await this.take(old, stayDown ? "halt" : "kill");
    const members = this.plan.groups.find(({ name }) => name === group)?.brokers ?? [];
    while (Date.now() - began < 90_000) {
      // Only this group's roles, and only the role: a whole status takes longer than the figure may be wrong by.
      const roles = await Promise.all(
        members.map(async ({ host, name }) => ({
          name,
          role: (await onHost(this.plan, host, ["probe", name, "role"])).stdout,
        })),
      );
      if (roles.some(({ name, role }) => role === "master" && (name !== old || !stayDown)))
        return (Date.now() - began) / 1000;
      await sleep(100);
    }
    throw new Error(`group ${group} got no new master within 90 s of the death of ${old}`);
  }

  /** Takes a service down and keeps it down. */
  async halt(service: string): Promise<void> {
    await this.take(service, "halt");
  }

  private async take(service: string, how: "kill" | "halt"): Promise<void> {
    this.signal.throwIfAborted();
    if (how === "halt") this.halted.add(service);
    const { code, stderr } = await onHost(this.plan, this.hostOf(service), [how, service]);
    if (code !== 0) throw new Error(`${how} ${service}: ${stderr}`);
  }

  /** Starts everything that was halted. */
  async startHalted(): Promise<void> {
    await Promise.all(
      [...this.halted].map(async (service) => {
        const { code, stderr } = await onHost(this.plan, this.hostOf(service), ["start", service]);
        if (code !== 0) throw new Error(`start ${service}: ${stderr}`);
        this.halted.delete(service);
      }),
    );
  }

  /**
   * Starts what was halted and waits until the cluster is whole.
   * @returns seconds that took
   * @throws Error naming what is missing after `seconds`
   */
  async putBack(seconds = 150): Promise<number> {
    const began = Date.now();
    this.puttingBack = true;
    try {
      await this.startHalted();
      await this.until((status) => status.whole, seconds, "the cluster is not whole again");
    } finally {
      this.puttingBack = false;
    }
    return (Date.now() - began) / 1000;
  }

  /** @throws Error with what is missing when the condition does not hold within `seconds` */
  async until(condition: (status: Status) => boolean, seconds: number, otherwise: string): Promise<Status> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      if (!this.puttingBack) this.signal.throwIfAborted();
      const status = await readStatus(this.plan);
      if (condition(status)) return status;
      if (Date.now() > end) {
        throw new Error(`${otherwise} after ${seconds} s: ${status.missing.map(({ what }) => what).join("; ")}`);
      }
      await sleep(300);
    }
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
