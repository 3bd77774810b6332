/** The experiments of the reference topologies: each sends, kills real processes, receives, and says what came of it. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterPlan } from "../../components/cluster/plan";
import { type Account, ClientProcess, idsIn } from "./client";
import { type Cluster, allServe } from "./cluster";
import { canFlow, pairs } from "./flow";
import { type Tally, tally } from "./tally";

/** What an experiment works with. */
export interface Context {
  readonly cluster: Cluster;
  readonly account: Account;
  /** For reading dead letters, which applications may not; undefined when the stack has no admin. */
  readonly admin: Account | undefined;
  /** A folder for the clients' files. */
  readonly directory: string;
  /** How many kills experiment 5 makes, 1 or more. */
  readonly kills: number;
  /** Tells what is being done. */
  readonly say: (text: string) => void;
}

export interface Outcome extends Tally {
  /** Seconds from the blow until the service was there again; null where nothing fails over. */
  readonly failoverSeconds: number | null;
  readonly ok: boolean;
}

export interface Experiment {
  readonly id: string;
  readonly title: string;
  /** Why it does not fit a topology; undefined when it does. */
  readonly unfit: (plan: ClusterPlan) => string | undefined;
  readonly run: (context: Context) => Promise<Outcome>;
}

const hasSlaves = (plan: ClusterPlan) => plan.groups.some(({ brokers }) => brokers.length > 1);
const NO_SLAVES = "no group has slaves";

export const EXPERIMENTS: readonly Experiment[] = [
  {
    id: "1",
    title: "3 messages to a group, its master killed, consumed from the promoted slave",
    unfit: (plan) => (hasSlaves(plan) ? undefined : NO_SLAVES),
    run: (context) => {
      const group = context.cluster.plan.groups[0]?.name ?? "";
      return parked(context, [{ from: group, to: group }], "all");
    },
  },
  {
    id: "2",
    title: "3 messages to a group, its master killed, consumed from another group",
    unfit: (plan) =>
      hasSlaves(plan)
        ? flowing(plan).length > 0
          ? undefined
          : "no bridge carries messages to another group"
        : NO_SLAVES,
    run: (context) => parked(context, flowing(context.cluster.plan).slice(0, 2), "all"),
  },
  {
    id: "3",
    title: "the same where no connector leads to the consumer's group: nothing arrives there",
    unfit: (plan) =>
      hasSlaves(plan) ? (blocked(plan).length > 0 ? undefined : "every group reaches every other") : NO_SLAVES,
    run: (context) => parked(context, blocked(context.cluster.plan).slice(0, 1), "none"),
  },
  {
    id: "4",
    title: "3 messages to a broker without slaves, killed: nothing arrives until it is back",
    unfit: (plan) =>
      hasSlaves(plan)
        ? "the groups have slaves"
        : flowing(plan).length > 0
          ? undefined
          : "no bridge leads to another group",
    run: (context) => parked(context, flowing(context.cluster.plan).slice(0, 1), "none"),
  },
  {
    id: "5",
    title: "eight producers stream through the failover URL while a master is killed",
    unfit: (plan) => (hasSlaves(plan) ? undefined : NO_SLAVES),
    run: (context) => streamOverKills(context, context.kills),
  },
  {
    id: "7",
    title: "a ZooKeeper follower, the leader, then two of three members stopped, under the same load",
    unfit: (plan) => (plan.ensemble === undefined ? "no ZooKeeper in this stack" : undefined),
    run: zooKeeperOutages,
  },
];

function flowing(plan: ClusterPlan) {
  return pairs(plan).filter(({ from, to }) => canFlow(plan, from, to));
}

function blocked(plan: ClusterPlan) {
  return pairs(plan).filter(({ from, to }) => !canFlow(plan, from, to));
}

let counter = 0;
const queueFor = (id: string) => `amq-drill.${id}.${process.pid}.${++counter}`;

