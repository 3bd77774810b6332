/** One host of a lab. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeCgroups, removeCgroups } from "./cgroups";
import { diskOf, mountDisk, unmountBelow, writeFiles } from "./disk";
import { USER, hostFiles, remoteLine, sshOptions } from "./files";
import type { HostAddress } from "./hostList";
import { makeKey, publicKey } from "./keys";
import { BRIDGE, addCable, isPlugged, networkName, removeCable, setPlugged } from "./network";
import { askContainer, cableOf, nspawnCommand } from "./nspawn";
import { isOn, powerOff, powerOn, untilRunning } from "./power";
import { signalProcess } from "./processes";
import { type Answer, ask } from "../../../core/util/process";
import { type HostProcesses, type LabState, readProcesses } from "./state";
import { KERNEL_FILES, blankDisk, userModeCommand } from "./userMode";

/** How a host is. */
export interface HostStatus extends HostAddress {
  readonly on: boolean;
  /** Whether its cable is plugged in; a host that is off has none. */
  readonly plugged: boolean;
}

/** Where a lab's hosts have their folders, in the lab's. */
export function hostsFolder(directory: string): string {
  return join(directory, "hosts");
}

/** The private key that enters every host of a lab. */
export function keyFileOf(directory: string): string {
  return join(directory, "key");
}

/** The public host keys of a lab, by address. */
export function knownHostsOf(directory: string): string {
  return join(directory, "known_hosts");
}

/** For ssh to a host that is not up yet, or stands still. */
const ANSWER_MILLIS = 15_000;

export class LabHost {
  /** The name of its container, unique on this machine. */
  readonly machine: string;
  private readonly index: number;
  private readonly folder: string;
  private readonly cable: string;

  /**
   * @param directory the lab's folder
   * @throws Error when the lab has no host of that name
   */
  constructor(
    private readonly directory: string,
    private readonly lab: LabState,
    readonly name: string,
  ) {
    this.index = lab.hosts.findIndex((host) => host.name === name);
    if (this.index < 0) {
      const names = lab.hosts.map((host) => host.name).join(", ");
      throw new Error(`this lab has no host "${name}". Allowed: ${names}`);
    }
    this.machine = `${lab.id}-${this.index + 1}`;
    this.folder = join(hostsFolder(directory), name);
    this.cable = cableOf(this.machine);
  }

  get address(): string {
    return this.lab.hosts.find(({ name }) => name === this.name)?.address ?? "";
  }

  /** The public half of its host key: type and base64. */
  get publicKey(): string {
    return publicKey(this.keyFile);
  }

  /**
   * Makes what it has before it is switched on: its disk, its keys, its files.
   * @param base          the shared root
   * @param userPublicKey who may enter
   */
  async create(base: string, userPublicKey: string): Promise<void> {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    await makeKey(this.keyFile, `root@${this.name}`);
    await mountDisk(base, this.folder);
    const keys = {
      hostKey: readFileSync(this.keyFile, "utf8"),
      userPublicKey,
      machineId: randomBytes(16).toString("hex"),
    };
    writeFiles(this.folder, hostFiles(this, this.lab.hosts, keys));
    if (this.ownsKernel) writeFiles(this.folder, KERNEL_FILES);
  }

  /** Takes away what {@link create} made and the host wrote; its power is cut first. */
  async discard(): Promise<void> {
    await this.kill();
    await unmountBelow(this.folder);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Switches it on and waits until it is up. Does nothing when it is on. @throws Error when it does not come up */
  async start(): Promise<void> {
    if (isOn(this.folder)) return;
    await this.kill();
    // What its supervisor could not take away itself.
    await removeCgroups(this.lab.id, this.name);
    const processes = await powerOn(this.name, this.folder, await this.power());
    await untilRunning(this.name, this.folder, processes, (command) =>
      this.ownsKernel ? this.ssh(command) : askContainer(processes.leader, command),
    );
  }

  /** Cuts its power. Does nothing when it is off. */
  async kill(): Promise<void> {
    await powerOff(this.folder);
    if (this.ownsKernel) await removeCable(this.lab.id, this.cable);
  }

  /**
   * Stops its kernel or lets it go on: nothing on the host notices time go by meanwhile.
   * @throws Error when it is off, or has this machine's kernel
   */
  pause(paused: boolean): void {
    if (!this.ownsKernel) {
      throw new Error(
        `${this.name} runs on this machine's kernel, which cannot stand still. Make a lab with --own-kernels`,
      );
    }
    const processes = this.requireOn();
    signalProcess(processes.leader, paused ? "SIGSTOP" : "SIGCONT");
  }

  /** The command that opens a shell on it; with more words after it, it runs them as a line there. */
  get sshCommand(): [command: string, ...args: string[]] {
    const options = sshOptions(keyFileOf(this.directory), knownHostsOf(this.directory));
    return ["ssh", ...options, `${USER}@${this.address}`];
  }

  /** Runs a command on it, as `ops`, and waits for its end. */
  ssh(words: readonly string[], timeoutMillis = ANSWER_MILLIS): Promise<Answer> {
    const [command, ...args] = this.sshCommand;
    return ask(command, [...args, remoteLine(words)], { timeoutMillis });
  }

  /** Pulls its cable or plugs it in. @throws Error when it is off */
  async plug(plugged: boolean): Promise<void> {
    this.requireOn();
    await setPlugged(this.lab.id, this.cable, plugged);
  }

  async status(): Promise<HostStatus> {
    const plugged = (await isPlugged(this.lab.id, this.cable)) === true;
    return { name: this.name, address: this.address, on: isOn(this.folder), plugged };
  }

  private get ownsKernel(): boolean {
    return this.lab.kernel === "own";
  }

  /** The command that is its power; what that needs of this machine is there. */
  private async power(): Promise<[command: string, ...args: string[]]> {
    const host = {
      machine: this.machine,
      root: diskOf(this.folder),
      namespace: networkName(this.lab.id),
      cgroups: makeCgroups(this.lab.id, this.name),
    };
    if (!this.ownsKernel) return nspawnCommand({ ...host, hostname: this.name, bridge: BRIDGE });
    await addCable(this.lab.id, this.cable);
    // The second digit says that it was given here, not by a maker of network cards.
    const bytes = ["02", ...(this.lab.id.match(/../g) ?? []), "00", (this.index + 1).toString(16).padStart(2, "0")];
    return userModeCommand({ ...host, disk: blankDisk(this.folder), cable: this.cable, mac: bytes.join(":") });
  }

  /** @throws Error when it is off */
  private requireOn(): HostProcesses {
    const processes = readProcesses(this.folder);
    if (processes !== undefined && isOn(this.folder)) return processes;
    throw new Error(`${this.name} is off. Switch it on first (amq lab start ${this.name})`);
  }

  private get keyFile(): string {
    return join(this.folder, "host_key");
  }
}
