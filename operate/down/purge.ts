/** What `amq down` does with a stack's data once nothing of it runs any more. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LOCAL_SHARED, needsSharedDirectory } from "../../core/plan/sharedDirectory";
import { shellQuote } from "../../core/util/shell";
import { hostsDirectory, localDirectory } from "../../core/host/localDirectory";
import { MACHINE_RUNTIMES, machineDirectory } from "../../core/host/ssh";
import type { StateHost } from "../engine/hostsInState";
import { UNREACHABLE, onMachine } from "../hosts/askHost";
import { PROJECT_DIR } from "../project";
import type { ClusterPlan } from "../../core/plan/model";

/** Where a stack's data is, in words; null when there is none. */
export function dataPlace(plan: ClusterPlan): string | null {
  // Volumes of the stack, and gone with it.
  if (plan.config.target === "aws") return null;
  if (plan.config.target === "ssh") {
    const { directory } = plan.config.sharedKahaDB;
    const shared = needsSharedDirectory(plan.config) ? `, and ${directory ?? ""}/${plan.stack}` : "";
    return `${machineDirectory(plan)} on its hosts${shared}`;
  }
  return existsSync(hostsDirectory(PROJECT_DIR, plan)) ? localDirectory(PROJECT_DIR, plan) : null;
}

/**
 * Removes the data of a stack that is down, and what only it has used.
 * @param known hosts that had something in the state: where one of them cannot be reached, data of the stack is left there
 * @returns the hosts that could not be reached although nothing of them was in the state: forgotten, or never set up
 * @throws Error naming the hosts where it could not
 */
export async function purge(plan: ClusterPlan, known: readonly StateHost[]): Promise<string[]> {
  if (plan.config.target === "aws") return [];
  if (plan.config.target === "ssh") return purgeMachines(plan, known);
  purgeFolders(plan);
  return [];
}

async function purgeMachines(plan: ClusterPlan, known: readonly StateHost[]): Promise<string[]> {
  const directory = machineDirectory(plan);
  const parent = directory.slice(0, directory.lastIndexOf("/"));
  const runtimes = MACHINE_RUNTIMES.slice(0, MACHINE_RUNTIMES.lastIndexOf("/"));
  // Runtimes and kernel settings are shared by all stacks of a machine: they go with the last one. The users stay, as
  // packages leave theirs: a file of theirs that was copied elsewhere must not become somebody else's.
  const line = `rm -rf ${shellQuote(directory)} ${unmountLine(plan)} && { ! rmdir ${parent} 2>/dev/null || rm -rf ${runtimes} /etc/sysctl.d/60-activemq-cluster.conf; }`;
  await purgeShared(plan, known);
  const answers = await Promise.all(
    plan.hosts.map(async ({ name }) => ({ name, ...(await onMachine(plan, name, line, 300)) })),
  );
  const isLost = ({ name, code }: { name: string; code: number | null }) =>
    !known.some((host) => host.name === name) && (code === UNREACHABLE || code === null);
  const failed = answers.filter((answer) => answer.code !== 0 && !isLost(answer));
  if (failed.length === 0) return answers.filter(isLost).map(({ name }) => name);
  const reasons = failed.map(({ name, stderr }) => `${name}: ${stderr}`).join("\n");
  throw new Error(
    `nothing of ${plan.stack} runs any more, but its data is still in ${directory} on some hosts:\n${reasons}`,
  );
}

/** File systems that hosts share: those that check_shared of core/host/script/systemd.sh lets through. */
const SHARED_TYPES = "nfs4,ceph,fuse.ceph,fuse.ceph-fuse,fuse.glusterfs,gfs2,ocfs2,lustre,gpfs,beegfs";
/** Exit code of a host that has nothing of it. */
const NOT_HERE = 3;

/**
 * What brokers share goes once, by the first host that answers; as the user whose it is, because a file server maps root to nobody.
 * @throws Error when no host could
 */
async function purgeShared(plan: ClusterPlan, known: readonly StateHost[]): Promise<void> {
  const { directory } = plan.config.sharedKahaDB;
  if (!needsSharedDirectory(plan.config) || directory === undefined) return;
  const folder = shellQuote(`${directory}/${plan.stack}`);
  // A host that was never set up has no such user, and one that does not have it mounted sees none of it.
  const line = `id -u activemq >/dev/null 2>&1 && findmnt --noheadings --types ${SHARED_TYPES} --target ${shellQuote(directory)} >/dev/null || exit ${NOT_HERE}; runuser -u activemq -- rm -rf ${folder}`;
  const reasons: string[] = [];
  for (const { name } of plan.hosts) {
    const { code, stderr } = await onMachine(plan, name, line, 300);
    if (code === 0) return;
    reasons.push(code === NOT_HERE ? `${name}: not mounted there, or never set up` : `${name}: ${stderr}`);
  }
  if (!known.some(({ shares }) => shares === true)) return;
  throw new Error(
    `nothing of ${plan.stack} runs any more, but its messages are still in ${folder}:\n${reasons.join("\n")}`,
  );
}

/** Takes away a mount that the program made, with the last stack that has anything in it. */
function unmountLine({ config: { sharedKahaDB } }: ClusterPlan): string {
  const { directory, mount } = sharedKahaDB;
  if (directory === undefined || mount === undefined) return "";
  return ` && { unit=$(systemd-escape --path --suffix=mount ${directory}); [ ! -e /etc/systemd/system/$unit ] || { left=$(runuser -u activemq -- ls -A ${directory}) && [ -n "$left" ]; } || { systemctl --quiet disable --now $unit && rm /etc/systemd/system/$unit && systemctl daemon-reload && rmdir --ignore-fail-on-non-empty ${directory}; }; }`;
}

/**
 * In our own folder every host goes, also one that an earlier stack file had. In a folder that the user named there may be
 * anything: only what the plan knows goes.
 */
function purgeFolders(plan: ClusterPlan): void {
  const hosts = hostsDirectory(PROJECT_DIR, plan);
  if (plan.config.directory === undefined) rmSync(hosts, { recursive: true, force: true });
  else for (const host of plan.hosts) rmSync(join(hosts, host.name), { recursive: true, force: true });
  purgeSharedFolders(plan);
  for (const folder of [hosts, localDirectory(PROJECT_DIR, plan), join(PROJECT_DIR, ".amq")]) removeIfEmpty(folder);
}

function purgeSharedFolders(plan: ClusterPlan): void {
  const { directory } = plan.config.sharedKahaDB;
  if (!needsSharedDirectory(plan.config)) return;
  const folder =
    directory === undefined ? join(localDirectory(PROJECT_DIR, plan), LOCAL_SHARED) : join(directory, plan.stack);
  rmSync(folder, { recursive: true, force: true });
  // Where a drill that was killed has left them.
  if (directory === undefined) rmSync(`${folder}.away`, { recursive: true, force: true });
}

function removeIfEmpty(directory: string): void {
  if (existsSync(directory) && readdirSync(directory).length === 0) rmSync(directory, { recursive: true });
}
