/** Real hosts on one Linux machine: each with an address, sshd, systemd and a firewall of its own. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { takeLock } from "../../../operate/engine/standIn/lock";
import { removeCgroups } from "./cgroups";
import { unmountBelow } from "./disk";
import { USER, knownHosts } from "./files";
import { type HostAddress, formatHosts, networkOf } from "./hostList";
import { makeKey } from "./keys";
import { type HostStatus, LabHost, hostsFolder, keyFileOf, knownHostsOf } from "./labHost";
import { createNetwork, networkExists, removeNetwork, requireFree } from "./network";
import { requireRoot } from "./root";
import type { Answer } from "../../../core/util/process";
import { removeRunFolders } from "./runFolders";
import { type Kernel, type LabState, readState, stateFile, writeState } from "./state";
import { noteTemporary, removeNote } from "./temporary";
import { requireTools, unfit, unfitForKernels } from "./tools";

/**
 * The hosts of one lab. What they are is in a folder, so that another process, or one after a crash, goes on with them:
 * nothing is found by name, and nothing of this machine is touched that the folder does not record.
 */
export class LabHosts {
  private readonly directory: string;

  /**
   * @param directory the lab's folder, for it alone; made when needed. It must be on a file system that overlay mounts can
   *                  write to (not on an overlay itself), with no comma, colon or backslash in its path
   * @param say       is told what takes long, a line at a time
   * @param lifetime  "temporary": when this process is killed, removeAbandoned (abandoned.ts) of a later one removes the lab
   */
  constructor(
    directory: string,
    private readonly say: (line: string) => void = () => undefined,
    private readonly lifetime: "kept" | "temporary" = "kept",
  ) {
    this.directory = resolve(directory);
  }

  /** The private key that enters every host as `ops`: a file in OpenSSH's format, ed25519, without a passphrase. */
  get keyFile(): string {
    return keyFileOf(this.directory);
  }

  /** The public host keys by address, in the format of known_hosts. */
  get knownHostsFile(): string {
    return knownHostsOf(this.directory);
  }

  /**
   * The public key that a host shows, as known_hosts has it: `ssh-ed25519 AAAA...`.
   * @throws Error when there is no such host
   */
  hostKeyOf(name: string): string {
    return this.host(name).publicKey;
  }

  /**
   * Makes the hosts and waits until each of them is up: every service that it starts by itself runs. A lab that has these hosts
   * already keeps them, and what is off is switched on; what an `up` left that did not come to its end is removed first.
   * @param kernel "own": each has one, with NFS; slower, and only on x86_64
   * @throws Error when this machine cannot have a lab, for faulty hosts, when the subnet is in use here, when the lab has other
   *         hosts, or when a host does not come up; what was made then stays to be looked at until `down` or the next `up`
   */
  async up(hosts: readonly HostAddress[], kernel: Kernel = "shared"): Promise<void> {
    const problem = unfit() ?? (kernel === "own" ? unfitForKernels() : undefined);
    if (problem !== undefined) throw new Error(problem);
    const { subnet, machine } = networkOf(hosts);
    await this.locked(async () => {
      await requireTools(this.say);
      if (!this.isWhole(hosts, kernel)) {
        await this.remove();
        await requireFree(subnet);
        await this.create({ id: randomBytes(3).toString("hex"), complete: false, hosts, machine, kernel });
      }
      await Promise.all(this.hosts().map((host) => host.start()));
      writeState(this.directory, { ...this.state(), complete: true });
    });
  }

  /**
   * Runs a command on a host, as `ops`, and waits for its end. The words arrive as they are: for a line of shell, say
   * `["sh", "-c", line]`.
   * @returns what it came to; code 255 when ssh itself failed
   * @throws Error when there is no such host
   */
  ssh(name: string, words: readonly string[]): Promise<Answer> {
    return this.host(name).ssh(words, 0);
  }

  /**
   * The command that opens a shell on a host; with more words after it, it runs them as a line there.
   * @throws Error when there is no such host
   */
  sshCommand(name: string): [command: string, ...args: string[]] {
    return this.host(name).sshCommand;
  }

  /**
   * Cuts a host's power. What it wrote to its disk stays, also what a real disk might not have got yet.
   * @throws Error when there is no such host
   */
  async kill(name: string): Promise<void> {
    await this.host(name).kill();
  }

  /**
   * Switches a host on, with its disk as it was and its cable plugged in, and waits until it is up. Does nothing when it is on.
   * @throws Error when there is no such host, or it does not come up
   */
  async start(name: string): Promise<void> {
    await this.host(name).start();
  }

  /** Pulls a host's cable: it goes on running, nothing gets through. @throws Error when there is no such host, or it is off */
  async cut(name: string): Promise<void> {
    await this.host(name).plug(false);
  }

