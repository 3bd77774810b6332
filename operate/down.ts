/** `amq down`: stops a stack and removes it, data included unless it shall be kept. */
import { engineFor, runFailure } from "./engines/engine";
import { PROJECT_DIR, loadPlan } from "./project";
import { progress } from "./progress";
import { dataPlace, purge } from "./purge";

export interface DownOptions {
  readonly json?: boolean;
  readonly keepData?: boolean;
}

/**
 * @returns the exit code: 0 when nothing of the stack is left (but its data with `keepData`)
 * @throws Error with every failure of the engine
 * @throws ConfigError for a faulty stack file: where the stack lives is written there
 */
export async function down(stack: string, options: DownOptions): Promise<number> {
  const plan = loadPlan(stack);
  const view = progress(process.stderr);
  const engine = engineFor(PROJECT_DIR, stack);
  view.line(`engine: ${engine.description}`);
  const result = await engine.destroy({ step: view.step, warning: view.line });
  view.end();
  if (!result.ok) {
    throw runFailure(result, `down ${stack} did not finish; nothing that still runs was forgotten. Run it again.`);
  }
  await engine.remove();
  if (options.keepData !== true) await purge(plan);
  const data = options.keepData === true ? dataPlace(plan) : null;
  if (options.json === true) console.log(JSON.stringify({ stack, removed: true, data }));
  else console.log(`${stack} is down${data === null ? ", nothing of it is left" : `; its data is in ${data}`}`);
  return 0;
}
