/** How amq reaches the hosts of a running stack: through their amq-host script. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ClusterPlan } from "../components/cluster/plan";
import { hostsDirectory } from "../components/hosts/localDirectory";
import { PROJECT_DIR } from "./project";

export interface HostAnswer {
  /** Exit code; null when it was ended after the time limit. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Seconds a host may take to answer a question. */
export const ANSWER_SECONDS = 15;

/** The exit code of a host that was never set up: a shell's word for a command that is not there. */
export const NOT_SET_UP = 127;

/**
 * Runs `amq-host <words>` on a host.
 * @returns its answer; code 127 when the host was never set up
 * @throws Error for a target that cannot be operated yet
 */
export async function onHost(
  plan: ClusterPlan,
  host: string,
  words: readonly string[],
  seconds = ANSWER_SECONDS,
): Promise<HostAnswer> {
  const script = join(hostFolder(plan, host), "bin", "amq-host");
  if (!existsSync(script)) return { code: NOT_SET_UP, stdout: "", stderr: `${script} does not exist` };
  return run(script, words, seconds);
}

/** Where people find what a service says. */
export function logFolder(plan: ClusterPlan, host: string, service: string): string {
  return join(hostFolder(plan, host), service, "log");
}

function hostFolder(plan: ClusterPlan, host: string): string {
  const { target } = plan.config;
  switch (target) {
    case "local":
      return join(hostsDirectory(PROJECT_DIR, plan), host);
    case "ssh":
      throw new Error(
        `target ssh is planned and rendered today (amq plan ${plan.stack} --out DIR); operating it comes later`,
      );
    default:
      return target satisfies never;
  }
}

function run(command: string, args: readonly string[], seconds: number): Promise<HostAnswer> {
  return new Promise((resolve) => {
    // A process group of its own: what hangs inside the script is ended with it.
    const child = spawn(command, args, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const timer = setTimeout(() => {
      stderr += `no answer within ${seconds} s`;
      endGroup(child.pid);
      // Whoever left the group may hold the pipes open for ever.
      child.stdout.destroy();
      child.stderr.destroy();
    }, seconds * 1000);
    child.on("error", (error) => (stderr += error.message));
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout: stdout.trim(), stderr: stderr.trim() });
    });
  });
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}