  /** Plugs a host's cable in again. @throws Error when there is no such host, or it is off */
  async mend(name: string): Promise<void> {
    await this.host(name).plug(true);
  }

  /**
   * Stops a host's kernel, as a hypervisor does that moves a machine: it does not notice time go by.
   * @throws Error when there is no such host, it is off, or has no kernel of its own
   */
  pause(name: string): void {
    this.host(name).pause(true);
  }

  /** Lets a host's kernel go on. @throws Error as {@link pause} does */
  resume(name: string): void {
    this.host(name).pause(false);
  }

  /**
   * Puts an empty machine in a host's place, as when one is lost for good: same name and address, another disk, another host key;
   * and switches it on.
   * @throws Error when there is no such host, or it does not come up
   */
  async replace(name: string): Promise<void> {
    const host = this.host(name);
    await this.locked(async () => {
      await host.discard();
      await host.create(await requireRoot(), this.userPublicKey);
      writeFileSync(this.knownHostsFile, knownHosts(this.hosts()));
    });
    await host.start();
  }

  /** How the hosts are; empty when there is no lab. */
  async status(): Promise<HostStatus[]> {
    if (readState(this.directory) === undefined) return [];
    return Promise.all(this.hosts().map((host) => host.status()));
  }

  /**
   * Removes the lab: its processes, mounts, network, files, and its folder unless a stranger's file is in it. Does nothing when
   * there is none.
   * @throws Error naming what cannot be removed; run it again then
   */
  async down(): Promise<void> {
    if (readState(this.directory) === undefined) return;
    await this.locked(() => this.remove());
    if (readdirSync(this.directory).length === 0) rmdirSync(this.directory);
  }

  /** Everything but the power. The state comes first: what a crash leaves behind is found by it. */
  private async create(state: LabState): Promise<void> {
    const base = await requireRoot();
    writeState(this.directory, state);
    if (this.lifetime === "temporary") noteTemporary({ id: state.id, kind: "lab", directory: this.directory });
    await createNetwork(state.id, state.machine);
    await makeKey(this.keyFile, `${USER}@lab`);
    await Promise.all(this.hosts().map((host) => host.create(base, this.userPublicKey)));
    writeFileSync(this.knownHostsFile, knownHosts(this.hosts()));
  }

  private async remove(): Promise<void> {
    const state = readState(this.directory);
    if (state === undefined) return;
    await Promise.all(this.hosts().map((host) => host.kill()));
    await removeFromMachine(state.id, this.directory);
    removeRunFolders(this.hosts().map(({ machine }) => machine));
    for (const path of [hostsFolder(this.directory), this.keyFile, `${this.keyFile}.pub`, this.knownHostsFile]) {
      rmSync(path, { recursive: true, force: true });
    }
    rmSync(stateFile(this.directory));
    removeNote(state.id);
  }

  /** @throws Error when there is a whole lab with other hosts */
  private isWhole(hosts: readonly HostAddress[], kernel: Kernel): boolean {
    const state = readState(this.directory);
    // After a reboot of this machine the network is gone.
    if (state?.complete !== true || !networkExists(state.id)) return false;
    if (formatHosts(state.hosts) === formatHosts(hosts) && state.kernel === kernel) return true;
    const kernels = state.kernel === "own" ? ", which have kernels of their own" : "";
    throw new Error(
      `there is a lab already, with ${formatHosts(state.hosts)}${kernels}; nothing was changed. Remove it first (amq lab down)`,
    );
  }

  private get userPublicKey(): string {
    return readFileSync(`${this.keyFile}.pub`, "utf8");
  }

  private host(name: string): LabHost {
    return new LabHost(this.directory, this.state(), name);
  }

  private hosts(): LabHost[] {
    return this.state().hosts.map(({ name }) => this.host(name));
  }

  private state(): LabState {
    const state = readState(this.directory);
    if (state === undefined) throw new Error(`there is no lab in ${this.directory}. Make one first (amq lab up)`);
    return state;
  }

  private async locked(act: () => Promise<void>): Promise<void> {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const release = takeLock(join(this.directory, "lock"), "this lab");
    try {
      await act();
    } finally {
      release();
    }
  }
}

/**
 * Removes a lab, also one that was never completed, or whose folder is gone, as when somebody emptied /tmp.
 * @throws Error naming what cannot be removed; run it again then
 */
export async function removeLab(id: string, directory: string): Promise<void> {
  await new LabHosts(directory).down();
  await removeFromMachine(id, directory);
}

/** What a lab has outside its folder; what is gone already is no fault. */
async function removeFromMachine(id: string, directory: string): Promise<void> {
  // Also what runs although it was never written down: the tool was killed in between.
  await removeCgroups(id);
  await unmountBelow(directory);
  await removeNetwork(id);
}
