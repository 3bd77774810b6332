/** `amq status`: what each broker, member and bridge is doing, and whether that makes a whole cluster. */
import { METRICS } from "../../core/products/metrics";
import { isReplicated } from "../../core/products/stores";
import { BROKER_ROLES, type BrokerRole, DATABASE_ROLES, MEMBER_ROLES } from "../../core/host/service";
import { type Asked, diagnose } from "./diagnosis";
import { serviceOf } from "./service";
import { ANSWER_SECONDS, NOT_SET_UP, UNREACHABLE, onHost } from "../hosts/askHost";
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
  readonly facts: Omit<Status, "whole" | "missing" | "warnings">;
  /** By group: its own share of the queues. */
  readonly queuesOf: ReadonlyMap<string, Status["queues"]>;
}

/** Asks every service and judges what was found; see {@link observe}. */
export async function readStatus(plan: ClusterPlan, seconds = ANSWER_SECONDS): Promise<Status> {
  return statusOf(plan, await observe(plan, seconds));
}

export function statusOf(plan: ClusterPlan, seen: Observed): Status {
  const { missing, warnings } = diagnose(plan, seen.facts, seen);
  return { whole: missing.length === 0, ...seen.facts, missing, warnings };
}

/**
 * Asks every service side by side.
 * @param seconds what a service that has not answered by then does is not known
 * @param askHost how hosts are asked; what runs on one that cannot be asked is not known
 */
export async function observe(
  plan: ClusterPlan,
  seconds = ANSWER_SECONDS,
  askHost: typeof onHost = onHost,
): Promise<Observed> {
  const silent = new Map<string, string | undefined>();
  const ask: Ask = async ({ host, name }, question) => {
    const { code, stdout, stderr } = await askHost(plan, host, ["probe", name, question], seconds);
    if (code === 0) return stdout;
    if (code === NOT_SET_UP) return question === "role" ? "down" : "";
    // Only the question that all answer says whether one can be asked: those of before do not know every other.
    if (question === "role") silent.set(name, whySilent(code, host, stderr.split("\n")[0] ?? ""));
    return undefined;
  };
  const { server } = plan.database ?? {};
  const [groups, ensemble, database] = await Promise.all([
    Promise.all(plan.groups.map((group) => readGroup(plan, group, ask))),
    Promise.all(
      (plan.ensemble?.members ?? []).map(async (member) => ({
        name: member.name,
        role: asRole(await ask(member, "role"), MEMBER_ROLES),
      })),
    ),
    Promise.all(
      (server === undefined ? [] : [server]).map(async (one) => ({
        name: one.name,
        role: asRole(await ask(one, "role"), DATABASE_ROLES),
      })),
    ),
  ]);
  const facts = {
    groups: groups.map(({ name, master, brokers, service }) => ({
      name,
      master,
      brokers,
      ...(service !== undefined && { service }),
    })),
    ensemble,
    database,
    bridges: plan.bridges.map(({ name, from, to }) => ({
      from,
      to,
      up: isUp(name, groups.find((group) => group.name === from)?.connectors ?? null),
    })),
    queues: queueTotals(groups.flatMap((group) => group.samples ?? [])),
    unknownQueues: groups.filter(({ samples }) => samples === undefined).map(({ name }) => name),
  };
  const down = new Set(
    [...facts.groups.flatMap(({ brokers }) => brokers), ...ensemble, ...database]
      .filter(({ role }) => role === "down")
      .map(({ name }) => name),
  );
  const queuesOf = new Map(groups.map(({ name, samples }) => [name, queueTotals(samples ?? [])]));
  return { facts, queuesOf, silent, seconds, drained: await drainedOf(plan, down, ask) };
}

/** Which of the services that are down are drained. */
async function drainedOf(plan: ClusterPlan, down: ReadonlySet<string>, ask: Ask): Promise<Set<string>> {
  const services = servicesOf(plan).filter(({ name }) => down.has(name));
  const answers = await Promise.all(services.map(async (service) => (await ask(service, "drained")) === "drained"));
  return new Set(services.filter((_service, i) => answers[i] === true).map(({ name }) => name));
}