/** How long a consumer waits for more before it is taken for all there is: longer than a bridge needs to come up again. */
const IDLE_SECONDS = 25;

/**
 * Sends 3 to `from`, kills its master for good, consumes from `to`. With `none`, the old master then comes back and the
 * messages are consumed from where they were sent: they must not have been lost, only out of reach.
 */
async function parked(
  context: Context,
  routes: readonly { from: string; to: string }[],
  expected: "all" | "none",
): Promise<Outcome> {
  const { cluster, account, say } = context;
  const { groups } = cluster.plan.urls;
  const results: { sent: string[]; received: string[]; failover: number | null; ok: boolean }[] = [];
  for (const { from, to } of routes) {
    const queue = queueFor("parked");
    const acked = join(context.directory, `${queue}.acked`);
    say(`3 messages to ${from}`);
    await new ClientProcess(account, [
      ...["send", "--url", groups[from] ?? "", "--queue", queue, "--count", "3", "--prefix", queue, "--acked", acked],
    ]).result();
    const withSlaves = (cluster.plan.groups.find(({ name }) => name === from)?.brokers.length ?? 0) > 1;
    say(`kill -9 of the master of ${from}`);
    let failover: number | null = null;
    if (withSlaves) failover = await cluster.failOver(from, true);
    else await cluster.halt(await cluster.master(from));
    say(`consume from ${to}`);
    const there = await receive(context, groups[to] ?? "", queue, expected === "all" ? 3 : undefined);
    await cluster.putBack();
    if (expected === "all") {
      results.push({ sent: idsIn(acked), received: there, failover, ok: there.length === 3 });
    } else {
      say(`${there.length} arrived; consume from ${from}`);
      const here = await receive(context, groups[from] ?? "", queue, 3);
      results.push({ sent: idsIn(acked), received: here, failover, ok: there.length === 0 && here.length === 3 });
    }
  }
  const counts = tally(
    results.flatMap(({ sent }) => sent),
    results.flatMap(({ received }) => received),
    [],
  );
  const failovers = results.flatMap(({ failover }) => (failover === null ? [] : [failover]));
  return {
    ...counts,
    failoverSeconds: failovers.length === 0 ? null : Math.max(...failovers),
    ok: results.length > 0 && results.every(({ ok }) => ok) && counts.lost === 0,
  };
}

/** Consumes until `count` have come or nothing comes any more; returns the ids in order of arrival. */
async function receive(
  context: Context,
  url: string,
  queue: string,
  count: number | undefined,
  account = context.account,
) {
  const file = join(context.directory, `${queue}.${++counter}.received`);
  const limit = count === undefined ? [] : ["--count", String(count)];
  const idle = String(count === undefined ? 8 : IDLE_SECONDS);
  await new ClientProcess(account, [
    "receive",
    "--url",
    url,
    "--queue",
    queue,
    "--received",
    file,
    "--idle",
    idle,
    ...limit,
  ]).result();
  return idsIn(file);
}

/** A stream of eight producers and a consumer, both through the failover URL of all brokers, around whatever `blows` does. */
async function underLoad(
  context: Context,
  id: string,
  blows: () => Promise<number>,
): Promise<{ counts: Tally; failover: number }> {
  const { cluster, account, say } = context;
  const queue = queueFor(id);
  const acked = join(context.directory, `${queue}.acked`);
  const received = join(context.directory, `${queue}.received`);
  const { urls } = cluster.plan;
  const [sendTo, consumeFrom] = [urls.producers ?? urls.failover, urls.consumers ?? urls.failover];
  const consumer = new ClientProcess(account, [
    "receive",
    "--url",
    consumeFrom,
    "--queue",
    queue,
    "--received",
    received,
  ]);
  const producers = new ClientProcess(account, [
    "stream",
    "--url",
    sendTo,
    "--queue",
    queue,
    "--producers",
    "8",
    "--acked",
    acked,
  ]);
  try {
    await Promise.all([consumer.ready, producers.ready]);
    const failover = await blows();
    producers.stop();
    const { acked: sent = 0 } = await producers.result();
    say(`${sent} acknowledged; draining`);
    await drained(received, sent);
    consumer.stop();
    await consumer.result();
    const rest: string[] = [];
    if (new Set(idsIn(received)).size < sent) {
      // What the consumer's group does not get over a bridge is asked for where it is.
      for (const url of Object.values(urls.groups)) rest.push(...(await receive(context, url, queue, undefined)));
    }
    return { counts: tally(idsIn(acked), [...idsIn(received), ...rest], await deadLetters(context, queue)), failover };
  } finally {
    producers.kill();
    consumer.kill();
  }
}

