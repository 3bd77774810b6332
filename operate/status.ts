/** `amq status`: what each broker, member and bridge is doing, and whether that makes a whole cluster. */
import { isDeadLetterQueue } from "../components/broker/classic/deadLetters";
import type { ClusterPlan } from "../components/cluster/plan";
import type { BrokerRole, MemberRole } from "../components/hosts/service";
import { onHost } from "./hosts";
import { loadPlan } from "./project";
import { type Sample, parseMetrics } from "./prometheus";
import { table } from "./table";

/** The JSON that `amq status --json` prints: an API. */
export interface Status {
  readonly whole: boolean;
  readonly groups: readonly {
    readonly name: string;
    /** The broker that serves, null when none does. */
    readonly master: string | null;
    readonly brokers: readonly { readonly name: string; readonly role: BrokerRole }[];
  }[];
  readonly ensemble: readonly { readonly name: string; readonly role: MemberRole }[];
  readonly bridges: readonly { readonly from: string; readonly to: string; readonly up: boolean }[];
  readonly queues: readonly { readonly name: string; readonly pending: number; readonly consumers: number }[];
  /** What keeps it from being whole, and what to do about it. */
  readonly missing: readonly { readonly what: string; readonly todo: string }[];
}

export interface StatusOptions {
  readonly json?: boolean;
}

/** Prints the status of a stack. @returns the exit code: 0 when it is whole */
export async function status(stack: string, options: StatusOptions): Promise<number> {
  const found = await readStatus(loadPlan(stack));
  console.log(options.json === true ? JSON.stringify(found) : statusText(stack, found));
  return found.whole ? 0 : 1;
}

/** Asks every service side by side. */
export async function readStatus(plan: ClusterPlan): Promise<Status> {
  const ask = async (host: string, service: string, question: string) =>
    (await onHost(plan, host, ["probe", service, question])).stdout;
  const groups = await Promise.all(
    plan.groups.map(async (group) => {
      const brokers = await Promise.all(
        group.brokers.map(async (broker) => ({
          ...broker,
          role: asRole<BrokerRole>(await ask(broker.host, broker.name, "role"), BROKER_ROLES),
        })),
      );
      return { name: group.name, brokers, masters: brokers.filter((broker) => broker.role === "master") };
    }),
  );
  const members = await Promise.all(
    (plan.ensemble?.members ?? []).map(async ({ name, host }) => ({
      name,
      role: asRole<MemberRole>(await ask(host, name, "role"), MEMBER_ROLES),
    })),
  );
  const masters = groups.flatMap((group) => group.masters);
  const metrics = await Promise.all(masters.map(({ host, name }) => ask(host, name, "metrics")));
  const connectors = await Promise.all(masters.map(({ host, name }) => ask(host, name, "bridges")));
  const up = new Set(connectors.flatMap((names) => names.split("\n")));
  const facts = {
    groups: groups.map(({ name, brokers, masters: serving }) => ({
      name,
      master: serving[0]?.name ?? null,
      brokers: brokers.map(({ name: broker, role }) => ({ name: broker, role })),
    })),
    ensemble: members,
    bridges: plan.bridges.map(({ name, from, to }) => ({ from, to, up: up.has(name) })),
    queues: queueTotals(metrics.flatMap(parseMetrics)),
  };
  const missing = whatIsMissing(plan, facts);
  return { whole: missing.length === 0, ...facts, missing };
}

const BROKER_ROLES: readonly BrokerRole[] = ["master", "slave", "starting", "stuck", "down"];
const MEMBER_ROLES: readonly MemberRole[] = ["leader", "follower", "starting", "down"];

/** A host that does not answer in time is as good as down. */
function asRole<T extends string>(answer: string, roles: readonly T[]): T | "down" {
  return roles.find((role) => role === answer) ?? "down";
}

