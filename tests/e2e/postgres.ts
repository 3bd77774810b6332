/** A PostgreSQL server on this machine, for hosts of a lab that reach it from outside. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certify } from "../../testbed/lab/ec2/database/authority";
import { run } from "../../core/util/process";
import { resolveCommand, runtimeDirectory } from "../../core/host/runtimes";
import { PROJECT } from "../support/raw";
import { limit } from "../../testbed/harness/patience";

const RUN = join(PROJECT, "testbed", "lab", "ec2", "database", "run.sh");
const START_SECONDS = 60;

export class Postgres {
  private readonly folder = mkdtempSync(join(tmpdir(), "amq-postgres-"));
  private server: ChildProcess | undefined;

  /**
   * Waits until it answers.
   * @throws Error with what it said when it does not
   */
  async start(address: string, port: number, database: string, user: string, password: string): Promise<void> {
    const [command = "", ...args] = resolveCommand("postgresql-16");
    await run(command, ...args);
    await certify(this.folder, "database", this.folder);
    const words = [
      join(runtimeDirectory("postgresql-16"), "server"),
      this.folder,
      address,
      String(port),
      user,
      database,
      "0",
    ];
    const server = spawn("bash", [RUN, ...words], { stdio: ["pipe", "pipe", "pipe"] });
    this.server = server;
    server.stdin.end(`${password}\n`);
    let said = "";
    await new Promise<void>((resolve, reject) => {
      const fail = () => {
        reject(new Error(`PostgreSQL did not start: ${said}`));
      };
      setTimeout(fail, limit(START_SECONDS)).unref();
      server.on("exit", fail);
      for (const stream of [server.stdout, server.stderr]) {
        stream.on("data", (chunk: Buffer) => {
          said += chunk.toString();
          if (said.includes("ready to accept connections")) resolve();
        });
      }
    });
  }

  async remove(): Promise<void> {
    const { server } = this;
    if (server?.exitCode === null && server.signalCode === null) {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      // SIGINT: ends at once, whoever is connected.
      server.kill("SIGINT");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
