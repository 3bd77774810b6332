/** Runs a process as the command provider does: its output as progress and result, ended when the run is interrupted. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Wire, WireMap } from "../values";
import type { HandlerContext } from "./handler";

/** How long an interrupted command may take to end by itself, in milliseconds. */
const GRACE_MS = 10_000;
/** How Go, the provider's language, calls the signals. */
const SIGNAL_NAMES: Partial<Record<NodeJS.Signals, string>> = { SIGTERM: "terminated", SIGKILL: "killed" };

export interface ProcessArgs {
  readonly program: string;
  readonly args: readonly string[];
  /** What the error text calls it. */
  readonly command: string;
  readonly stdin?: Wire | undefined;
  readonly logging?: Wire | undefined;
  readonly cwd?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * @returns stdout and stderr, without their last line end
 * @throws Error with the provider's text, in which stdin does not appear
 */
export async function runProcess(
  { program, args, command, stdin, logging = "stdoutAndStderr", cwd, env = process.env }: ProcessArgs,
  context: HandlerContext,
): Promise<WireMap> {
  const child = spawn(program, args, {
    cwd,
    env,
    // Its own process group: an interrupt reaches the command's children too, and a ^C in the terminal nobody but us.
    detached: true,
    stdio: [stdin ? "pipe" : "ignore", "pipe", "pipe"],
  });
  // A command need not read its input to the end.
  child.stdin?.on("error", () => undefined).end(stdin);

  const both: Buffer[] = [];
  const stdout = collect(child.stdout, both, logging === "stdout" || logging === "stdoutAndStderr", context);
  const stderr = collect(child.stderr, both, logging === "stderr" || logging === "stdoutAndStderr", context);
  const stopWatching = endOnInterrupt(child.pid, context.interrupted, () => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  });
  const fault = await new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => {
      resolve(error.message);
    });
    // "close", not "exit": like the provider, wait until nobody holds the command's output any more.
    child.on("close", (code, signal) => {
      if (signal) resolve(`signal: ${SIGNAL_NAMES[signal] ?? signal}`);
      else resolve(code === 0 ? undefined : `exit status ${code ?? -1}`);
    });
  }).finally(stopWatching);
  if (fault !== undefined) {
    throw new Error(`${fault}: running ${JSON.stringify(command)}:\n${Buffer.concat(both).toString()}`);
  }
  return { stdout: text(stdout), stderr: text(stderr) };
}

/** Gathers what a stream says, with its lines as progress if wanted. */
function collect(stream: Readable | null, both: Buffer[], asProgress: boolean, context: HandlerContext): Buffer[] {
  const chunks: Buffer[] = [];
  stream?.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    both.push(chunk);
  });
  if (stream && asProgress) createInterface(stream).on("line", context.log);
  return chunks;
}

function text(chunks: Buffer[]): string {
  return Buffer.concat(chunks).toString().replace(/\n$/, "");
}

/** On an interrupt asks the process group to end, and ends it when it takes too long. Returns how to stop watching. */
function endOnInterrupt(pid: number | undefined, interrupted: AbortSignal, abandon: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    signalGroup(pid, "SIGTERM");
    timer = setTimeout(() => {
      signalGroup(pid, "SIGKILL");
      abandon();
    }, GRACE_MS);
  };
  interrupted.addEventListener("abort", end);
  if (interrupted.aborted) end();
  return () => {
    clearTimeout(timer);
    interrupted.removeEventListener("abort", end);
  };
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}
