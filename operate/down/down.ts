/** `amq down`: stops a stack and removes it, data included unless it shall be kept. */
import { downRefusal, keptVolumes, notYetProtected } from "../up/awsRefusals";
import { runFailure } from "../engine/engine";
import { PROJECT_DIR, loadPlan } from "../project";
import { progress } from "../terminal/progress";
import { dataPlace, purge } from "./purge";
import { absentHosts } from "../hosts/reach";
import { engineFor } from "../engine/engineFor";

export interface DownOptions {
  readonly json?: boolean;
  readonly keepData?: boolean;
}

/**
 * @returns the exit code: 0 when nothing of the stack is left (but its data with `keepData`, and what is protected)
 * @throws Error with every failure of the engine
 * @throws ConfigError for a faulty stack file: where the stack lives is written there
 */
export async function down(stack: string, options: DownOptions): Promise<number> {
  const plan = loadPlan(stack);
  const refused = downRefusal(plan, options.keepData === true);
  if (refused !== undefined) throw new Error(refused);
  const view = progress(process.stderr);
  const engine = engineFor(PROJECT_DIR, stack);
  view.line(`engine: ${engine.description}`);
  const known = await engine.hosts();
  if (plan.aws !== undefined && options.keepData === true) {
    // Not what the stack file says: what the last run has done is what counts.
    const bare = await engine.unprotected("aws:ebs/volume:Volume");
    if (bare.length > 0) throw new Error(notYetProtected(plan, bare));
  }
  const result = await engine.destroy(
    { step: view.step, warning: view.line },
    { keepProtected: plan.aws !== undefined },
  );
  view.end();
  if (!result.ok) {
    const then = `down ${stack} did not finish; nothing that still runs was forgotten. Run it again.`;
    throw runFailure(result, [then, await absentHosts(plan, await engine.hosts(), "down")].join("\n").trim());
  }
  if (plan.aws !== undefined && !(await engine.isEmpty())) {
    if (options.json === true)
      console.log(JSON.stringify({ stack, removed: false, data: keptVolumes(plan), notAsked: [] }));
    else console.log(`${stack} is down; ${keptVolumes(plan)}`);
    return 0;
  }
  await engine.remove();
  const notAsked = options.keepData === true ? [] : await purge(plan, known);
  const data = options.keepData === true ? dataPlace(plan) : null;
  if (options.json === true) console.log(JSON.stringify({ stack, removed: true, data, notAsked }));
  else console.log(`${stack} is down${data === null ? ", nothing of it is left" : `; its data is in ${data}`}`);
  if (options.json !== true && notAsked.length > 0) {
    console.log(
      `${notAsked.join(", ")}: not reached; nothing of ${stack} was in the state for it, what may be on its disk still is`,
    );
  }
  return 0;
}
