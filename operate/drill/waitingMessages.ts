/** Experiments 1 to 4 and 6: a few messages wait on a broker that dies. */
import { join } from "node:path";
import { idsIn } from "./client";
import { type Context, type Outcome, client, queueFor, receive } from "./context";
import { tally } from "./tally";

/**
 * Sends 3 to `from`, kills its master (for good where it has slaves), consumes from `to`. With `none`, the old master then comes
 * back and the messages are consumed from where they were sent: they must not have been lost, only out of reach.
 */
export async function waitingMessages(
  context: Context,
  routes: readonly { from: string; to: string }[],
  expected: "all" | "none",
): Promise<Outcome> {
  const { cluster, say } = context;
  const { groups } = cluster.plan.urls;
  const results: { sent: string[]; received: string[]; failover: number | null; ok: boolean }[] = [];
  for (const { from, to } of routes) {
    const queue = queueFor("parked");
    const acked = join(context.directory, `${queue}.acked`);
    say(`3 messages to ${from}`);
    await client(context, [
      ...["send", "--url", groups[from] ?? "", "--queue", queue, "--count", "3", "--prefix", queue, "--acked", acked],
    ]).result();
    const withSlaves = (cluster.plan.groups.find(({ name }) => name === from)?.brokers.length ?? 0) > 1;
    say(`kill -9 of the master of ${from}`);
    let failover: number | null = null;
    // Without slaves all can arrive only once the broker is back: its supervisor starts it.
    if (withSlaves || expected === "all") failover = await cluster.failOver(from, withSlaves);
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
