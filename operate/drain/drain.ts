/** `amq drain`: takes a host out of a serving cluster for a while, without an unplanned failover, and puts it back. */
import { nearest } from "../../core/util/suggest";
import { drainBack } from "../status/diagnosis";
import {
  lossesInWords,
  lossesWithout,
  missingApartFrom,
  servicesOn,
  startingOrder,
  stoppingOrder,
  unhealthy,
} from "./drainRules";
import { until } from "../../core/util/until";
import { type HostAnswer, NOT_SET_UP, UNREACHABLE, onHost } from "../hosts/askHost";
import { progress } from "../terminal/progress";
import { loadPlan } from "../project";
import { type Observed, observe } from "../status/status";
import type { ClusterPlan } from "../../core/plan/model";
import type { Missing } from "../status/statusModel";

export interface DrainOptions {
  readonly json?: boolean;
  /** Puts the host back. */
  readonly back?: boolean;
  /** Drains it also when the cluster is not whole, or when a group or the ensemble goes down with it. */
  readonly force?: boolean;
}

/** The JSON that `amq drain --json` prints: an API. */
export interface Drained {
  readonly stack: string;
  readonly host: string;
  /** Whether it is drained now. */
  readonly drained: boolean;
  /** What was stopped or started, in this order; empty when there was nothing to do. */
  readonly services: readonly string[];
  readonly seconds: number;
  /** What does not serve until hosts that are drained are back. */
  readonly down: readonly string[];
}

/** A broker that does not stop in order is killed after 30 s. */
const STOP_SECONDS = 90;

/** Per service that was stopped: an election, and bridges that are dialled again. */
const HAND_OVER_SECONDS = 120;

/** From the first start until the cluster is whole; a machine that still boots counts, too. */
const BACK_SECONDS = 180;

type Say = (text: string) => void;

/**
 * Drains a host of a stack, or puts it back.
 * @returns the exit code: 0 when it is done
 * @throws Error saying why it was refused, or how far it came
 * @throws ConfigError for a faulty stack file
 */
export async function drain(stack: string, host: string, options: DrainOptions): Promise<number> {
  const plan = loadPlan(stack);
  const say = progress(process.stderr).line;
  const done =
    options.back === true ? await putBack(plan, host, say) : await takeOut(plan, host, options.force === true, say);
  console.log(options.json === true ? JSON.stringify(done) : inWords(plan, done));
  return 0;
}

/**
 * Stops a host's services one at a time; each time the rest must serve before the next one goes.
 * @param limitSeconds how long the rest may take to serve without a service
 * @throws Error when it is refused, and nothing was changed; or naming what is not as it should be after a stop
 */
export async function takeOut(
  plan: ClusterPlan,
  host: string,
  force: boolean,
  say: Say,
  limitSeconds = HAND_OVER_SECONDS,
): Promise<Drained> {
  const began = Date.now();
  const own = new Set(knownServices(plan, host));
  const listed = await onHost(plan, host, ["list"]);
  if (listed.code !== 0) throw new Error(noAnswer(plan, host, listed));
  const seen = await observe(plan);
  const away = new Set([...own, ...unhealthy(seen)]);
  const losses = lossesWithout(plan, away);
  const before = missingApartFrom(plan, seen, own, lossesWithout(plan, own));
  const lost = lossesInWords(plan, losses, host, away);
  const services = stoppingOrder(plan, seen, host).filter((name) => !seen.drained.has(name));
  if (services.length > 0 && !force) refuse(plan, host, before, lost);
  for (const line of lost) say(`note: ${line}`);
  const expected = new Set(before.map(withoutFigures));
  for (const service of services) {
    const since = Date.now();
    const answer = await onHost(plan, host, ["drain", service], STOP_SECONDS);
    if (answer.code !== 0) throw new Error(notDone(plan, host, `${service} could not be stopped`, answer));
    say(`${service} is stopped (${secondsSince(since)} s)`);
    const left = await waitFor(plan, since + limitSeconds * 1000, (now) =>
      missingApartFrom(plan, now, own, losses).filter((fault) => !expected.has(withoutFigures(fault))),
    );
    if (left.length > 0) throw new Error(notServing(plan, host, service, left, limitSeconds));
    say(`the rest serves without it (${secondsSince(since)} s)`);
  }
  return { stack: plan.stack, host, drained: true, services, seconds: secondsSince(began), down: lost };
}