/** Waits until as many different ids have been received as were sent, or none have come for a while. */
async function drained(file: string, sent: number): Promise<void> {
  let seen = -1;
  for (let quiet = 0; quiet < IDLE_SECONDS && seen < sent; quiet++) {
    const now = new Set(idsIn(file)).size;
    if (now > seen) quiet = 0;
    seen = now;
    await sleep(1000);
  }
}

/** A broker that finds a duplicate after a failover puts it there rather than deliver it. */
async function deadLetters(context: Context, queue: string): Promise<string[]> {
  if (context.admin === undefined) {
    context.say("no user with role admin: dead letters are not counted");
    return [];
  }
  const ids: string[] = [];
  for (const url of Object.values(context.cluster.plan.urls.groups)) {
    ids.push(...(await receive(context, url, `DLQ.${queue}`, undefined, context.admin)));
  }
  return ids;
}

/** Timed kills of masters, a group after the other, with sends in flight. */
async function streamOverKills(context: Context, kills: number): Promise<Outcome> {
  const { cluster, say } = context;
  const groups = cluster.plan.groups.filter(({ brokers }) => brokers.length > 1);
  const { counts, failover } = await underLoad(context, "stream", async () => {
    let longest = 0;
    for (let kill = 0; kill < kills; kill++) {
      const group = groups[kill % groups.length]?.name ?? "";
      await sleep(4000 + Math.random() * 1000);
      say(`kill -9 of the master of ${group}, sends in flight`);
      longest = Math.max(longest, await cluster.failOver(group, false));
      await cluster.putBack();
    }
    await sleep(3000);
    return longest;
  });
  return { ...counts, failoverSeconds: failover, ok: counts.lost === 0 };
}

/** How long a group may take to serve again once a majority of the ensemble is back (watchdog included). */
const RECOVERY_SECONDS = 60;

async function zooKeeperOutages(context: Context): Promise<Outcome> {
  const { cluster, say } = context;
  const members = async (role: "leader" | "follower") => {
    const { ensemble } = await cluster.until(({ whole }) => whole, 120, "the cluster is not whole");
    return ensemble.filter((member) => member.role === role).map(({ name }) => name);
  };
  const { counts, failover } = await underLoad(context, "zookeeper", async () => {
    for (const role of ["follower", "leader"] as const) {
      const [one = ""] = await members(role);
      await sleep(2000);
      say(`stop ${one} (${role})`);
      await cluster.halt(one);
      await cluster.until(allServe, RECOVERY_SECONDS, `not every group serves without ${one}`);
      say(`every group serves; start ${one}`);
      await cluster.putBack();
    }
    const two = [...(await members("leader")), ...(await members("follower"))].slice(0, 2);
    say(`stop two of three: ${two.join(", ")}`);
    for (const one of two) await cluster.halt(one);
    await sleep(12_000);
    say("start both");
    const began = Date.now();
    await cluster.startHalted();
    await cluster.until(allServe, RECOVERY_SECONDS, "not every group serves again");
    const back = (Date.now() - began) / 1000;
    say(`every group serves ${back.toFixed(1)} s after the quorum's members were started`);
    await cluster.putBack();
    await sleep(3000);
    return back;
  });
  return { ...counts, failoverSeconds: failover, ok: counts.lost === 0 };
}