/** Undefined when there was no answer. */
type Ask = (service: Pick<PlannedBroker, "host" | "name">, question: string) => Promise<string | undefined>;

/** @param code null when it took too long */
function whySilent(code: number | null, host: string, reason: string): string | undefined {
  if (code === null) return undefined;
  return code === UNREACHABLE ? `its host ${host} cannot be reached (${reason})` : `its host ${host} fails (${reason})`;
}

function isUp(bridge: string, connectors: readonly string[] | null): boolean | null {
  return connectors === null ? null : connectors.includes(bridge);
}

/** Roles first: only a master has queues and bridges to tell of. */
async function readGroup(plan: ClusterPlan, group: PlannedGroup, ask: Ask) {
  const brokers = await Promise.all(
    group.brokers.map(async (broker) => ({
      broker,
      role: asRole(await ask(broker, "role"), BROKER_ROLES),
    })),
  );
  const failures = await Promise.all(
    brokers.map(async ({ broker, role }) => (isServing(role) ? "" : ((await ask(broker, "failure")) ?? "").trim())),
  );
  const masters = brokers.filter(({ role }) => role === "master").map(({ broker }) => broker);
  const copies = isReplicated(group.store) ? brokers.filter(({ role }) => role === "slave") : [];
  const [metrics, reports, ofCopies] = await Promise.all([
    Promise.all(masters.map(async (broker) => samplesIn(await ask(broker, "metrics")))),
    Promise.all(masters.map((broker) => reportOf(broker, ask))),
    Promise.all(copies.map(async ({ broker }) => [broker.name, (await reportOf(broker, ask)) ?? []] as const)),
  ]);
  const samples = allOf(metrics);
  const reported = allOf(reports);
  const behind = behindOf(masters.length === 1 ? (reported ?? []) : [], new Map(ofCopies));
  return {
    name: group.name,
    master: masters.length === 1 ? (masters[0]?.name ?? null) : null,
    brokers: brokers.map(({ broker: { name }, role }, i): BrokerStatus => {
      const failure = failures[i] ?? "";
      const behindBytes = behind.get(name);
      return { name, role, ...(failure !== "" && { failure }), ...(behindBytes !== undefined && { behindBytes }) };
    }),
    service: masters.length === 1 ? serviceOf(group, reported ?? []) : undefined,
    samples: masters.length === 0 ? undefined : samples,
    connectors:
      masters.length > 0 ? connectorsIn(reported) : brokers.some(({ role }) => role === "unknown") ? null : [],
  };
}

/** What an answer has; undefined for none, and for an empty one: a broker always has something to tell. */
function samplesIn(answer: string | undefined): readonly Sample[] | undefined {
  const samples = parseMetrics(answer ?? "");
  return samples.length === 0 ? undefined : samples;
}

/** One of before writes no report; its metrics say the same. */
async function reportOf(broker: PlannedBroker, ask: Ask): Promise<readonly Sample[] | undefined> {
  return samplesIn(await ask(broker, "report")) ?? samplesIn(await ask(broker, "metrics"));
}

/** Undefined as soon as one is. */
function allOf(answers: readonly (readonly Sample[] | undefined)[]): readonly Sample[] | undefined {
  return answers.some((answer) => answer === undefined) ? undefined : answers.flatMap((answer) => answer ?? []);
}

/** The network connectors that have a bridge; null when nobody could tell. */
function connectorsIn(samples: readonly Sample[] | undefined): readonly string[] | null {
  if (samples === undefined) return null;
  return samples.filter(({ name }) => name === METRICS.bridgeUp.name).map(({ labels }) => labels["connector"] ?? "");
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

/** No answer, or one in words nobody knows, says nothing of what a service does. */
function asRole<T extends string>(answer: string | undefined, roles: readonly T[]): T | "unknown" {
  return roles.find((role) => role === answer) ?? "unknown";
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
