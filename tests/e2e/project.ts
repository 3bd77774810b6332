/**
 * A copy of the project in a folder of its own, with stack files of its own on ports of its own: the tests never touch a
 * cluster that somebody runs on this machine, and everything of theirs is below one folder.
 */
import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Status } from "../../operate/status";

const ROOT = join(__dirname, "..", "..");
const COPIED = [
  "components",
  "config",
  "lab",
  "operate",
  "runtime",
  "index.ts",
  "package.json",
  "Pulumi.yaml",
  "tsconfig.json",
];

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Short times, so that a test takes seconds: failover in about a session. Still above what a busy machine needs. */
const FAST = {
  zookeeper: {
    tickTimeMillis: 1000,
    sessionTimeoutMillis: 6000,
    ports: { client: 22181, peer: 22888, election: 23888 },
  },
  client: { maxInactivityMillis: 2500 },
};

export class Project {
  readonly directory = mkdtempSync(join(tmpdir(), "amq-e2e-"));
  private readonly stacks = new Set<string>();

  constructor() {
    for (const name of COPIED) cpSync(join(ROOT, name), join(this.directory, name), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(this.directory, "node_modules"));
  }

  /** Writes config/Pulumi.<stack>.yaml: two groups on test ports, with what is given on top. */
  write(stack: string, keys: Record<string, unknown>): void {
    const group = (name: string, first: number, brokers: number) => ({
      name,
      brokers,
      ports: { openwire: 26616 + first, replication: 27616 + first, metrics: 29404 + first },
    });
    const single = keys["store"] === "kahaDB";
    const groups = [group("a", 0, single ? 1 : 3), group("b", 3, single ? 1 : 3)];
    if (single) for (const { ports } of groups) delete (ports as Partial<typeof ports>).replication;
    const config = { target: "local", groups, ...FAST, ...keys };
    const prefixed = Object.fromEntries(Object.entries(config).map(([key, value]) => [`activemq:${key}`, value]));
    writeFileSync(join(this.directory, "config", `Pulumi.${stack}.yaml`), stringify({ config: prefixed }));
    this.stacks.add(stack);
  }

  amq(...words: string[]): Promise<Answer> {
    return this.start(words).answer;
  }

  /** A command that the test may interrupt. */
  start(words: readonly string[]) {
    const child = spawn(process.execPath, [join(this.directory, "operate", "amq.js"), ...words], {
      stdio: ["ignore", "pipe", "pipe"],
      cwd: tmpdir(),
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const answer = new Promise<Answer>((resolve) => {
      child.on("close", (code) => { resolve({ code, stdout, stderr }); }); // prettier-ignore
    });
    return { child, answer, stderr: () => stderr };
  }

  async status(stack: string): Promise<Status> {
    return JSON.parse((await this.amq("status", stack, "--json")).stdout) as Status;
  }

  /** Process ids by service, as the hosts know them. */
  pids(stack: string): Record<string, string> {
    const hosts = join(this.directory, ".amq", stack, "hosts");
    if (!existsSync(hosts)) return {};
    return Object.fromEntries(
      readdirSync(hosts).map((host) => {
        const script = join(hosts, host, "bin", "amq-host");
        // No script: the stack is down, and only data was kept.
        const pid = existsSync(script) ? spawnSync(script, ["pid", host], { encoding: "utf8" }).stdout.trim() : "";
        return [host, pid];
      }),
    );
  }

  /** Processes whose command line or working folder names this project's folder. */
  processes(): string[] {
    return readdirSync("/proc")
      .filter((pid) => /^\d+$/.test(pid))
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(this.directory);
        } catch {
          return false; // ended meanwhile
        }
      });
  }

  /** Ends what is up, whatever a test left, by the ids its hosts know; then the folder goes. */
  remove(): void {
    for (const stack of this.stacks) this.end(stack);
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Ends the processes of one stack, whether or not its stack file can still be read. */
  end(stack: string): void {
    for (const [host, pid] of Object.entries(this.pids(stack))) {
      if (pid !== "")
        spawnSync(join(this.directory, ".amq", stack, "hosts", host, "bin", "amq-host"), ["remove", host]);
    }
  }
}
