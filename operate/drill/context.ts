/** What every experiment works with: the cluster, an account, clients that end with the drill. */
import { join } from "node:path";
import { type Account, ClientProcess, idsIn } from "./client";
import type { Cluster } from "./cluster";
import type { Tally } from "./tally";

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
  /** How many messages all producers of a stream send together in a second; undefined: as many as they can. */
  readonly perSecond?: number;
  /** Words that run a client where clients are; absent when that is here. */
  readonly through?: readonly string[];
  /** Tells what is being done. */
  readonly say: (text: string) => void;
}

export interface Outcome extends Tally {
  /** Seconds from the injection until the service was there again; null where nothing fails over. */
  readonly failoverSeconds: number | null;
  readonly ok: boolean;
}

/** A client that ends with the drill. */
export function client(context: Context, words: readonly string[], account = context.account): ClientProcess {
  return new ClientProcess(account, words, context.cluster.signal, context.through);
}

/** What the queues of all experiments begin with. */
export const DRILL_QUEUES = "amq-drill";

let counter = 0;
/** A queue of its own for each run, so that nothing earlier is counted. */
export const queueFor = (id: string) => `${DRILL_QUEUES}.${id}.${process.pid}.${++counter}`;

/** How long a consumer waits for more before it is taken for all there is: longer than a bridge needs to come up again. */
export const IDLE_SECONDS = 25;

/** Consumes until `count` have come or nothing comes any more; returns the ids in order of arrival. */
export async function receive(
  context: Context,
  url: string,
  queue: string,
  count: number | undefined,
  account = context.account,
) {
  const file = join(context.directory, `${queue}.${++counter}.received`);
  const limit = count === undefined ? [] : ["--count", String(count)];
  const idle = String(count === undefined ? 8 : IDLE_SECONDS);
  await client(
    context,
    ["receive", "--url", url, "--queue", queue, "--received", file, "--idle", idle, ...limit],
    account,
  ).result();
  return idsIn(file);
}
