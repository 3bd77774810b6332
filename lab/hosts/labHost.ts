/** One host of a lab. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeCgroups, removeCgroups } from "./cgroups";
import { diskOf, mountDisk, unmountBelow, writeFiles } from "./disk";
import { hostFiles } from "./files";
import type { HostAddress } from "./hostList";
import { makeKey, publicKey } from "./keys";
import { BRIDGE, isPlugged, networkName, setPlugged } from "./network";
import { cableOf } from "./nspawn";
import { isOn, powerOff, powerOn, untilRunning } from "./power";
import type { LabState } from "./state";

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

export class LabHost {
  /** The name of its container, unique on this machine. */
  readonly machine: string;
  private readonly folder: string;
  private readonly cable: string;

  /**
   * @param directory the lab's folder
   * @throws Error when the lab has no host of that name
   */
  constructor(
    directory: string,
    private readonly lab: LabState,
    readonly name: string,
  ) {
    const index = lab.hosts.findIndex((host) => host.name === name);
    if (index < 0) {
      const names = lab.hosts.map((host) => host.name).join(", ");
      throw new Error(`this lab has no host "${name}". Allowed: ${names}`);
    }
    this.machine = `${lab.id}-${index + 1}`;
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
    const processes = await powerOn(this.folder, {
      machine: this.machine,
      hostname: this.name,
      root: diskOf(this.folder),
      namespace: networkName(this.lab.id),
      bridge: BRIDGE,
      cgroups: makeCgroups(this.lab.id, this.name),
    });
    await untilRunning(this.name, this.folder, processes);
  }

  /** Cuts its power. Does nothing when it is off. */
  async kill(): Promise<void> {
    await powerOff(this.folder);
  }

  /** Pulls its cable or plugs it in. @throws Error when it is off */
  async plug(plugged: boolean): Promise<void> {
    if (!isOn(this.folder)) {
      throw new Error(`${this.name} is off, so it has no cable. Switch it on first (amq lab start ${this.name})`);
    }
    await setPlugged(this.lab.id, this.cable, plugged);
  }

  async status(): Promise<HostStatus> {
    const plugged = (await isPlugged(this.lab.id, this.cable)) === true;
    return { name: this.name, address: this.address, on: isOn(this.folder), plugged };
  }

  private get keyFile(): string {
    return join(this.folder, "host_key");
  }
}