/**
 * Starts what is drained on a host and waits until the cluster is whole but for other drained hosts.
 * @throws Error when the host does not answer, or what is missing after the time limit
 */
export async function putBack(
  plan: ClusterPlan,
  host: string,
  say: Say,
  limitSeconds = BACK_SECONDS,
): Promise<Drained> {
  const began = Date.now();
  const end = began + limitSeconds * 1000;
  const own = new Set(knownServices(plan, host));
  await untilItAnswers(plan, host, end, say);
  const { drained } = await observe(plan);
  const services = startingOrder(plan, host).filter((name) => drained.has(name));
  const elsewhere = new Set([...drained].filter((name) => !own.has(name)));
  const losses = lossesWithout(plan, elsewhere);
  for (const service of services) {
    const answer = await onHost(plan, host, ["put-back", service], STOP_SECONDS);
    if (answer.code !== 0) throw new Error(`${service} could not be started: ${reasonOf(answer)}`);
    say(`${service} is started`);
  }
  if (services.length > 0) {
    const left = await waitFor(plan, end, (now) => missingApartFrom(plan, now, elsewhere, losses));
    if (left.length > 0) {
      const todo = `they go on trying by themselves: npx amq status ${plan.stack} says how the cluster is`;
      throw new Error(
        `${services.join(", ")} are started on ${host}, but the cluster is not whole after ${limitSeconds} s; ${todo}\n${listOf(left)}`,
      );
    }
  }
  const hostsDown = plan.hosts.filter((other) => other.services.some((service) => elsewhere.has(service)));
  const down = hostsDown.map(({ name }) => `${name} is still drained: ${drainBack(plan, name)}`);
  return { stack: plan.stack, host, drained: false, services, seconds: secondsSince(began), down };
}

/** What `up` says while a host is drained. */
export function drainedMeanwhile(plan: ClusterPlan, services: readonly string[]): string {
  const hosts = plan.hosts.filter((host) => host.services.some((service) => services.includes(service)));
  const back = hosts.map(({ name }) => `  ${drainBack(plan, name)}`).join("\n");
  return [
    `${hosts.map(({ name }) => name).join(", ")}: drained, and left alone. What was down elsewhere was started; nothing was changed: a change restarts brokers one by one, and a group that lacks one already would be left without a master.`,
    `Put back what is drained, then run npx amq up ${plan.stack} again:\n${back}`,
    `For a machine that is gone for good: npx amq forget ${plan.stack} <host>`,
  ].join("\n");
}

function knownServices(plan: ClusterPlan, host: string): readonly string[] {
  const services = servicesOn(plan, host);
  if (services !== undefined) return services;
  const names = plan.hosts.map(({ name }) => name);
  const meant = nearest(host, names);
  const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
  throw new Error(
    `stack ${plan.stack} has no host ${host}.${hint} Its hosts: ${plan.hosts.map(({ name, services: on }) => `${name} (${on.join(", ")})`).join("; ")}`,
  );
}

function refuse(plan: ClusterPlan, host: string, before: readonly Missing[], lost: readonly string[]): void {
  const reasons = [
    ...(before.length > 0 ? [`the cluster is not whole, and a stop would come on top of it:\n${listOf(before)}`] : []),
    ...lost,
  ];
  if (reasons.length === 0) return;
  const force = `npx amq drain ${plan.stack} ${host} --force`;
  const todo = before.length > 0 ? "Mend that first, or go on all the same" : "To go on all the same";
  throw new Error(`${host} was not drained, nothing was changed:\n- ${reasons.join("\n- ")}\n${todo}: ${force}`);
}

/** The same fault, however much time has passed or messages have come since. */
function withoutFigures({ what }: Missing): string {
  return what.replaceAll(/\b\d+\b/g, "#");
}

