/** Persistent synchronous sends of 1 KiB: a group of three replicated brokers against a single broker with KahaDB. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClusterPlan } from "../components/cluster/plan";
import { accountsOf } from "../operate/drill/accounts";
import { type Account, ClientProcess, resolveClient } from "../operate/drill/client";
import { type BenchContext, benchGroup, benchStack, timed } from "./context";
import { type Row, median, spread } from "./row";

const GROUP = "a";
const PRODUCERS = [1, 8] as const;
const SECONDS = 10;
const WARM_UP_SECONDS = 5;
const BYTES = 1024;

interface Store {
  readonly plan: ClusterPlan;
  readonly account: Account;
  /** Messages a second, by the number of producers. */
  readonly rates: Map<number, number[]>;
}

export async function benchThroughput(context: BenchContext): Promise<Row[]> {
  const { say, rounds, signal } = context;
  const copy = context.copy();
  resolveClient();
  const directory = mkdtempSync(join(tmpdir(), "amq-bench-streams-"));
  try {
    const open = async (stack: string, keys: Record<string, unknown>): Promise<Store> => {
      const plan = benchStack(copy, stack, keys);
      await timed(context, "up", stack);
      return { plan, account: (await accountsOf(copy.directory, plan)).account, rates: new Map() };
    };
    // Both are up all the time, the idle one costs next to nothing: in turns, so that whatever else the machine does meets both.
    const replicated = await open("replicated", { groups: [benchGroup(GROUP, 0, 3)] });
    const single = await open("single", { store: "kahaDB", groups: [benchGroup(GROUP, 3, 1)] });
    const stores = [replicated, single];
    for (const store of stores) await stream(store, 8, WARM_UP_SECONDS, directory, signal);
    for (let round = 1; round <= rounds; round++) {
      for (const producers of PRODUCERS) {
        for (const store of stores) {
          const rate = await stream(store, producers, SECONDS, directory, signal);
          store.rates.set(producers, [...(store.rates.get(producers) ?? []), rate]);
          say(`${store.plan.config.store}, ${countOf(producers)}: ${Math.round(rate)} messages a second`);
        }
      }
    }
    for (const { plan } of stores) await timed(context, "down", plan.stack);
    return PRODUCERS.map((producers): Row => {
      const [ours = [], theirs = []] = stores.map(({ rates }) => rates.get(producers));
      return {
        what: `persistent sends, ${countOf(producers)}, replicatedLevelDB x 3`,
        value: median(ours),
        detail: spread(ours, "messages/s"),
        unit: "messages/s",
        against: "one kahaDB broker",
        base: median(theirs),
      };
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Sends for a while, then takes everything away again, so that the next stream meets an empty broker. */
async function stream(
  { plan, account }: Store,
  producers: number,
  seconds: number,
  directory: string,
  signal: AbortSignal,
): Promise<number> {
  const client = async (command: string, ...words: string[]) => {
    signal.throwIfAborted();
    const url = plan.urls.groups[GROUP] ?? "";
    return new ClientProcess(account, [command, "--url", url, "--queue", "amq-bench", ...words], signal).result();
  };
  const done = await client(
    "stream",
    ...["--producers", String(producers), "--seconds", String(seconds), "--size", String(BYTES)],
    ...["--acked", join(directory, "acked")],
  );
  const { acked = 0 } = done;
  await client("receive", "--count", String(acked), "--idle", "10", "--received", join(directory, "received"));
  return acked / (done.seconds ?? seconds);
}

function countOf(producers: number): string {
  return producers === 1 ? "1 producer" : `${producers} producers`;
}
