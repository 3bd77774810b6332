/** Runs one experiment on the cluster, whatever it is: messages before and meanwhile, the injection, and what became of them. */
import { loadavg } from "node:os";
import { join } from "node:path";
import { idsIn } from "../../../operate/drill/client";
import { type Context, client, queueFor, receive } from "../../../operate/drill/context";
import { type Sends, type Stream, underLoad } from "../../../operate/drill/load";
import { type Tally, tally } from "../../../operate/drill/tally";
import type { ClusterUnderTest } from "./clusterUnderTest";
import type { Site } from "./site";
import { Trial } from "./trial";

/** Messages that are sent before the injection. */
export interface Waiting {
  readonly count: number;
  /** The groups they are sent to and consumed from. */
  readonly from: string;
  readonly to: string;
  /** Consumed while what was struck is still down, or when everything is back. */
  readonly consumed: "meanwhile" | "afterwards";
}

export interface Experiment<S extends ClusterUnderTest = Site> {
  readonly id: string;
  readonly title: string;
  /** What was done, for the table. */
  readonly done: string;
  /** Eight producers and a consumer through the failover URL, or messages that wait. */
  readonly traffic: "stream" | readonly Waiting[];
  /** How a stream is sent, where it is not as usual. */
  readonly sends?: Sends;
  readonly inject: (trial: Trial<S>) => Promise<void>;
}

export interface Result {
  /** ISO date and time of its end, UTC. */
  readonly at: string;
  /** The machine's load average of the last 15 minutes then. */
  readonly load: number;
  readonly experiment: Pick<Experiment, "id" | "title" | "done">;
  /** Undefined when they could not be counted. */
  readonly counts: Tally | undefined;
  readonly served: number | undefined;
  readonly whole: number | undefined;
  readonly remarks: readonly string[];
  readonly ok: boolean;
}

/** Below what these machines can take, so that what is measured is the fault and not a queue for the processor. */
const PER_SECOND = 150;
/** Load before the first injection and after the last one. */
const AROUND_SECONDS = 4;

/** @throws Error when the cluster cannot be brought back for the next experiment, or the proof is interrupted */
export async function perform<S extends ClusterUnderTest>(site: S, experiment: Experiment<S>): Promise<Result> {
  await site.whole();
  let trial = new Trial<S>(site, undefined);
  const failures: unknown[] = [];
  const inject: Injector = async (stream, meanwhile) => {
    trial = new Trial(site, stream, meanwhile);
    try {
      await site.pause(AROUND_SECONDS);
      await experiment.inject(trial);
    } catch (error) {
      failures.push(error);
      await giveBack(site, trial, experiment, error);
    }
    await site.pause(AROUND_SECONDS);
  };
  let counts: Tally | undefined;
  try {
    const context = await site.context();
    counts =
      experiment.traffic === "stream"
        ? (await underLoad(context, `proof-${experiment.id}`, inject, { perSecond: PER_SECOND, ...experiment.sends }))
            .counts
        : await waitingMessages(context, experiment.traffic, inject);
  } catch (error) {
    site.signal.throwIfAborted();
    trial.remark(`not counted: ${firstLine(error)}`);
  }
  if (counts === undefined || counts.lost > 0) site.say(`journals: ${await site.saveJournals(experiment.id)}`);
  const { served, whole } = trial;
  const { id, title, done } = experiment;
  const ok = failures.length === 0 && counts?.lost === 0;
  const on = { at: new Date().toISOString(), load: loadavg()[2] ?? 0 };
  return { ...on, experiment: { id, title, done }, counts, served, whole, remarks: trial.told, ok };
}

/** Says what went wrong and keeps what explains it, before the cluster is brought back for what comes next. */
async function giveBack<S extends ClusterUnderTest>(
  site: S,
  trial: Trial<S>,
  { id }: Pick<Experiment, "id">,
  error: unknown,
): Promise<void> {
  site.signal.throwIfAborted();
  site.say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  trial.remark(`FAILED: ${firstLine(error)}`);
  site.say(`journals: ${await site.saveJournals(id)}`);
  trial.remark(await site.recover());
}

type Injector = (stream?: Stream, meanwhile?: () => Promise<void>) => Promise<void>;

async function waitingMessages(context: Context, traffic: readonly Waiting[], inject: Injector): Promise<Tally> {
  const { groups } = context.cluster.plan.urls;
  const queues = traffic.map((waiting) => ({ ...waiting, queue: queueFor("proof") }));
  const ackedFile = (queue: string) => join(context.directory, `${queue}.acked`);
  for (const { queue, count, from } of queues) {
    const words = ["--queue", queue, "--count", String(count), "--prefix", queue, "--acked", ackedFile(queue)];
    await client(context, ["send", "--url", groups[from] ?? "", ...words]).result();
  }
  const received: string[] = [];
  const consume = async (when: Waiting["consumed"]) => {
    for (const { queue, count, to } of queues.filter(({ consumed }) => consumed === when)) {
      received.push(...(await receive(context, groups[to] ?? "", queue, count)));
    }
  };
  await inject(undefined, () => consume("meanwhile"));
  await consume("afterwards");
  const sent = queues.flatMap(({ queue }) => idsIn(ackedFile(queue)));
  return tally(sent, received, []);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]?.slice(0, 300) ?? "";
}
