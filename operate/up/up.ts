/** `amq up`: runs the program, then says how the cluster is. */
import { runtimesOf } from "../../core/render/runtimes";
import { orderHosts } from "../../core/change/hostOrder";
import { resolveRuntime } from "../../core/host/runtimes";
import { until } from "../../core/util/until";
import { forgetOutputs } from "../hosts/awsAccess";
import { upRefusal } from "./awsRefusals";
import { replacementOrder } from "../change/machines";
import { drainedMeanwhile } from "../drain/drain";
import { runFailure } from "../engine/engine";
import { onHost } from "../hosts/askHost";
import { missingPrerequisites } from "../prerequisites";
import { PROJECT_DIR, loadPlan } from "../project";
import { progress } from "../terminal/progress";
import { absentHosts } from "../hosts/reach";
import { observe, printStatus, readStatus } from "../status/status";
import type { ClusterPlan } from "../../core/plan/model";
import { engineFor } from "../engine/engineFor";
import type { Status } from "../status/statusModel";

export interface UpOptions {
  readonly json?: boolean;
}

/**
 * Brings a stack up, or to what its stack file says now.
 * @returns the exit code: 0 when the cluster is whole
 * @throws Error for a missing tool, or with every failure of the engine
 * @throws ConfigError for a faulty stack file, before anything is touched
 */
export async function up(stack: string, options: UpOptions): Promise<number> {
  const plan = loadPlan(stack);
  const engine = engineFor(PROJECT_DIR, stack);
  const refused = upRefusal(plan, engine.standIn);
  if (refused !== undefined) throw new Error(refused);
  const missing = missingPrerequisites(runtimesOf(plan));
  if (missing.length > 0) throw new Error(missing.join("\n"));
  const view = progress(process.stderr);
  for (const warning of plan.warnings) view.line(`note: ${warning}`);
  resolveRuntimes(plan);
  const drained = await startWhatIsDown(plan);
  if (drained.length > 0) throw new Error(drainedMeanwhile(plan, drained));
  const refresh = plan.aws !== undefined && (await prepareMachines(plan, view.line));
  view.line(`engine: ${engine.description}`);
  const result = await engine.up({ step: view.step, warning: view.line }, { refresh });
  view.end();
  forgetOutputs();
  if (!result.ok) {
    const then = `What it had done stays; amq status ${stack} says how the cluster is.`;
    const absent = await absentHosts(plan, await engine.hosts(), "up");
    throw runFailure(result, [`up ${stack} did not finish. ${then}`, absent].join("\n").trim());
  }
  view.line(result.changed === 0 ? "nothing changed, nothing was restarted" : `${result.changed} resources changed`);
  const code = printStatus(plan, await untilWhole(plan, view.line), options);
  if (options.json !== true) console.log(`\nclients connect to\n  ${plan.urls.failover}`);
  return code;
}

/**
 * Leaves word which machines go first.
 * @returns whether one may be gone, so that the engine has to look: what its state says is there, it does not make again
 */
async function prepareMachines(plan: ClusterPlan, say: (text: string) => void): Promise<boolean> {
  const seen = await observe(plan);
  orderHosts(process.env, replacementOrder(plan, seen));
  const silent = plan.hosts.filter(({ services }) => services.some((name) => seen.silent.has(name)));
  if (silent.length === 0) return false;
  say(`${silent.map(({ name }) => name).join(", ")}: no answer; a machine that is gone is made again`);
  return true;
}

/** Told before the engine's own output, because a first download takes minutes and shows its progress. */
function resolveRuntimes(plan: ClusterPlan): void {
  for (const name of runtimesOf(plan)) {
    if (resolveRuntime(name)) continue;
    throw new Error(`runtime ${name} could not be resolved; see the lines above. Nothing was started.`);
  }
}

/**
 * After a reboot (local) or a halt nothing runs, and the program's inputs have not changed: the engine would find nothing to do.
 * @returns the services that are drained, and so left alone
 */
async function startWhatIsDown(plan: ClusterPlan): Promise<string[]> {
  const drained: string[] = [];
  await Promise.all(
    plan.hosts.map(async ({ name: host, services }) => {
      const { code, stdout } = await onHost(plan, host, ["list"]);
      if (code !== 0) return;
      for (const service of stdout.split("\n").filter(Boolean)) {
        const { stdout: answer } = await onHost(plan, host, ["probe", service, "drained"]);
        if (answer !== "drained") await onHost(plan, host, ["start", service]);
        // One that left the stack file is about to be removed.
        else if (services.includes(service)) drained.push(service);
      }
    }),
  );
  return drained;
}

/** What was down and has been started needs a while; the engine has not waited for what it did not change. */
const WHOLE_SECONDS = 120;

async function untilWhole(plan: ClusterPlan, say: (text: string) => void): Promise<Status> {
  const found = await readStatus(plan);
  if (found.whole) return found;
  say(`waiting for the cluster to be whole, at most ${WHOLE_SECONDS} s`);
  const patience = { millis: WHOLE_SECONDS * 1000, everyMillis: 1000 };
  return (
    await until(
      () => readStatus(plan),
      ({ whole }) => whole,
      patience,
    )
  ).seen;
}
