/** The lab that plays EC2: one account of a project, whose machines are containers of this machine. */
import { existsSync, rmSync, rmdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { takeLock } from "../../../operate/engine/standIn/lock";
import { removeCgroups } from "../hosts/cgroups";
import { unmountBelow } from "../hosts/disk";
import { networkExists, removeNetwork } from "../hosts/network";
import { requireRoot } from "../hosts/root";
import { removeRunFolders } from "../hosts/runFolders";
import { EC2_TOOLS, requireTools, unfit } from "../hosts/tools";
import { Account, type AccountEntry, textOf } from "./account";
import { closeClientLocation } from "./clientLocation";
import { firewall, names } from "./firewall";
import { Database } from "./database/database";
import {
  accountFile,
  authorityFolder,
  databasesFolder,
  lockFile,
  machinesFolder,
  objectsFolder,
  volumesFolder,
} from "./folders";
import { Machine } from "./machine/machine";
import { linkOf, machineOf } from "./machine/names";
import { discardVolume } from "./machine/volume";
import { createRouter, keepSilent, load } from "./router";
import { namesFile, readNamesAgain, startServices, stopServices } from "./services";
import { databaseArgs } from "./database/args";

export class Ec2Lab {
  private applied = "";
  private applying: Promise<void> = Promise.resolve();

  private constructor(
    readonly directory: string,
    readonly account: Account,
    /** Lets others work on the lab. */
    readonly close: () => void = () => undefined,
  ) {}

  /**
   * The lab in a folder; makes it, or what is missing of it after a restart of this machine.
   * @throws Error when this machine cannot have one
   */
  static async open(folder: string, say: (line: string) => void): Promise<Ec2Lab> {
    const problem = unfit();
    if (problem !== undefined) throw new Error(problem);
    const directory = resolve(folder);
    const release = takeLock(lockFile(directory), "the lab that plays EC2");
    await requireTools(say, EC2_TOOLS);
    const account = Account.read(accountFile(directory)) ?? Account.empty(accountFile(directory));
    // The state comes first: what a crash leaves behind is found by it.
    account.save();
    if (!networkExists(account.lab)) await createRouter(account.lab);
    const lab = new Ec2Lab(directory, account, release);
    await startServices(directory, account.lab);
    await lab.reconcile();
    // What a restart of this machine has ended.
    for (const database of account.all("DbInstance")) await lab.database(database).start();
    return lab;
  }

  /** The lab in a folder as it is written down; undefined when there is none. */
  static find(folder: string): Ec2Lab | undefined {
    const directory = resolve(folder);
    const account = Account.read(accountFile(directory));
    return account && new Ec2Lab(directory, account);
  }

  /** Brings router and name server to what the account says. */
  async reconcile(): Promise<void> {
    this.applying = this.applying.catch(() => undefined).then(() => this.apply());
    await this.applying;
  }

  private async apply(): Promise<void> {
    const [rules, hosts] = [firewall(this.account), names(this.account)];
    const networks = this.account.all("Vpc").map((vpc) => textOf(vpc, "cidrBlock"));
    const wanted = [rules, hosts, ...networks].join("\n");
    if (wanted === this.applied) return;
    for (const cidr of networks) await keepSilent(this.account.lab, cidr);
    await load(this.account.lab, join(this.directory, "rules.nft"), rules);
    writeFileSync(namesFile(this.directory), hosts, { mode: 0o644 });
    readNamesAgain(this.directory);
    this.applied = wanted;
  }

  objectFile(bucket: string, key: string): string {
    return join(objectsFolder(this.directory), bucket, key);
  }

  volumeFile(volumeId: string): string {
    return join(volumesFolder(this.directory), volumeId);
  }

  machine(instance: AccountEntry): Machine {
    const networkInterface = this.account.get("NetworkInterface", textOf(instance, "card"));
    return new Machine({
      lab: this.account.lab,
      machine: machineOf(instance),
      folder: join(machinesFolder(this.directory), instance.id),
      link: linkOf(instance),
      address: textOf(networkInterface, "privateIp"),
    });
  }

  database(made: AccountEntry): Database {
    return new Database({
      ...databaseArgs(made, this),
      folder: join(databasesFolder(this.directory), made.id),
      authority: authorityFolder(this.directory),
    });
  }

  root(): Promise<string> {
    return requireRoot();
  }

  /** Removes everything of the lab, whatever state it is in. @throws Error naming what cannot be removed; run it again then */
  async remove(): Promise<void> {
    const { directory, account } = this;
    // What runs although it was never written down, too.
    await removeCgroups(account.lab);
    await unmountBelow(directory);
    removeRunFolders(account.all("Instance").map(machineOf));
    await stopServices(directory);
    for (const database of account.all("DbInstance")) await this.database(database).discard();
    await closeClientLocation(this);
    await removeNetwork(account.lab);
    if (existsSync(volumesFolder(directory))) {
      for (const volume of readdirSync(volumesFolder(directory))) await discardVolume(this.volumeFile(volume));
    }
    for (const folder of [machinesFolder, volumesFolder, objectsFolder, databasesFolder, authorityFolder]) {
      rmSync(folder(directory), { recursive: true, force: true });
    }
    for (const file of [
      "rules.nft",
      "names",
      "names.json",
      "names.log",
      "s3.json",
      "s3.log",
      "client.resolv",
      "account.json",
    ]) {
      rmSync(join(directory, file), { force: true });
    }
    rmSync(lockFile(directory), { force: true });
    if (readdirSync(directory).length === 0) rmdirSync(directory);
  }
}
