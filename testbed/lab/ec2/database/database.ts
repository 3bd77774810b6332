/** A database of the lab: a real PostgreSQL server in a network namespace of its own, whose cable ends in the lab's router. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runtimeDirectory } from "../../../../core/host/runtimes";
import { networkName } from "../../hosts/network";
import { namespacePath } from "../../hosts/nspawn";
import { type ProcessId, identify, isAlive, killProcess } from "../../hosts/processes";
import { comesTrue } from "../../../../core/util/until";
import { ask, leaveRunning, run } from "../../../../core/util/process";
import { GATEWAY } from "../addresses";
import { connect } from "../router";
import { certify } from "./authority";

export interface DatabaseArgs {
  readonly lab: string;
  /** Unique on this machine; with `ve-` before it the router's end of its cable. */
  readonly machine: string;
  /** Of its own. */
  readonly folder: string;
  /** Of the authority that signs its certificate. */
  readonly authority: string;
  /** The name that it is known by, and certified for. */
  readonly endpoint: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** True when other connections are refused. */
  readonly encryptedOnly: boolean;
}

/** Making a cluster of databases takes a while on a busy machine. */
const START_MILLIS = 120_000;
const STOP_MILLIS = 20_000;

export class Database {
  constructor(private readonly args: DatabaseArgs) {}

  get isOn(): boolean {
    const known = this.process();
    return known !== undefined && isAlive(known);
  }

  /** Starts it, unless it runs. @throws Error with its log when it does not come up */
  async start(): Promise<void> {
    const { folder, endpoint, address, port, user, password, database, encryptedOnly } = this.args;
    if (this.isOn) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!existsSync(join(folder, "server.pem"))) await certify(this.args.authority, endpoint, folder);
    await this.plugIn();
    const logFile = join(folder, "log");
    const before = existsSync(logFile) ? readFileSync(logFile, "utf8").length : 0;
    const server = join(runtimeDirectory("postgresql-16"), "server");
    const words = [server, folder, address, String(port), user, database, encryptedOnly ? "1" : "0"];
    const inNamespace = [`--net=${namespacePath(this.namespace)}`, "bash", join(__dirname, "run.sh"), ...words];
    const { pid = 0 } = leaveRunning("nsenter", inNamespace, logFile, { input: `${password}\n` });
    const id = identify(pid);
    if (id === undefined) throw new Error("a database of the lab did not start");
    writeFileSync(this.processFile, JSON.stringify(id), { mode: 0o600 });
    const said = () => readFileSync(logFile, "utf8").slice(before);
    const ready = () => said().includes("ready to accept connections");
    if (!(await comesTrue(() => ready() || !isAlive(id), START_MILLIS)) || !isAlive(id)) {
      throw new Error(`a database of the lab did not start: ${said().slice(-2000)}`);
    }
  }

  /** As a machine that is lost: nothing is written any more, nobody is told. */
  async stop(): Promise<void> {
    const known = this.process();
    if (known !== undefined) {
      killProcess(known);
      await comesTrue(() => !isAlive(known), STOP_MILLIS);
    }
    await ask("ip", ["-n", networkName(this.args.lab), "link", "delete", this.link]);
    await ask("ip", ["netns", "delete", this.namespace]);
  }

  async discard(): Promise<void> {
    await this.stop();
    rmSync(this.args.folder, { recursive: true, force: true });
  }

  private async plugIn(): Promise<void> {
    const { lab, address } = this.args;
    if (existsSync(namespacePath(this.namespace))) return;
    const inside = (...words: string[]) => run("ip", "-n", this.namespace, ...words);
    await run("ip", "netns", "add", this.namespace);
    await inside("link", "set", "lo", "up");
    await inside("link", "add", "eth0", "type", "veth", "peer", "name", this.link, "netns", networkName(lab));
    await inside("address", "add", `${address}/32`, "dev", "eth0");
    await inside("link", "set", "eth0", "up");
    await inside("route", "add", GATEWAY, "dev", "eth0");
    await inside("route", "add", "default", "via", GATEWAY);
    await connect(lab, this.link, address);
  }

  private get namespace(): string {
    return `${networkName(this.args.lab)}-${this.args.machine}`;
  }

  private get link(): string {
    return `ve-${this.args.machine}`;
  }

  private get processFile(): string {
    return join(this.args.folder, "process.json");
  }

  private process(): ProcessId | undefined {
    return existsSync(this.processFile) ? (JSON.parse(readFileSync(this.processFile, "utf8")) as ProcessId) : undefined;
  }
}
