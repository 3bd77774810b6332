/** From kill -9 of a group's master until another broker of the group serves, against the ZooKeeper session. */
import { Cluster } from "../../operate/drill/cluster";
import { type BenchContext, benchGroup, benchStack, timed } from "./context";
import { type Row, median, quantity } from "./row";

const STACK = "failover";
const GROUP = "a";

/** The default, and a shorter one as the tests have it. */
const SETTINGS = [
  { zookeeper: {} },
  { zookeeper: { sessionTimeoutMillis: 6000 }, client: { maxInactivityMillis: 2500 } },
] as const;

const most = (session: number) => 1.3 * session + 1;

export async function benchFailover(context: BenchContext): Promise<Row[]> {
  const rows: Row[] = [];
  for (const settings of SETTINGS) {
    const plan = benchStack(context.copy(), STACK, { groups: [benchGroup(GROUP, 0, 3)], ...settings });
    const session = plan.config.zookeeper.sessionTimeoutMillis / 1000;
    await timed(context, "up", STACK);
    const cluster = new Cluster(plan, context.signal);
    const seconds: number[] = [];
    for (let round = 1; round <= context.rounds; round++) {
      seconds.push(await cluster.failOver(GROUP, false));
      context.say(`session ${session} s: served again ${(seconds.at(-1) ?? 0).toFixed(1)} s after kill -9`);
      await cluster.putBack();
    }
    await timed(context, "down", STACK);
    const slowest = Math.max(...seconds);
    rows.push({
      what: `failover at kill -9, session of ${session} s`,
      value: slowest,
      detail: `slowest of ${seconds.length}, median ${quantity(median(seconds), "s")}`,
      unit: "s",
      against: "session timeout",
      base: session,
      aim: { most: most(session), words: "at most 1.3 times and 1 s" },
    });
  }
  return rows;
}
