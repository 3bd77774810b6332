/** Eight producers that stream while something is done to the cluster, and what became of every message. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { idsIn } from "./client";
import { type Context, IDLE_SECONDS, client, queueFor, receive } from "./context";
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
  /** Of all producers together; default as the drill was told, else as many as they can. */
  readonly perSecond?: number;
  /** The group that all clients connect to; default: as the failover URLs have it. */
  readonly group?: string;
}

/**
 * A stream of eight producers and a consumer, through the failover URL of all brokers unless a group is given, around whatever `blows` does.
 *
 * @param injections strikes; what it returns is returned
 */
export async function underLoad<T>(
  context: Context,
  id: string,
  injections: (stream: Stream) => Promise<T>,
  { bodyBytes = 1024, perSecond = context.perSecond, group }: Sends = {},
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
    const result = await injections({
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
  const { admin } = context;
  const groups = Object.values(context.cluster.plan.urls.groups);
  return (await Promise.all(groups.map((url) => receive(context, url, `DLQ.${queue}`, undefined, admin)))).flat();
}
