/** The cluster that is proven: lab hosts, its stack file in a copy of the project, and what an experiment does to them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { HostAddress } from "../../lab/hosts/hostList";
import { removeAbandoned } from "../../lab/abandoned";
import { LabHosts } from "../../lab/hosts/labHosts";
import type { Kernel } from "../../lab/hosts/state";
import { ProjectCopy } from "../../harness/projectCopy";
import { WATCH_MILLIS } from "../../../operate/drill/watch";
import { accountsOf } from "../../../operate/drill/accounts";
import { Cluster } from "../../../operate/drill/cluster";
import type { Context } from "../../../operate/drill/context";
import { loadPlan } from "../../../operate/project";
import { WHOLE_SECONDS, type ClusterUnderTest } from "./clusterUnderTest";

export const STACK = "proof";

/** What a site is made of. */
export interface Layout {
  /** All in a subnet of its own: the labs of tests may be up at the same time. Those with a role are the stack's. */
  readonly machines: readonly (HostAddress & { readonly role?: "broker" | "zookeeper" })[];
  readonly kernel: Kernel;
  /** What the stack file has besides machines and how to reach them. */
  readonly keys: Readonly<Record<string, unknown>>;
  /** Between two questions to a broker whether it is master, where asking is dear; default as a watch has it. */
  readonly pauseMillis?: number;
  /** Makes a fresh machine what it is to be before the first `amq up`. @param on runs a line of shell there, as root */
  readonly furnish?: (host: string, on: (line: string) => Promise<string>) => Promise<void>;
}

export class Site implements ClusterUnderTest {
  readonly lab: LabHosts;
  readonly project = new ProjectCopy("amq-proof-");
  /** Hosts that cannot answer now, so nobody waits for them. */
  readonly away = new Set<string>();
  /** For the clients' files. */
  private readonly directory = mkdtempSync(join(tmpdir(), "amq-proof-clients-"));
  private readonly labDirectory = mkdtempSync(join(tmpdir(), "amq-lab-"));
  private readonly generations = new Map<string, number>();
  private keys: Readonly<Record<string, unknown>> = {};
  private current: Cluster | undefined;

  /** @param signal when it is aborted, nothing more is waited for */
  constructor(
    private readonly layout: Layout,
    readonly signal: AbortSignal,
    readonly say: (line: string) => void,
  ) {
    this.lab = new LabHosts(this.labDirectory, say, "temporary");
  }

  /** The cluster as the stack file has it now. */
  get cluster(): Cluster {
    if (this.current === undefined) throw new Error("no stack file was written yet");
    return this.current;
  }

  get plan() {
    return this.cluster.plan;
  }

  get pauseMillis(): number {
    return this.layout.pauseMillis ?? WATCH_MILLIS;
  }

  /** Makes hosts and cluster. @throws Error when one does not come up */
  async make(): Promise<void> {
    await removeAbandoned();
    const { machines, kernel } = this.layout;
    this.say(`${machines.length} hosts`);
    await this.lab.up(
      machines.map(({ name, address }) => ({ name, address })),
      kernel,
    );
    for (const { name } of machines) await this.furnish(name);
    this.write({});
    this.say("amq up");
    await this.up();
    await this.whole();
  }

  /** Writes the stack file, with these keys besides those that it has. */
  write(keys: Readonly<Record<string, unknown>>): void {
    this.keys = { ...this.keys, ...keys };
    this.project.writeStack(STACK, {
      target: "ssh",
      ssh: { user: "ops", privateKeyFile: this.lab.keyFile },
      hosts: this.layout.machines
        .filter(({ role }) => role !== undefined)
        .map(({ role, ...machine }) => ({
          ...machine,
          roles: [role],
          hostKey: this.lab.hostKeyOf(machine.name),
          generation: this.generations.get(machine.name) ?? 1,
        })),
      ...this.layout.keys,
      ...this.keys,
    });
    this.current = new Cluster(loadPlan(STACK, this.project.directory), this.signal);
  }

