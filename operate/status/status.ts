/** `amq status`: what each broker, member and bridge is doing, and whether that makes a whole cluster. */
import { METRICS } from "../../core/products/metrics";
import { isReplicated } from "../../core/products/stores";
import type { BrokerRole, DatabaseRole, MemberRole } from "../../core/host/service";
import { type Asked, whatIsMissing } from "./diagnosis";
import { ANSWER_SECONDS, UNREACHABLE, onHost } from "../hosts/askHost";
import { loadPlan } from "../project";
import { type Sample, parseMetrics } from "../hosts/prometheus";
import { statusText } from "./statusText";
import { painterFor } from "../terminal/table";
import { type ClusterPlan, type PlannedBroker, type PlannedGroup, servicesOf } from "../../core/plan/model";
import type { BrokerStatus, Status } from "./statusModel";

export interface StatusOptions {
  readonly json?: boolean;
}

/** Prints the status of a stack. @returns the exit code: 0 when it is whole */
export async function status(stack: string, options: StatusOptions): Promise<number> {
  const plan = loadPlan(stack);
  return printStatus(plan, await readStatus(plan), options);
}

/** Prints what was found. @returns the exit code: 0 when it is whole */
export function printStatus(plan: ClusterPlan, found: Status, options: StatusOptions): number {
  console.log(options.json === true ? JSON.stringify(found) : statusText(plan, found, painterFor(process.stdout)));
  return found.whole ? 0 : 1;
}

/** What was found, before it is judged. */
export interface Observed extends Asked {
  readonly facts: Omit<Status, "whole" | "missing">;
}

/** Asks every service and judges what was found; see {@link observe}. */
export async function readStatus(plan: ClusterPlan, seconds = ANSWER_SECONDS): Promise<Status> {
  return statusOf(plan, await observe(plan, seconds));
}

export function statusOf(plan: ClusterPlan, seen: Observed): Status {
  const missing = whatIsMissing(plan, seen.facts, seen);
  return { whole: missing.length === 0, ...seen.facts, missing };
}

/**
 * Asks every service side by side.
 * @param seconds a service that has not answered by then counts as down
 * @param askHost how hosts are asked; one that cannot be asked counts as down
 */
export async function observe(
  plan: ClusterPlan,
  seconds = ANSWER_SECONDS,
  askHost: typeof onHost = onHost,
): Promise<Observed> {
  const silent = new Map<string, string | undefined>();
  const ask: Ask = async ({ host, name }, question) => {
    const { code, stdout, stderr } = await askHost(plan, host, ["probe", name, question], seconds);
    if (code === null) silent.set(name, undefined);
    if (code === UNREACHABLE) silent.set(name, stderr.split("\n")[0] ?? "");
    return code === 0 ? stdout : "";
  };
  const { server } = plan.database ?? {};
  const [groups, ensemble, database] = await Promise.all([
    Promise.all(plan.groups.map((group) => readGroup(plan, group, ask))),
    Promise.all(
      (plan.ensemble?.members ?? []).map(async (member) => ({
        name: member.name,
        role: asRole<MemberRole>(await ask(member, "role"), MEMBER_ROLES),
      })),
    ),
    Promise.all(
      (server === undefined ? [] : [server]).map(async (one) => ({
        name: one.name,
        role: asRole<DatabaseRole>(await ask(one, "role"), DATABASE_ROLES),
      })),
    ),
  ]);
  const facts = {
    groups: groups.map(({ name, master, brokers }) => ({ name, master, brokers })),
    ensemble,
    database,
    bridges: plan.bridges.map(({ name, from, to }) => ({
      from,
      to,
      up: groups.some((group) => group.name === from && group.connectors.includes(name)),
    })),
    queues: queueTotals(groups.flatMap((group) => group.samples)),
  };
  const down = new Set(
    [...facts.groups.flatMap(({ brokers }) => brokers), ...ensemble, ...database]
      .filter(({ name, role }) => role === "down" && !silent.has(name))
      .map(({ name }) => name),
  );
  return { facts, silent, seconds, drained: await drainedOf(plan, down, ask) };
}

/** Which of the services that are down are drained. */
async function drainedOf(plan: ClusterPlan, down: ReadonlySet<string>, ask: Ask): Promise<Set<string>> {
  const services = servicesOf(plan).filter(({ name }) => down.has(name));
  const answers = await Promise.all(services.map(async (service) => (await ask(service, "drained")) === "drained"));
  return new Set(services.filter((_service, i) => answers[i] === true).map(({ name }) => name));
}