function listOf(missing: readonly Missing[]): string {
  return missing.map(({ what, todo }) => `  ${what}\n    -> ${todo}`).join("\n");
}

function noAnswer(plan: ClusterPlan, host: string, answer: HostAnswer): string {
  if (answer.code === NOT_SET_UP)
    return `nothing of ${plan.stack} is on ${host}: bring it up first: npx amq up ${plan.stack}`;
  return `${host} cannot be reached (${reasonOf(answer)}): nothing there can be stopped or started. Switch it on and try again; when it is gone for good: npx amq forget ${plan.stack} ${host}`;
}

function notDone(plan: ClusterPlan, host: string, what: string, answer: HostAnswer): string {
  // An amq-host from before there was such a verb.
  if (answer.stderr.includes("usage: amq-host")) {
    return `${what}: the amq-host on ${host} is an older one, without drain. npx amq up ${plan.stack} brings the new one.`;
  }
  return `${what}: ${reasonOf(answer)}\nnpx amq drain ${plan.stack} ${host} goes on from there, ${drainBack(plan, host)} goes back.`;
}

function notServing(
  plan: ClusterPlan,
  host: string,
  service: string,
  left: readonly Missing[],
  seconds: number,
): string {
  return `${service} is stopped, but ${seconds} s later the rest does not serve as it should; nothing more was stopped:\n${listOf(left)}\nnpx amq drain ${plan.stack} ${host} goes on from there once that is mended, ${drainBack(plan, host)} goes back.`;
}

function reasonOf({ code, stderr, stdout }: HostAnswer): string {
  const said = `${stderr}\n${stdout}`.split("\n").find((line) => line !== "");
  return said ?? (code === null ? "no answer" : `exit code ${code}`);
}

async function untilItAnswers(plan: ClusterPlan, host: string, end: number, say: Say): Promise<void> {
  const mayCome = ({ code }: HostAnswer) => code === UNREACHABLE || code === null;
  let told = false;
  const everyMillis = (answer: HostAnswer) => {
    if (!told) say(`${host} does not answer (${reasonOf(answer)}); waiting for it, at most ${BACK_SECONDS} s`);
    told = true;
    return 1000;
  };
  const look = () => onHost(plan, host, ["list"]);
  const { seen } = await until(look, (answer) => !mayCome(answer), { millis: end - Date.now(), everyMillis });
  if (seen.code !== 0) throw new Error(noAnswer(plan, host, seen));
}

/**
 * A master that was connected to a member which stopped gives up a moment later, so what is whole must still be so after this.
 */
const SETTLED_MILLIS = 2000;

/** Looks until nothing is missing twice in a row. @returns what is, when the time is over */
async function waitFor(
  plan: ClusterPlan,
  end: number,
  missing: (seen: Observed) => readonly Missing[],
): Promise<readonly Missing[]> {
  let before = false;
  const isSettled = ({ length }: readonly Missing[]) => {
    const settled = before && length === 0;
    before = length === 0;
    return settled;
  };
  const everyMillis = ({ length }: readonly Missing[]) => (length === 0 ? SETTLED_MILLIS : 500);
  const look = async () => missing(await observe(plan));
  return (await until(look, isSettled, { millis: end - Date.now(), everyMillis })).seen;
}

function secondsSince(began: number): number {
  return Math.round((Date.now() - began) / 100) / 10;
}

function inWords(plan: ClusterPlan, { host, drained, services, seconds, down }: Drained): string {
  const names = services.join(", ");
  if (!drained) {
    const said =
      services.length === 0
        ? `${host} is not drained; what is down there: npx amq up ${plan.stack} starts it`
        : `${host} is back after ${seconds} s: ${names}`;
    return [down.length === 0 && services.length > 0 ? `${said}; the cluster is whole` : said, ...down].join("\n");
  }
  const rest = down.length === 0 ? "the others serve, with one broker less to lose" : down.join("\n");
  return services.length === 0
    ? `${host} is drained already; ${drainBack(plan, host)} puts it back`
    : `${host} is drained after ${seconds} s: ${names}, stopped and not started by a reboot or by up\n${rest}\n${drainBack(plan, host)} puts it back`;
}
