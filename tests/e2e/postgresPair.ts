/** Two PostgreSQL servers on this machine: a primary, and a standby that has every commit before its client is answered. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveRuntime, runtimeDirectory } from "../../core/host/runtimes";
import { until } from "../../testbed/harness/patience";

const START_SECONDS = 60;
const ENVIRONMENT = { ...process.env, LC_ALL: "C" };

/** PostgreSQL refuses root; in a user namespace the same user has another number, and its files are still its own. */
const AS_USER = ["--user", "--map-user=daemon", "--map-group=daemon"];

interface Account {
  readonly user: string;
  readonly password: string;
}

/** One of the two. */
class Server {
  private said = "";
  private readonly child: ChildProcess;

  constructor(
    readonly data: string,
    port: number,
    settings: readonly string[],
  ) {
    const all = [`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories=", ...settings];
    this.child = spawn("unshare", [...AS_USER, program("postgres"), "-D", data, ...all.flatMap((one) => ["-c", one])], {
      stdio: ["ignore", "ignore", "pipe"],
      env: ENVIRONMENT,
    });
    this.child.stderr?.on("data", (chunk: Buffer) => (this.said += chunk.toString()));
  }

  /** @throws Error with its log when it does not say so */
  async says(text: string): Promise<void> {
    if (await until(START_SECONDS, () => this.said.includes(text))) return;
    throw new Error(`PostgreSQL did not say "${text}": ${this.said}`);
  }

  /** As a machine that loses power: no process of it says anything more. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const pids = [child.pid, ...childrenOf(child.pid)];
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // A session may have ended meanwhile.
      }
    }
    await ended;
  }
}

export class PostgresPair {
  private readonly folder = mkdtempSync(join(tmpdir(), "amq-postgres-pair-"));
  private primary: Server | undefined;
  private standby: Server | undefined;

  /** Makes a database, starts both, and waits until the standby follows. */
  async start([primaryPort, standbyPort]: readonly [number, number], database: string, account: Account) {
    if (!resolveRuntime("postgresql-16")) throw new Error("PostgreSQL could not be resolved; see the lines above");
    const [one, two, passwordFile] = [
      join(this.folder, "one"),
      join(this.folder, "two"),
      join(this.folder, "password"),
    ];
    writeFileSync(passwordFile, `${account.password}\n`, { mode: 0o600 });
    const user = `--username=${account.user}`;
    asUser("initdb", ["-D", one, user, "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "--encoding=UTF8"]);
    asUser(
      "postgres",
      ["--single", "-D", one, "-c", "log_min_messages=error", "postgres"],
      `CREATE DATABASE ${database}`,
    );
    writeFileSync(join(one, "pg_hba.conf"), "host all,replication all 127.0.0.0/8 scram-sha-256\n");
    // It has stopped, so a copy of its files is a backup.
    cpSync(one, two, { recursive: true });
    chmodSync(two, 0o700);
    writeFileSync(join(two, "standby.signal"), "");
    this.primary = new Server(one, primaryPort, ["synchronous_standby_names=*"]);
    const at = `host=127.0.0.1 port=${primaryPort} user=${account.user} password=${account.password}`;
    this.standby = new Server(two, standbyPort, [`primary_conninfo=${at}`]);
    await this.standby.says("started streaming WAL from primary");
  }

  /** The primary is gone for good, and the standby takes its place. */
  async failOver(): Promise<void> {
    await this.primary?.kill();
    if (this.standby !== undefined) asUser("pg_ctl", ["promote", "-D", this.standby.data]);
  }

  async remove(): Promise<void> {
    await Promise.all([this.primary?.kill(), this.standby?.kill()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function program(name: string): string {
  return join(runtimeDirectory("postgresql-16"), "server", "bin", name);
}

function asUser(name: string, words: readonly string[], input = ""): void {
  execFileSync("unshare", [...AS_USER, program(name), ...words], {
    input,
    env: ENVIRONMENT,
    stdio: ["pipe", "ignore", "inherit"],
  });
}

function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/stat`, "utf8")
            .replace(/^.*\) /s, "")
            .split(" ")[1] === String(parent)
        );
      } catch {
        return false; // ended meanwhile
      }
    })
    .map(Number);
}