  /** @throws Error with what `amq up` said, unless it worked */
  async up(): Promise<void> {
    const { code, stderr } = await this.project.amq("up", STACK);
    this.signal.throwIfAborted();
    if (code !== 0) throw new Error(`amq up ended with ${String(code)}: ${stderr.trim()}`);
  }

  /** What an experiment's clients work with. */
  async context(): Promise<Context> {
    const accounts = await accountsOf(this.project.directory, this.plan);
    return { cluster: this.cluster, directory: this.directory, kills: 1, say: this.say, ...accounts };
  }

  /** @throws Error naming what is missing, when the cluster does not become whole */
  async whole(seconds = WHOLE_SECONDS): Promise<void> {
    await this.cluster.until((status) => status.whole, seconds, "not whole");
  }

  /** Waits; ends at once when the proof is interrupted. */
  async pause(seconds: number): Promise<void> {
    await sleep(Math.max(seconds, 0) * 1000, undefined, { signal: this.signal });
  }

  /** Runs a line of shell as root. @throws Error with what it said when it fails */
  async on(host: string, line: string): Promise<string> {
    const { code, stdout, stderr } = await this.lab.ssh(host, ["sudo", "bash", "-c", line]);
    if (code !== 0) throw new Error(`${host}: ${line}: ${stderr}${stdout}`);
    return stdout.trim();
  }

  async powerOff(...hosts: string[]): Promise<void> {
    for (const host of hosts) this.away.add(host);
    await Promise.all(hosts.map((host) => this.lab.kill(host)));
  }

  async powerOn(...hosts: string[]): Promise<void> {
    await Promise.all(hosts.map((host) => this.lab.start(host)));
    for (const host of hosts) this.away.delete(host);
  }

  async cut(host: string): Promise<void> {
    this.away.add(host);
    await this.lab.cut(host);
  }

  async mend(host: string): Promise<void> {
    await this.lab.mend(host);
    this.away.delete(host);
  }

  /** A kernel that stands still is not heard either. @throws Error when the host has none of its own */
  pauseHost(host: string): void {
    this.away.add(host);
    this.lab.pause(host);
  }

  resumeHost(host: string): void {
    this.lab.resume(host);
    this.away.delete(host);
  }

  /** Puts an empty machine in a host's place, and tells the stack file so. */
  async replace(host: string): Promise<void> {
    await this.lab.replace(host);
    await this.furnish(host);
    this.generations.set(host, (this.generations.get(host) ?? 1) + 1);
    this.write({});
    this.away.delete(host);
  }

  /**
   * Ends every fault that is left of an experiment that failed, and waits; then `amq up`.
   * @returns what it took
   * @throws Error when that does not help either
   */
  async recover(): Promise<string> {
    for (const { name, on, plugged } of await this.lab.status()) {
      if (on && this.layout.kernel === "own") this.resumeHost(name);
      if (!on) await this.powerOn(name);
      else if (!plugged) await this.mend(name);
    }
    this.away.clear();
    try {
      await this.whole();
      return "whole again once every host was on and plugged in";
    } catch {
      this.signal.throwIfAborted();
      await this.up();
      await this.whole();
      return "whole again only after amq up";
    }
  }

  /** Writes every host's journal to a folder that stays. @returns the folder */
  async saveJournals(name: string): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), `amq-proof-journals-${name}-`));
    mkdirSync(folder, { recursive: true });
    for (const host of this.layout.machines.map((machine) => machine.name)) {
      const { stdout, stderr } = await this.lab.ssh(host, [
        "sudo",
        "journalctl",
        "--no-pager",
        "-o",
        "short-iso-precise",
      ]);
      writeFileSync(join(folder, `${host}.log`), stdout + stderr);
    }
    return folder;
  }

  private async furnish(host: string): Promise<void> {
    await this.layout.furnish?.(host, (line) => this.on(host, line));
  }

  /** Everything goes: hosts by the ids the lab wrote down, then the folders. */
  async remove(): Promise<void> {
    await this.project.interrupt();
    await this.lab.down();
    this.project.remove();
    for (const folder of [this.directory, this.labDirectory]) rmSync(folder, { recursive: true, force: true });
  }
}