function queueTotals(samples: readonly Sample[]): Status["queues"] {
  const totals = new Map<string, { pending: number; consumers: number }>();
  for (const { name, labels, value } of samples) {
    const queue = labels["queue"];
    if (queue === undefined) continue;
    const total = totals.get(queue) ?? { pending: 0, consumers: 0 };
    if (name === "activemq_queue_size") total.pending += value;
    else if (name === "activemq_queue_consumers") total.consumers += value;
    else continue;
    totals.set(queue, total);
  }
  return [...totals].map(([name, total]) => ({ name, ...total })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

type Facts = Pick<Status, "groups" | "ensemble" | "bridges">;

function whatIsMissing(plan: ClusterPlan, { groups, ensemble, bridges }: Facts): Status["missing"] {
  const everything = [...groups.flatMap((group) => group.brokers), ...ensemble];
  if (everything.every(({ role }) => role === "down")) {
    return [{ what: "the stack is not up", todo: `amq up ${plan.stack}` }];
  }
  const todoDown = `amq up ${plan.stack} starts what is down`;
  const log = (name: string) => `read the log of ${name}; a broker is restarted by itself after a while`;
  const missing: { what: string; todo: string }[] = [];
  for (const group of groups) {
    const masters = group.brokers.filter(({ role }) => role === "master");
    if (masters.length === 0)
      missing.push({
        what: `group ${group.name} has no master: it does not serve`,
        todo: "wait for an election (a session timeout), then see the brokers below",
      });
    if (masters.length > 1)
      missing.push({
        what: `ALARM: group ${group.name} has ${masters.length} masters (${masters.map(({ name }) => name).join(", ")})`,
        todo: "stop all but one before they acknowledge more",
      });
    for (const { name, role } of group.brokers) {
      if (role === "down") missing.push({ what: `${name} is down`, todo: todoDown });
      if (role === "starting" || role === "stuck") missing.push({ what: `${name} is ${role}`, todo: log(name) });
    }
  }
  for (const { name, role } of ensemble) {
    if (role === "down") missing.push({ what: `${name} is down`, todo: todoDown });
    if (role === "starting") missing.push({ what: `${name} is not in the quorum`, todo: `read the log of ${name}` });
  }
  const leaders = ensemble.filter(({ role }) => role === "leader").length;
  if (ensemble.length > 0 && leaders !== 1)
    missing.push({ what: `the ensemble has ${leaders} leaders`, todo: "bring a majority of its members up" });
  for (const bridge of bridges) {
    if (!bridge.up)
      missing.push({
        what: `the bridge from ${bridge.from} to ${bridge.to} is down`,
        todo: "it dials again by itself once both groups have a master",
      });
  }
  return missing;
}

/** The status as people read it. */
export function statusText(stack: string, found: Status): string {
  const rows = [
    ...found.groups.flatMap((group) => group.brokers.map(({ name, role }) => [`group ${group.name}`, name, role])),
    ...found.ensemble.map(({ name, role }) => ["zookeeper", name, role]),
    ...found.bridges.map(({ from, to, up }) => ["bridge", `${from} -> ${to}`, up ? "up" : "down"]),
  ];
  const dead = found.queues.filter(({ name }) => isDeadLetterQueue(name));
  const live = found.queues.filter(({ name }) => !isDeadLetterQueue(name));
  const sum = (queues: Status["queues"], key: "pending" | "consumers") =>
    queues.reduce((total, queue) => total + queue[key], 0);
  const queues = `queues: ${live.length} with ${sum(live, "pending")} messages and ${sum(live, "consumers")} consumers; dead letters: ${sum(dead, "pending")}`;
  return [table(rows), "", queues, "", verdict(stack, found)].join("\n");
}

function verdict(stack: string, found: Status): string {
  if (!found.whole) {
    return [`${stack} is NOT WHOLE:`, ...found.missing.map(({ what, todo }) => `  ${what}\n    -> ${todo}`)].join("\n");
  }
  const slaves = found.groups.flatMap((group) => group.brokers).filter(({ role }) => role === "slave").length;
  const parts = [
    `${found.groups.length} groups with a master each`,
    ...(slaves > 0 ? [`${slaves} slaves in sync`] : []),
    ...(found.ensemble.length > 0 ? [`${found.ensemble.length} ZooKeeper members in quorum`] : []),
    ...(found.bridges.length > 0 ? [`${found.bridges.length} bridges up`] : []),
  ];
  return `${stack} is whole: ${parts.join(", ")}`;
}