type Ask = (service: Pick<PlannedBroker, "host" | "name">, question: string) => Promise<string>;

/** Roles first: only a master has queues and bridges to tell of. */
async function readGroup(plan: ClusterPlan, group: PlannedGroup, ask: Ask) {
  const brokers = await Promise.all(
    group.brokers.map(async (broker) => ({
      broker,
      role: asRole<BrokerRole>(await ask(broker, "role"), BROKER_ROLES),
    })),
  );
  const failures = await Promise.all(
    brokers.map(async ({ broker, role }) => (isServing(role) ? "" : (await ask(broker, "failure")).trim())),
  );
  const masters = brokers.filter(({ role }) => role === "master").map(({ broker }) => broker);
  const dials = plan.bridges.some((bridge) => bridge.from === group.name);
  const copies = isReplicated(group.store) ? brokers.filter(({ role }) => role === "slave") : [];
  const [metrics, connectors, ofCopies] = await Promise.all([
    Promise.all(masters.map((broker) => ask(broker, "metrics"))),
    Promise.all(dials ? masters.map((broker) => ask(broker, "bridges")) : []),
    Promise.all(copies.map(async ({ broker }) => [broker.name, parseMetrics(await ask(broker, "metrics"))] as const)),
  ]);
  const samples = metrics.flatMap(parseMetrics);
  const behind = behindOf(masters.length === 1 ? samples : [], new Map(ofCopies));
  return {
    name: group.name,
    master: masters.length === 1 ? (masters[0]?.name ?? null) : null,
    brokers: brokers.map(({ broker: { name }, role }, i): BrokerStatus => {
      const failure = failures[i] ?? "";
      const behindBytes = behind.get(name);
      return { name, role, ...(failure !== "" && { failure }), ...(behindBytes !== undefined && { behindBytes }) };
    }),
    samples,
    connectors: connectors.flatMap((names) => names.split("\n").map((name) => name.trim())),
  };
}

/** How far each copy is behind what the master has written; the master is asked meanwhile, so it may be behind a copy. */
function behindOf(master: readonly Sample[], copies: ReadonlyMap<string, readonly Sample[]>): Map<string, number> {
  const behind = new Map<string, number>();
  const written = positionIn(master, METRICS.storeReceivedPosition.name);
  for (const [name, samples] of copies) {
    const indexed = positionIn(samples, METRICS.storeIndexedPosition.name);
    if (written !== undefined && indexed !== undefined) behind.set(name, Math.max(0, written - indexed));
  }
  return behind;
}

/** Negative while a broker is neither master nor slave; brokers of before do not say it. */
function positionIn(samples: readonly Sample[], metric: string): number | undefined {
  const position = samples.find(({ name }) => name === metric)?.value ?? -1;
  return position >= 0 ? position : undefined;
}

const isServing = (role: BrokerRole) => role === "master" || role === "slave";

const BROKER_ROLES: readonly BrokerRole[] = ["master", "slave", "starting", "stuck", "down"];
const MEMBER_ROLES: readonly MemberRole[] = ["leader", "follower", "starting", "stuck", "down"];
const DATABASE_ROLES: readonly DatabaseRole[] = ["serving", "starting", "stuck", "down"];

/** A service that does not answer, or in words nobody knows, is as good as down. */
function asRole<T extends string>(answer: string, roles: readonly T[]): T | "down" {
  return roles.find((role) => role === answer) ?? "down";
}

function queueTotals(samples: readonly Sample[]): Status["queues"] {
  const totals = new Map<string, { pending: number; consumers: number }>();
  for (const { name, labels, value } of samples) {
    const queue = labels["queue"];
    const count = COUNTS.get(name);
    if (queue === undefined || count === undefined || !Number.isFinite(value)) continue;
    const total = totals.get(queue) ?? { pending: 0, consumers: 0 };
    total[count] += value;
    totals.set(queue, total);
  }
  return [...totals].map(([name, total]) => ({ name, ...total })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What each metric counts. */
const COUNTS = new Map<string, "pending" | "consumers">([
  [METRICS.queueSize.name, "pending"],
  [METRICS.queueConsumers.name, "consumers"],
]);
