/** What `amq down` does with a stack's data once nothing of it runs any more. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ClusterPlan } from "../components/cluster/plan";
import { shellQuote } from "../components/hosts/hostScript";
import { hostsDirectory, localDirectory } from "../components/hosts/localDirectory";
import { MACHINE_RUNTIMES, machineDirectory } from "../components/hosts/ssh";
import { UNREACHABLE, onMachine } from "./hosts";
import { PROJECT_DIR } from "./project";

/** Where a stack's data is, in words; null when there is none. */
export function dataPlace(plan: ClusterPlan): string | null {
  // Volumes of the stack, and gone with it.
  if (plan.config.target === "aws") return null;
  if (plan.config.target === "ssh") return `${machineDirectory(plan)} on its hosts`;
  return existsSync(hostsDirectory(PROJECT_DIR, plan)) ? localDirectory(PROJECT_DIR, plan) : null;
}

/**
 * Removes the data of a stack that is down, and what only it has used.
 * @param known hosts that had something in the state: where one of them cannot be reached, data of the stack is left there
 * @returns the hosts that could not be reached although nothing of them was in the state: forgotten, or never set up
 * @throws Error naming the hosts where it could not
 */
export async function purge(plan: ClusterPlan, known: ReadonlySet<string>): Promise<string[]> {
  if (plan.config.target === "aws") return [];
  if (plan.config.target === "ssh") return purgeMachines(plan, known);
  purgeFolders(plan);
  return [];
}

async function purgeMachines(plan: ClusterPlan, known: ReadonlySet<string>): Promise<string[]> {
  const directory = machineDirectory(plan);
  const parent = directory.slice(0, directory.lastIndexOf("/"));
  const runtimes = MACHINE_RUNTIMES.slice(0, MACHINE_RUNTIMES.lastIndexOf("/"));
  // Runtimes and kernel settings are shared by all stacks of a machine: they go with the last one. The users stay, as
  // packages leave theirs: a file of theirs that was copied elsewhere must not become somebody else's.
  const line = `rm -rf ${shellQuote(directory)} && { ! rmdir ${parent} 2>/dev/null || rm -rf ${runtimes} /etc/sysctl.d/60-activemq-cluster.conf; }`;
  const answers = await Promise.all(
    plan.hosts.map(async ({ name }) => ({ name, ...(await onMachine(plan, name, line, 300)) })),
  );
  const isLost = ({ name, code }: { name: string; code: number | null }) =>
    !known.has(name) && (code === UNREACHABLE || code === null);
  const failed = answers.filter((answer) => answer.code !== 0 && !isLost(answer));
  if (failed.length === 0) return answers.filter(isLost).map(({ name }) => name);
  const reasons = failed.map(({ name, stderr }) => `${name}: ${stderr}`).join("\n");
  throw new Error(
    `nothing of ${plan.stack} runs any more, but its data is still in ${directory} on some hosts:\n${reasons}`,
  );
}

/**
 * In our own folder every host goes, also one that an earlier stack file had. In a folder that the user named there may be
 * anything: only what the plan knows goes.
 */
function purgeFolders(plan: ClusterPlan): void {
  const hosts = hostsDirectory(PROJECT_DIR, plan);
  if (plan.config.directory === undefined) rmSync(hosts, { recursive: true, force: true });
  else for (const host of plan.hosts) rmSync(join(hosts, host.name), { recursive: true, force: true });
  for (const folder of [hosts, localDirectory(PROJECT_DIR, plan), join(PROJECT_DIR, ".amq")]) removeIfEmpty(folder);
}

function removeIfEmpty(directory: string): void {
  if (existsSync(directory) && readdirSync(directory).length === 0) rmSync(directory, { recursive: true });
}
