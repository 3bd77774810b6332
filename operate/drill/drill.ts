/** `amq drill`: proves on the running cluster what it promises, by breaking it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drillRefusal } from "../up/awsRefusals";
import { PROJECT_DIR, loadPlan } from "../project";
import { table } from "../terminal/table";
import { accountsOf } from "./accounts";
import { resolveClient } from "./client";
import { clientLocationFor } from "./clientLocation";
import { Cluster } from "./cluster";
import type { Context, Outcome } from "./context";
import { EXPERIMENTS, type Experiment } from "./experiments";
import type { ClusterPlan } from "../../core/plan/model";

export interface DrillOptions {
  readonly json?: boolean;
  /** Kills in experiment 5. */
  readonly kills: number;
  /** Messages a second that the eight producers send together; as many as they can when undefined. */
  readonly rate?: number;
}

type Result = { readonly experiment: string } & Outcome;

/**
 * @param only the experiment to run; all that fit when undefined
 * @returns the exit code: 1 when a promise was broken
 * @throws Error when the cluster is not whole, or the experiment does not fit
 */
export async function drill(stack: string, only: string | undefined, options: DrillOptions): Promise<number> {
  const plan = loadPlan(stack);
  const refused = drillRefusal(plan);
  if (refused !== undefined) throw new Error(refused);
  const experiments = choose(plan, only);
  const abort = new AbortController();
  const cluster = new Cluster(plan, abort.signal);
  await cluster.until(
    ({ whole }) => whole,
    0,
    `${stack} is not whole: drill a whole cluster only. amq up ${stack} first; what is missing`,
  );
  resolveClient();
  const directory = mkdtempSync(join(tmpdir(), "amq-drill-"));
  const rate = options.rate === undefined ? {} : { perSecond: options.rate };
  const results: Result[] = [];
  const clientLocation = await clientLocationFor(plan);
  try {
    const accounts = await accountsOf(PROJECT_DIR, plan);
    for (const experiment of experiments) {
      console.error(`experiment ${experiment.id}: ${experiment.title}`);
      const say = (text: string) => {
        console.error(`  ${text}`);
      };
      results.push({
        experiment: experiment.id,
        ...(await perform(
          experiment,
          { cluster, directory, say, kills: options.kills, ...accounts, ...rate, ...clientLocation },
          abort,
        )),
      });
    }
  } finally {
    await clientLocation.leave?.();
    rmSync(directory, { recursive: true, force: true });
  }
  console.log(options.json === true ? JSON.stringify(results) : report(results));
  return results.every(({ ok }) => ok) ? 0 : 1;
}

/** A failure or an interrupt in the middle still puts everything back. */
async function perform(experiment: Experiment, context: Context, abort: AbortController): Promise<Outcome> {
  const interrupt = () => {
    context.say("interrupted; putting everything back");
    abort.abort(new Error("interrupted; everything was put back"));
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await experiment.run(context);
  } catch (error) {
    // A client that was ended with the drill says only that it was.
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    await context.cluster.putBack();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

/** @throws Error for an experiment that there is not, or that does not fit */
export function choose(plan: ClusterPlan, only: string | undefined): Experiment[] {
  const ids = EXPERIMENTS.map(({ id }) => id).join(", ");
  const chosen = EXPERIMENTS.filter(({ id, onlyByName }) => (only === undefined ? onlyByName !== true : id === only));
  if (chosen.length === 0) throw new Error(`no experiment ${only ?? ""}; there are ${ids}`);
  const fitting = chosen.filter(({ unfit }) => unfit(plan) === undefined);
  if (fitting.length === 0) {
    throw new Error(`experiment ${only ?? ids} does not fit stack ${plan.stack}: ${chosen[0]?.unfit(plan) ?? ""}`);
  }
  return fitting;
}

function report(results: readonly Result[]): string {
  const head = ["experiment", "sent", "received", "lost", "duplicated", "failover", "promise"];
  const rows = results.map(({ experiment, sent, received, lost, duplicated, failoverSeconds, ok }) => [
    experiment,
    ...[sent, received, lost, duplicated].map(String),
    failoverSeconds === null ? "-" : `${failoverSeconds.toFixed(1)} s`,
    ok ? "kept" : "BROKEN",
  ]);
  return table([head, ...rows]);
}
