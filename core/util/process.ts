/** Commands of the machine: asked, run, shown, or left running. */
import { execFile, spawn, spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";

/** What a command came to. */
export interface Answer {
  /** The exit code; 255 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AskOptions {
  /** Where it runs; here when absent. */
  readonly cwd?: string;
  /** Its environment; this process's when absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** What it reads; nothing when absent. */
  readonly input?: string | Buffer;
  /** Milliseconds after which it is killed; never when absent. */
  readonly timeoutMillis?: number;
}

/** A state of hundreds of brokers, with room; the default is 1 MiB. */
const MOST_OUTPUT_BYTES = 2 ** 30;
/** The exit code of what a signal ended. */
const BY_SIGNAL = 255;
/** What Node takes for a fault and we do not: a command that was killed after its time, and one that left its input unread. */
const NO_FAULTS: readonly string[] = ["ETIMEDOUT", "EPIPE"];

/**
 * Runs a command whose failure is an answer, too.
 * @throws Error when it cannot be started
 */
export function ask(command: string, args: readonly string[], options: AskOptions = {}): Promise<Answer> {
  const { input = "", timeoutMillis = 0, ...where } = options;
  return new Promise((resolve, reject) => {
    const limits = { ...where, maxBuffer: MOST_OUTPUT_BYTES, timeout: timeoutMillis, killSignal: "SIGKILL" as const };
    const child = execFile(command, args, limits, (error, stdout, stderr) => {
      if (error !== null && typeof error.code === "string") reject(new Error(`${command}: ${error.message}`));
      else resolve({ code: error === null ? 0 : (child.exitCode ?? BY_SIGNAL), stdout, stderr });
    });
    // A command need not read its input to the end.
    child.stdin?.on("error", () => undefined).end(input);
  });
}

/**
 * As {@link ask}, for whoever cannot wait: nothing else happens in this process meanwhile.
 * @throws Error when it cannot be started
 */
export function askSync(command: string, args: readonly string[], options: AskOptions = {}): Answer {
  const { code, stdout, stderr } = askBytesSync(command, args, options);
  return { code, stdout: stdout.toString(), stderr };
}

/** As {@link askSync}, for a command whose output is no text. @throws Error when it cannot be started */
export function askBytesSync(
  command: string,
  args: readonly string[],
  { timeoutMillis = 0, ...options }: AskOptions = {},
): Omit<Answer, "stdout"> & { readonly stdout: Buffer } {
  const limits = { maxBuffer: MOST_OUTPUT_BYTES, timeout: timeoutMillis, killSignal: "SIGKILL" as const };
  const { error, status, stdout, stderr } = spawnSync(command, args, { ...options, ...limits });
  if (error !== undefined && !NO_FAULTS.includes((error as NodeJS.ErrnoException).code ?? "")) {
    throw new Error(`${command}: ${error.message}`, { cause: error });
  }
  return { code: status ?? BY_SIGNAL, stdout, stderr: stderr.toString() };
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
      resolve(code ?? BY_SIGNAL);
    });
  });
}

/**
 * Runs a command while nothing else happens in this process. What it says on stderr is shown, what it says on stdout is not.
 * @returns the exit code; 255 when a signal ended it
 * @throws Error when it cannot be started
 */
export function showSync(command: string, args: readonly string[]): number {
  const { error, status } = spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (error !== undefined) throw new Error(`${command}: ${error.message}`, { cause: error });
  return status ?? BY_SIGNAL;
}

/** What a command came to that may have been ended before it was over. */
export interface LimitedAnswer {
  /** The exit code; null when it was ended after the time limit, negative when it could not be started. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How long what a command said may stay in its pipes when it has ended and something else holds them. */
const PIPES_MILLIS = 500;

/**
 * Runs a command that may hang, and something that it started with it. All of them are ended when the time is over; what goes wrong is
 * an answer, whatever it is.
 */
export function askWithin(command: string, args: readonly string[], seconds: number): Promise<LimitedAnswer> {
  return new Promise((resolve) => {
    // A process group of its own: what hangs inside the script is ended with it.
    const child = spawn(command, args, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const letPipesGo = () => {
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const noLimit = afterReading(seconds * 1000, () => {
      stderr += `no answer within ${seconds} s`;
      endGroup(child.pid);
      // Whoever left the group may hold the pipes open for ever.
      letPipesGo();
    });
    child.on("error", (error) => (stderr += error.message));
    // A connection that ssh keeps open for the next question may hold the pipes, too: what was said is in them by then.
    child.on("exit", () => {
      child.once("close", afterReading(PIPES_MILLIS, letPipesGo));
    });
    child.on("close", (code) => {
      noLimit();
      resolve({ code, stdout: stdout.trim(), stderr: stderr.trim() });
    });
  });
}

/** Into how many parts a time is cut, of which a busy process can miss one. */
const PARTS = 10;

/**
 * Does something after a time in which this process could read. Where it is busy for longer than a time limit, Node comes to what is
 * due before it reads: an answer that had long been given was lost, and a host that was well had said nothing.
 * @returns how to leave it undone
 */
function afterReading(millis: number, what: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (parts: number) => {
    timer = setTimeout(() => {
      if (parts === 1) what();
      else wait(parts - 1);
    }, millis / PARTS);
  };
  wait(PARTS);
  return () => {
    clearTimeout(timer);
  };
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}

export interface LeftRunning {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Whether it has ended, as far as this process knows. */
  readonly ended: () => boolean;
}

/**
 * Starts a command that goes on when this process ends.
 * @param logFile what it says is added to this file, which only this user can read
 * @param options its environment, this process's when absent; what it reads, nothing when absent
 */
export function leaveRunning(
  command: string,
  args: readonly string[],
  logFile: string,
  { env, input }: Pick<AskOptions, "env" | "input"> = {},
): LeftRunning {
  const log = openSync(logFile, "a", 0o600);
  const child = spawn(command, args, {
    detached: true,
    stdio: [input === undefined ? "ignore" : "pipe", log, log],
    ...(env && { env }),
  });
  closeSync(log);
  // Whoever started it looks whether it is there.
  child.on("error", () => undefined);
  child.stdin?.on("error", () => undefined).end(input);
  child.unref();
  return {
    pid: child.pid,
    ended: () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null,
  };
}
