/** `amq down`: stops a stack and removes it, data included unless it shall be kept. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hostsDirectory, localDirectory } from "../components/hosts/localDirectory";
import type { ClusterPlan } from "../components/cluster/plan";
import { engineFor, runFailure } from "./engines/engine";
import { PROJECT_DIR, loadPlan } from "./project";
import { progress } from "./progress";

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
  const directory = localDirectory(PROJECT_DIR, plan);
  const kept = options.keepData === true && existsSync(hostsDirectory(PROJECT_DIR, plan));
  if (!kept) {
    removeHosts(plan);
    removeIfEmpty(hostsDirectory(PROJECT_DIR, plan));
    removeIfEmpty(directory);
    removeIfEmpty(join(PROJECT_DIR, ".amq"));
  }
  const data = kept ? directory : null;
  if (options.json === true) console.log(JSON.stringify({ stack, removed: true, data }));
  else console.log(`${stack} is down${data === null ? ", nothing of it is left" : `; its data is in ${data}`}`);
  return 0;
}

/**
 * In our own folder every host goes, also one that an earlier stack file had. In a folder that the user named there may be
 * anything: only what the plan knows goes.
 */
function removeHosts(plan: ClusterPlan): void {
  const hosts = hostsDirectory(PROJECT_DIR, plan);
  if (plan.config.directory === undefined) rmSync(hosts, { recursive: true, force: true });
  else for (const host of plan.hosts) rmSync(join(hosts, host.name), { recursive: true, force: true });
}

function removeIfEmpty(directory: string): void {
  if (existsSync(directory) && readdirSync(directory).length === 0) rmSync(directory, { recursive: true });
}
