/** What a group still holds: asked before it may go. */
import { METRICS } from "../../core/products/metrics";
import { isDeadLetterQueue } from "../../core/plan/deadLetters";
import { type Ask, NOT_SET_UP, onHost } from "../hosts/askHost";
import { type Sample, parseMetrics } from "../hosts/prometheus";
import { type ClusterPlan, type PlannedGroup, brokersOf } from "../../core/plan/model";

export type RemainingMessages =
  | {
      readonly kind: "counted";
      readonly messages: number;
      readonly deadLetters: number;
      readonly subscriptions: number;
      /** XA transactions that are prepared: what they sent is in no queue yet. */
      readonly prepared: number;
    }
  /** No broker of it has ever been healthy, so nobody can have sent anything. */
  | { readonly kind: "never up" }
  | { readonly kind: "unknown"; readonly why: string };

/** How the answer to `versions` ends for a service that was never healthy (core/host/script/stage.sh). */
const NEVER_CONFIRMED = "confirmed=";

/** Asks the group's master; without one, whether there ever was one. */
export async function remainingMessagesIn(
  plan: ClusterPlan,
  group: PlannedGroup,
  ask: Ask = onHost,
): Promise<RemainingMessages> {
  const roles = await Promise.all(
    group.brokers.map(async (broker) => ({
      broker,
      answer: await ask(plan, broker.host, ["probe", broker.name, "role"]),
    })),
  );
  const master = roles.find(({ answer }) => answer.code === 0 && answer.stdout === "master")?.broker;
  if (master !== undefined) {
    const { code, stdout, stderr } = await ask(plan, master.host, ["probe", master.name, "metrics"]);
    const samples = parseMetrics(code === 0 ? stdout : "");
    if (samples.length === 0) return { kind: "unknown", why: `its master ${master.name} does not tell: ${stderr}` };
    return counted(samples, plan.stack);
  }
  const versions = await Promise.all(group.brokers.map(({ host, name }) => ask(plan, host, ["versions", name])));
  if (versions.every(({ code, stdout }) => code === 0 && stdout.endsWith(NEVER_CONFIRMED))) return { kind: "never up" };
  const silent = group.brokers.filter((_, i) => versions[i]?.code !== 0).map(({ host }) => host);
  const why = `it has no master that could tell${silent.length > 0 ? `, and ${silent.join(", ")} cannot be asked` : ""}`;
  return { kind: "unknown", why };
}

/** Whether no broker of a stack was ever healthy, or serves now: then nobody has sent anything. One that cannot be asked may have been. */
export async function neverUp(plan: ClusterPlan, ask: Ask = onHost): Promise<boolean> {
  const brokers = await Promise.all(
    brokersOf(plan).map(async ({ host, name }) => {
      const { code, stdout } = await ask(plan, host, ["versions", name]);
      if (code === NOT_SET_UP) return true;
      if (code !== 0 || !stdout.endsWith(NEVER_CONFIRMED)) return false;
      return (await ask(plan, host, ["probe", name, "role"])).stdout !== "master";
    }),
  );
  return brokers.every((never) => never);
}

function counted(samples: readonly Sample[], stack: string): RemainingMessages {
  const prepared = samples.find(({ name }) => name === METRICS.preparedTransactions.name)?.value;
  // Brokers of before do not tell; those that restart with today's files do.
  if (prepared === undefined) {
    return { kind: "unknown", why: `its master does not tell of prepared transactions: run npx amq up ${stack} first` };
  }
  const named = (metric: { readonly name: string }) => samples.filter(({ name }) => name === metric.name);
  const queues = named(METRICS.queueSize);
  const sum = (some: readonly Sample[]) => some.reduce((total, { value }) => total + value, 0);
  const isDead = ({ labels }: Sample) => isDeadLetterQueue(labels["queue"] ?? "");
  return {
    kind: "counted",
    messages: sum(queues.filter((queue) => !isDead(queue))),
    deadLetters: sum(queues.filter(isDead)),
    subscriptions: named(METRICS.durableSubscriptionActive).filter(({ value }) => value === 0).length,
    prepared,
  };
}

export function isEmpty(remaining: RemainingMessages): boolean {
  if (remaining.kind !== "counted") return remaining.kind === "never up";
  return remaining.messages + remaining.deadLetters + remaining.subscriptions + remaining.prepared === 0;
}

/** `3 messages, 0 dead letters, 1 offline durable subscription`, or why nobody knows. */
export function remainingMessagesText(remaining: RemainingMessages): string {
  switch (remaining.kind) {
    case "never up":
      return "never up";
    case "unknown":
      return `unknown: ${remaining.why}`;
    case "counted": {
      const some = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
      return [
        some(remaining.messages, "message"),
        some(remaining.deadLetters, "dead letter"),
        some(remaining.subscriptions, "offline durable subscription"),
        ...(remaining.prepared > 0 ? [some(remaining.prepared, "prepared XA transaction")] : []),
      ].join(", ");
    }
    default:
      return remaining satisfies never;
  }
}
