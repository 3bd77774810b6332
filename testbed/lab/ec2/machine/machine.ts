/** An instance of the lab: a container with a disk of its own, over the root that all lab hosts start from. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeCgroups, removeCgroups } from "../../hosts/cgroups";
import { diskOf, mountDisk, unmountBelow, writeFiles } from "../../hosts/disk";
import { networkName } from "../../hosts/network";
import { nspawnCommand } from "../../hosts/nspawn";
import { isOn, powerOff, powerOn } from "../../hosts/power";
import { isAlive } from "../../hosts/processes";
import { comesTrue } from "../../../../core/util/until";
import { ask, run } from "../../../../core/util/process";
import { removeRunFolders } from "../../hosts/runFolders";
import { readProcesses } from "../../hosts/state";
import { connect } from "../router";
import { IMAGE_UNITS, NOT_OF_THE_IMAGE, type FirstBoot, imageFiles } from "./image";

/** systemd's signal to power off in order. */
const POWER_OFF = "RTMIN+4";
/** What services may take to end before their power is cut, as EC2 does after some minutes. */
const STOP_MILLIS = 60_000;
const LINK_MILLIS = 30_000;

export interface MachineArgs {
  /** The lab's id. */
  readonly lab: string;
  /** Name of the container. */
  readonly machine: string;
  readonly folder: string;
  readonly link: string;
  readonly address: string;
}

export class Machine {
  constructor(private readonly args: MachineArgs) {}

  /** Makes its disk from the image. @param base the shared root */
  async create(base: string, boot: FirstBoot): Promise<void> {
    const { folder } = this.args;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await mountDisk(base, folder);
    for (const path of NOT_OF_THE_IMAGE) rmSync(join(diskOf(folder), path), { force: true });
    writeFiles(folder, imageFiles(boot));
    await run("systemctl", `--root=${diskOf(folder)}`, "--quiet", "enable", ...IMAGE_UNITS);
  }

  /** Switches it on; returns before it has booted, as EC2 does. */
  async start(): Promise<void> {
    const { lab, machine, folder, link, address } = this.args;
    if (isOn(folder)) return;
    await this.cut();
    await removeCgroups(lab, machine);
    const hostname = `ip-${address.replaceAll(".", "-")}`;
    const place = { namespace: networkName(lab), cgroups: makeCgroups(lab, machine) };
    await powerOn(hostname, folder, nspawnCommand({ machine, hostname, root: diskOf(folder), ...place }));
    const linked = async () => (await ask("ip", ["-n", networkName(lab), "link", "show", link])).code === 0;
    if (!(await comesTrue(linked, LINK_MILLIS))) throw new Error(`${machine}: its cable did not appear`);
    await connect(lab, link, address);
  }

  /** Switches it off in order; what does not end in time is cut. */
  async stop(): Promise<void> {
    const processes = readProcesses(this.args.folder);
    if (processes !== undefined && isAlive(processes.leader)) {
      await ask("kill", ["-s", POWER_OFF, String(processes.leader.pid)]);
      await comesTrue(() => !isAlive(processes.supervisor), STOP_MILLIS);
    }
    await this.cut();
  }

  /** Cuts its power. */
  async cut(): Promise<void> {
    await powerOff(this.args.folder);
  }

  /** Takes away everything of it. */
  async discard(): Promise<void> {
    const { lab, machine, folder } = this.args;
    await this.cut();
    await removeCgroups(lab, machine);
    await unmountBelow(folder);
    removeRunFolders([machine]);
    rmSync(folder, { recursive: true, force: true });
  }

  /** Runs a command in it as root, from outside. @throws Error with what it said when it fails */
  inside(...command: string[]): Promise<string> {
    const [enter = "", ...words] = this.insideWords();
    return run(enter, ...words, ...command);
  }

  /** The words before a command that run it in there. @throws Error when it is off */
  insideWords(): string[] {
    const processes = readProcesses(this.args.folder);
    if (processes === undefined) throw new Error(`${this.args.machine} is off`);
    return ["nsenter", "--target", String(processes.leader.pid), "--all"];
  }

  get isOn(): boolean {
    return isOn(this.args.folder);
  }
}
