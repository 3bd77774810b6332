/** Which messages cross from one group to another: sent to one's URL, consumed from the other's. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brokersOf } from "../../core/plan/model";
import { METRICS } from "../../core/products/metrics";
import { accountsOf } from "../../operate/drill/accounts";
import { ClientProcess, idsIn, resolveClient } from "../../operate/drill/client";
import { parseMetrics } from "../../operate/hosts/prometheus";
import { loadPlan } from "../../operate/project";
import { limit, until } from "../../testbed/harness/patience";

/** Longer than a message takes that crosses. */
const idleSeconds = () => String(Math.ceil(limit(5) / 1000));

/** What a test asks of a stack that is up. */
export class Crossing {
  private readonly plan;
  private readonly never = new AbortController().signal;

  constructor(
    private readonly projectDir: string,
    stack: string,
  ) {
    resolveClient();
    this.plan = loadPlan(stack, projectDir);
  }

  /** Sends a message to each queue of a group. */
  async send(group: string, queues: readonly string[]): Promise<void> {
    await this.clients("send", group, queues, ["--count", "1", "--prefix", "x"], "--acked");
  }

  /** Those of the queues that a consumer of the group gets a message from. */
  async received(group: string, queues: readonly string[]): Promise<string[]> {
    const ids = await this.clients("receive", group, queues, ["--idle", idleSeconds()], "--received");
    return queues.filter((_, i) => (ids[i]?.length ?? 0) > 0);
  }

  /** How many messages wait in a queue of a group without slaves, once it is as expected or some time has gone. */
  async waiting(group: string, queue: string, expected: number): Promise<number> {
    const broker = brokersOf(this.plan).find((candidate) => candidate.group === group);
    if (broker === undefined) throw new Error(`no broker of ${group}`);
    const script = join(this.projectDir, ".amq", this.plan.stack, "hosts", broker.host, "bin", "amq-host");
    let size = 0;
    const look = () => {
      const { stdout } = spawnSync(script, ["probe", broker.name, "metrics"], { encoding: "utf8" });
      size =
        parseMetrics(stdout).find(({ name, labels }) => name === METRICS.queueSize.name && labels["queue"] === queue)
          ?.value ?? 0;
      return size === expected;
    };
    await until(20, look, 250);
    return size;
  }

  private async clients(
    verb: string,
    group: string,
    queues: readonly string[],
    words: readonly string[],
    file: string,
  ): Promise<string[][]> {
    const directory = mkdtempSync(join(tmpdir(), "amq-crossing-"));
    try {
      const { account } = await accountsOf(this.projectDir, this.plan);
      const url = this.plan.urls.groups[group] ?? "";
      return await Promise.all(
        queues.map(async (queue) => {
          const ids = join(directory, queue);
          const all = [verb, "--url", url, "--queue", queue, ...words, file, ids];
          await new ClientProcess(account, all, this.never).result();
          return idsIn(ids);
        }),
      );
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
}
