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
const ANSWER_SECONDS = 15;

/**
 * Runs `amq-host <words>` on a host.
 * @returns its answer; code 127 when the host was never set up
 * @throws Error for a target that cannot be operated yet
 */
export function onHost(
  plan: ClusterPlan,
  host: string,
  words: readonly string[],
  seconds = ANSWER_SECONDS,
): Promise<HostAnswer> {
  if (plan.config.target !== "local") {
    throw new Error(`target ${plan.config.target} can be planned and rendered, but not operated yet; use target local`);
  }
  const script = join(hostsDirectory(PROJECT_DIR, plan), host, "bin", "amq-host");
  if (!existsSync(script)) return Promise.resolve({ code: 127, stdout: "", stderr: `${script} does not exist` });
  return run(script, words, seconds);
}

function run(command: string, args: readonly string[], seconds: number): Promise<HostAnswer> {
  return new Promise((resolve) => {
    // A process group of its own: what hangs inside the script is ended with it.
    const child = spawn(command, args, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, seconds * 1000);
    child.on("error", (error) => (stderr += error.message));
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout: stdout.trim(), stderr: stderr.trim() });
    });
  });
}
