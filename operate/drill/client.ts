/** The real OpenWire client (runtime/client) as a process: connects through a failover URL, sends and receives, reports in JSON lines. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { resolveRuntime, runtimeDirectory } from "../../core/host/runtimes";

export interface Account {
  readonly user: string;
  readonly password: string;
}

/** What the client says of itself; which fields there are depends on the event. */
export interface ClientEvent {
  readonly event?: "ready" | "progress" | "sent" | "done" | "error" | "delivery" | "browsed" | "end";
  readonly ok?: boolean;
  readonly error?: string;
  readonly acked?: number;
  readonly received?: number;
  readonly longestGapSeconds?: number;
  /** How long it sent or received. */
  readonly seconds?: number;
}

/**
 * Resolves the client's Java parts, which the cluster itself does not need.
 * @throws Error when they cannot be resolved
 */
export function resolveClient(): void {
  if (!resolveRuntime("client")) throw new Error("the OpenWire client could not be resolved; see the lines above");
}

/** A client at work. */
export class ClientProcess {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly events: ClientEvent[] = [];
  private readonly ended: Promise<number | null>;
  private stderr = "";
  private whenReady: () => void = () => undefined;
  /** Resolves once it is connected, or has ended. */
  readonly ready: Promise<void>;

  /**
   * @param words  command and options; credentials go through the environment, where no process list shows them
   * @param signal ends it when the drill is interrupted
   * @param through words before its own that run it where clients are; none when that is here
   * @param listen is told each event; without it they are kept
   */
  constructor(
    account: Account,
    words: readonly string[],
    signal: AbortSignal,
    through: readonly string[] = [],
    listen?: (event: ClientEvent) => void,
  ) {
    const java = process.env["JAVA_HOME"] ? join(process.env["JAVA_HOME"], "bin", "java") : "java";
    const classPath = join(runtimeDirectory("client"), "lib", "*");
    const own = [java, "-Xmx192m", "-cp", classPath, "activemq.cluster.client.Client", ...words];
    const [command = java, ...args] = [...through, ...own];
    this.child = spawn(command, args, {
      env: { ...process.env, AMQ_USER: account.user, AMQ_PASSWORD: account.password },
      stdio: "pipe",
      signal,
      killSignal: "SIGKILL",
    });
    this.child.stdin.on("error", () => undefined); // it may have ended before it was told to
    this.child.stderr.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ready = new Promise((resolve) => (this.whenReady = resolve));
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      const event = JSON.parse(line) as ClientEvent;
      // All of a session's events would be kept twice.
      if (listen === undefined || event.event === "done" || event.event === "error") this.events.push(event);
      listen?.(event);
      if (event.event === "ready") this.whenReady();
    });
    this.ended = new Promise((resolve) => {
      this.child.on("error", (error) => (this.stderr += error.message));
      this.child.on("close", (code) => {
        this.whenReady();
        resolve(code);
      });
    });
  }

  /** Sends acknowledged so far, as far as it has said. */
  get acknowledged(): number {
    return this.events.findLast(({ acked }) => acked !== undefined)?.acked ?? 0;
  }

  /** Tells stream, receive and session to finish what is in flight and end. */
  stop(): void {
    this.tell("stop");
  }

  /** A line for a session. */
  tell(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  /** Ends it without asking. */
  kill(): void {
    this.child.kill("SIGKILL");
  }

  /**
   * Its last report, once it has ended.
   * @throws Error when it failed
   */
  async result(): Promise<ClientEvent> {
    const code = await this.ended;
    const last = this.events.at(-1);
    if (last === undefined || (code !== 0 && last.ok === undefined)) {
      throw new Error(`OpenWire client: ${last?.error ?? (this.stderr.trim() || `ended with ${String(code)}`)}`);
    }
    return last;
  }
}

/** The message ids in a file that the client wrote, in its order. */
export function idsIn(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
