/** Experiments 5, 7 and 8: eight producers stream while brokers, ZooKeeper members and the database are killed. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { idsIn } from "./client";
import { allServe } from "./cluster";
import { type Context, IDLE_SECONDS, type Outcome, client, queueFor, receive } from "./context";
import { type Tally, tally } from "./tally";

/** The stream that is under way while an experiment strikes. */
export interface Stream {
  readonly queue: string;
  /** Sends acknowledged so far. */
  readonly acknowledged: () => number;
  /** Counts what somebody else got acknowledged for the same queue; ids of their own. */
  readonly add: (ids: readonly string[]) => void;
}

/** How the eight producers send. */
export interface Sends {
  /** Size of a message's body; default 1024. */
  readonly bodyBytes?: number;
  /** Of all producers together; default as many as they can. */
  readonly perSecond?: number;
  /** The group that all clients connect to; default: as the failover URLs have it. */
  readonly group?: string;
}

/**
 * A stream of eight producers and a consumer, through the failover URL of all brokers unless a group is given, around whatever `blows` does.
 *
 * @param blows strikes; what it returns is returned
 */
export async function underLoad<T>(
  context: Context,
  id: string,
  blows: (stream: Stream) => Promise<T>,
  { bodyBytes = 1024, perSecond, group }: Sends = {},
): Promise<{ counts: Tally; result: T }> {
  const { cluster, say } = context;
  const queue = queueFor(id);
  const ackedFile = join(context.directory, `${queue}.acked`);
  const received = join(context.directory, `${queue}.received`);
  const { urls } = cluster.plan;
  const only = group === undefined ? undefined : urls.groups[group];
  const sendTo = only ?? urls.producers ?? urls.failover;
  const consumeFrom = only ?? urls.consumers ?? urls.failover;
  const consumer = client(context, ["receive", "--url", consumeFrom, "--queue", queue, "--received", received]);
  const producers = client(context, [
    "stream",
    "--url",
    sendTo,
    "--queue",
    queue,
    "--producers",
    "8",
    "--acked",
    ackedFile,
    "--size",
    String(bodyBytes),
    ...(perSecond === undefined ? [] : ["--rate", String(perSecond)]),
  ]);
  const others: string[] = [];
  try {
    await Promise.all([consumer.ready, producers.ready]);
    const result = await blows({
      queue,
      acknowledged: () => producers.acknowledged,
      add: (ids) => others.push(...ids),
    });
    producers.stop();
    const { acked = 0 } = await producers.result();
    const sent = acked + others.length;
    say(`${sent} acknowledged; draining`);
    await drained(received, sent);
    consumer.stop();
    await consumer.result();
    const rest: string[] = [];
    if (new Set(idsIn(received)).size < sent) {
      // What the consumer's group does not get over a bridge is asked for where it is.
      for (const url of Object.values(urls.groups)) rest.push(...(await receive(context, url, queue, undefined)));
    }
    const all = [...idsIn(ackedFile), ...others];
    return { counts: tally(all, [...idsIn(received), ...rest], await deadLetters(context, queue)), result };
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
export async function streamOverKills(context: Context, kills: number): Promise<Outcome> {
  const { cluster, say } = context;
  const groups = cluster.plan.groups.filter(({ brokers }) => brokers.length > 1);
  const { counts, result: failover } = await underLoad(context, "stream", async () => {
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

/** How long a group may take to serve again once a majority of the ensemble, or the database, is back (watchdog included). */
const RECOVERY_SECONDS = 60;

/** As long as a database takes that is moved to its standby. */
const DATABASE_DOWN_MILLIS = 12_000;

/** The database killed and kept down for a while: every group waits, and nothing is lost. */
export async function databaseOutage(context: Context): Promise<Outcome> {
  const { cluster, say } = context;
  const server = cluster.plan.database?.server?.name ?? "";
  const { counts, result: failover } = await underLoad(context, "database", async () => {
    await sleep(4000);
    say(`kill -9 of ${server}, sends in flight`);
    await cluster.halt(server);
    await sleep(DATABASE_DOWN_MILLIS);
    say("start it");
    const began = Date.now();
    await cluster.startHalted();
    await cluster.until(allServe, RECOVERY_SECONDS, "not every group serves again");
    const back = (Date.now() - began) / 1000;
    say(`every group serves ${back.toFixed(1)} s after the database was started`);
    await cluster.putBack();
    await sleep(3000);
    return back;
  });
  return { ...counts, failoverSeconds: failover, ok: counts.lost === 0 };
}

export async function zooKeeperOutages(context: Context): Promise<Outcome> {
  const { cluster, say } = context;
  const members = async (role: "leader" | "follower") => {
    const { ensemble } = await cluster.until(({ whole }) => whole, 120, "the cluster is not whole");
    return ensemble.filter((member) => member.role === role).map(({ name }) => name);
  };
  const { counts, result: failover } = await underLoad(context, "zookeeper", async () => {
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
