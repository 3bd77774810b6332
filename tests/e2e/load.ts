/** Eight producers and a consumer through the printed failover URL, for as long as a test does something to the cluster. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { accountsOf } from "../../operate/drill/accounts";
import { ClientProcess, idsIn, resolveClient } from "../../operate/drill/client";
import { type Tally, tally } from "../../operate/drill/tally";
import { loadPlan } from "../../operate/project";
import { limit, until } from "../../testbed/harness/patience";
import { RATE } from "../../testbed/harness/testProject";

/** How long nothing more has to come before what has come is taken for all. */
const QUIET_SECONDS = 25;

/** @returns what `act` returned, and what became of the messages sent meanwhile, as `amq drill` counts; dead letters are not looked at */
export async function underLoad<T>(
  projectDir: string,
  stack: string,
  act: () => Promise<T>,
): Promise<{ result: T; counts: Tally }> {
  resolveClient();
  const plan = loadPlan(stack, projectDir);
  const { account } = await accountsOf(projectDir, plan);
  const directory = mkdtempSync(join(tmpdir(), "amq-load-"));
  const [acked, received] = [join(directory, "acked"), join(directory, "received")];
  const abort = new AbortController();
  const clientOf = (url: string, ...words: string[]) =>
    new ClientProcess(account, [...words, "--url", url, "--queue", `load.${process.pid}`], abort.signal);
  const client = (...words: string[]) => clientOf(plan.urls.failover, ...words);
  const consumer = client("receive", "--received", received);
  const producers = client("stream", "--producers", "8", "--rate", String(RATE), "--acked", acked);
  try {
    await Promise.all([consumer.ready, producers.ready]);
    const result = await act();
    await sleep(3000);
    producers.stop();
    const { acked: sent = 0 } = await producers.result();
    const count = () => new Set(idsIn(received)).size;
    for (let seen = count(); seen < sent; seen = count()) {
      const before = seen;
      if (!(await until(QUIET_SECONDS, () => count() > before, 1000))) break;
    }
    consumer.stop();
    await consumer.result();
    // A message may stay parked beside a consumer over a failover, or wait behind a bridge: a fresh one of its group gets it.
    const files = [received];
    for (const [group, url] of Object.entries(plan.urls.groups)) {
      if (new Set(files.flatMap(idsIn)).size >= sent) break;
      const file = join(directory, `received.${group}`);
      await clientOf(url, "receive", "--received", file, "--idle", String(Math.ceil(limit(8) / 1000))).result();
      files.push(file);
    }
    return { result, counts: tally(idsIn(acked), files.flatMap(idsIn), []) };
  } finally {
    abort.abort();
    rmSync(directory, { recursive: true, force: true });
  }
}
