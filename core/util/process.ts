/** Commands of the machine, run to their end. */
import { execFile, spawn } from "node:child_process";

/** What a command came to. */
export interface Answer {
  /** The exit code; 255 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Much more than any of our commands says; the default is 1 MiB. */
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * Runs a command whose failure is an answer, too.
 * @param timeoutMillis after which it is killed; 0 is never
 * @throws Error when it cannot be started
 */
export function ask(command: string, args: readonly string[], timeoutMillis = 0): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: MOST_OUTPUT_BYTES, timeout: timeoutMillis, killSignal: "SIGKILL" as const };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error !== null && typeof error.code === "string") reject(new Error(`${command}: ${error.message}`));
      else resolve({ code: error === null ? 0 : (child.exitCode ?? 255), stdout, stderr });
    });
  });
}

/**
 * Runs a command that must succeed.
 * @returns what it said on stdout
 * @throws Error with the command and what it said, when it fails or cannot be started
 */
export async function run(command: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await ask(command, args);
  if (code === 0) return stdout;
  const said = `${stderr}${stdout}`.trim();
  throw new Error(`${[command, ...args].join(" ")}: exit code ${code}${said === "" ? "" : `: ${said}`}`);
}

/**
 * Runs a command in the terminal of this process: what it says goes to stderr, or stdout too where that is wanted.
 * @returns the exit code; 255 when a signal ended it
 * @throws Error when it cannot be started
 */
export function show(command: string, args: readonly string[], stdio: "interactive" | "stderr"): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: stdio === "interactive" ? "inherit" : ["ignore", 2, 2] });
    child.once("error", reject);
    child.once("close", (code) => {
      resolve(code ?? 255);
    });
  });
}
