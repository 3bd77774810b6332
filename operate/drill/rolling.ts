/** A patch day under load: ZooKeeper's members restarted one by one, then the masters, until two failovers and more than a log file. */
import { setTimeout as sleep } from "node:timers/promises";
import { allServe } from "./cluster";
import type { Context, Outcome } from "./context";
import { underLoad } from "./load";

/** A store's log file holds 100 MiB, and an index that is replayed over two files is where messages were once lost. */
const AT_LEAST_BYTES = 110 * 1024 * 1024;
const AT_LEAST_FAILOVERS = 2;
/** Rounds until it is taken that failovers do not come any more. */
const MOST_ROUNDS = 8;
const BODY_BYTES = 4096;
/** Long: how long a group was away is measured, and a busy machine takes a minute to start two JVMs. */
const SERVES_SECONDS = 180;

export interface RollingOutcome extends Outcome {
  /** Times a group's master was another one after a restart than before. */
  readonly failovers: number;
  /** Those of them after a member's restart: ought to be none. */
  readonly memberFailovers: number;
  /** MiB of message bodies acknowledged. */
  readonly mebibytes: number;
  /** Restarts of single members. */
  readonly restarts: number;
}

/** @throws Error when a group does not serve again within {@link SERVES_SECONDS} of a member's restart */
export async function rollingRestarts(context: Context): Promise<RollingOutcome> {
  const { cluster, say } = context;
  const failovers = { member: 0, broker: 0 };
  const all = () => failovers.member + failovers.broker;
  let restarts = 0;
  let longest = 0;
  const restart = async (kind: keyof typeof failovers, name: string, acknowledged: () => number) => {
    const before = await masters(context);
    await sleep(1000);
    const began = Date.now();
    await cluster.halt(name);
    await cluster.heal();
    // A member that comes back fast still drops its clients, and a demotion shows only after a moment.
    await sleep(2000);
    await cluster.until(allServe, SERVES_SECONDS, `not every group serves after the restart of ${name}`);
    longest = Math.max(longest, (Date.now() - began) / 1000);
    await cluster.putBack();
    const after = await masters(context);
    failovers[kind] += [...before].filter(([group, master]) => after.get(group) !== master).length;
    say(`${name} restarted; ${acknowledged()} acknowledged, ${all()} failovers, ${failovers.member} by members`);
  };
  const { counts, result: failover } = await underLoad(
    context,
    "rolling",
    async ({ acknowledged }) => {
      const enough = () => all() >= AT_LEAST_FAILOVERS && acknowledged() * BODY_BYTES >= AT_LEAST_BYTES;
      for (let round = 1; round <= MOST_ROUNDS && !enough(); round++) {
        const { ensemble } = await cluster.until(({ whole }) => whole, 120, "the cluster is not whole");
        // Followers first, the leader last: what is restarted costs the quorum as little as it can.
        const order = [...ensemble].sort((a, b) => Number(a.role === "leader") - Number(b.role === "leader"));
        for (const { name } of order) {
          await restart("member", name, acknowledged);
          restarts++;
        }
        for (const master of (await masters(context)).values()) await restart("broker", master, acknowledged);
      }
      await sleep(3000);
      return longest;
    },
    { bodyBytes: BODY_BYTES },
  );
  return {
    ...counts,
    failoverSeconds: failover,
    ok: counts.lost === 0,
    failovers: all(),
    memberFailovers: failovers.member,
    restarts,
    mebibytes: Math.round((counts.sent * BODY_BYTES) / 1024 / 1024),
  };
}

async function masters({ cluster }: Context): Promise<Map<string, string>> {
  const names = cluster.plan.groups.map(({ name }) => name);
  return new Map(await Promise.all(names.map(async (name) => [name, await cluster.master(name)] as const)));
}
