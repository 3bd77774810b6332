/** How amq reaches the hosts of a running stack: through their amq-host script. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type LimitedAnswer, askWithin } from "../../core/util/process";
import { shellQuote } from "../../core/util/shell";
import { hostsDirectory } from "../../core/host/localDirectory";
import { saidOnTheWay, sshArguments } from "../../core/host/openSsh";
import { type SshAccess, asRoot, machineDirectory, sshAccess } from "../../core/host/ssh";
import { unitName } from "../../core/render/host/systemdUnit";
import { awsAccess } from "./awsAccess";
import { PROJECT_DIR } from "../project";
import type { ClusterPlan } from "../../core/plan/model";

/** The exit code is null when it took longer than it may. */
export type HostAnswer = LimitedAnswer;

/** Asks a host: {@link onHost}, or what takes its place in another program. */
export type Ask = (plan: ClusterPlan, host: string, words: readonly string[]) => Promise<HostAnswer>;

/** Seconds a host may take to answer a question. */
export const ANSWER_SECONDS = 15;

/** The exit code of a host that was never set up: a shell's word for a command that is not there. */
export const NOT_SET_UP = 127;

/** ssh's own exit code when it could not log in, or lost the connection. */
export const UNREACHABLE = 255;

/**
 * Runs `amq-host <words>` on a host.
 * @returns its answer; code 127 when the host was never set up, 255 when it cannot be reached
 */
export async function onHost(
  plan: ClusterPlan,
  host: string,
  words: readonly string[],
  seconds = ANSWER_SECONDS,
): Promise<HostAnswer> {
  const { target } = plan.config;
  switch (target) {
    case "local":
      return onLocalHost(PROJECT_DIR, plan, host, words, seconds);
    case "ssh":
      return onMachine(plan, host, amqHostLine(plan, words), seconds);
    case "aws": {
      const access = await awsAccess(plan, host);
      if (access === undefined)
        return { code: NOT_SET_UP, stdout: "", stderr: `${plan.stack} has not been brought up` };
      return onAccess(access, amqHostLine(plan, words), seconds);
    }
    default:
      return target satisfies never;
  }
}

/** As {@link onHost} for target local, whose hosts are folders of a project. */
export async function onLocalHost(
  projectDir: string,
  plan: ClusterPlan,
  host: string,
  words: readonly string[],
  seconds = ANSWER_SECONDS,
): Promise<HostAnswer> {
  const script = join(hostFolder(projectDir, plan, host), "bin", "amq-host");
  if (!existsSync(script)) return { code: NOT_SET_UP, stdout: "", stderr: `${script} does not exist` };
  return askWithin(script, words, seconds);
}

/** The line that runs `amq-host <words>` on a machine with systemd. */
function amqHostLine(plan: ClusterPlan, words: readonly string[]): string {
  const script = shellQuote(`${machineDirectory(plan)}/bin/amq-host`);
  return `[ -x ${script} ] || exit ${NOT_SET_UP}; exec ${[script, ...words.map(shellQuote)].join(" ")}`;
}

/** Runs a line of shell as root on a machine of target ssh. @returns its answer; code 255 when it cannot be reached */
export function onMachine(
  plan: ClusterPlan,
  host: string,
  line: string,
  seconds = ANSWER_SECONDS,
): Promise<HostAnswer> {
  return onAccess(sshAccess(plan.config, host), line, seconds);
}

/** As {@link onMachine}, also for a machine that is not in the stack file. */
export async function onAccess(access: SshAccess, line: string, seconds = ANSWER_SECONDS): Promise<HostAnswer> {
  const answer = await askWithin("ssh", [...sshArguments(access), "--", asRoot(access.user, line)], seconds);
  if (answer.code !== UNREACHABLE && answer.code !== null) return answer;
  const way = await saidOnTheWay(access);
  return way === "" ? answer : { ...answer, code: UNREACHABLE, stderr: `${way}\n${answer.stderr}` };
}

/** Where people find what a service says. */
export function logPlace(plan: ClusterPlan, host: string, service: string): string {
  if (plan.config.target === "local") return join(hostFolder(PROJECT_DIR, plan, host), service, "log");
  return `journalctl -u ${unitName(plan, service)} on ${host}`;
}

function hostFolder(projectDir: string, plan: ClusterPlan, host: string): string {
  return join(hostsDirectory(projectDir, plan), host);
}
