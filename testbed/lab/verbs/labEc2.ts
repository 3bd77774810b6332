/** `amq lab ec2`: what one would do in a console, in the lab that plays EC2. */
import { setTimeout as sleep } from "node:timers/promises";
import { authority as labAuthority } from "../ec2/database/authority";
import { authorityFolder } from "../ec2/folders";
import { Ec2Lab } from "../ec2/ec2Lab";
import { openClientLocation } from "../ec2/clientLocation";
import { type AccountEntry, textOf } from "../ec2/account";
import { tagOf } from "../ec2/functions";
import { labDirectory } from "../../../operate/engine/standIn/ec2Switch";
import { startInstance, stopInstance, terminate as terminateInstance } from "../ec2/types/compute";
import { ask, show } from "../../../core/util/process";
import { PROJECT_DIR } from "../../../operate/project";
import { table } from "../../../operate/terminal/table";

const directory = labDirectory(PROJECT_DIR);

/** Seconds without an answer after which a port is taken for closed: a security group drops without a word. */
const SILENCE_SECONDS = 4;
const SILENT = 124;
/** The name first: a question for it that got lost is asked again after five seconds, which says nothing of the port. */
const TRY =
  'a=$(getent ahostsv4 "$0") || { echo "no such name" >&2; exit 1; }; timeout "$2" bash -c \'exec 3<>"/dev/tcp/$0/$1"\' "${a%% *}" "$1"';

/** @returns the exit code: 0 when there is a lab */
export function status(options: { readonly json?: boolean }): number {
  const lab = Ec2Lab.find(directory);
  const instances = (lab?.account.all("Instance") ?? []).map((one) => ({
    name: tagOf(one, "Name"),
    id: one.id,
    type: textOf(one, "instanceType"),
    address: textOf(one, "privateIp"),
    zone: textOf(one, "availabilityZone"),
    state: textOf(one, "instanceState"),
  }));
  if (options.json === true) console.log(JSON.stringify({ instances }));
  else if (lab === undefined) console.log("there is no lab that plays EC2; AMQ_LAB=ec2 npx amq up dev makes one");
  else console.log(table(instances.map((one) => Object.values(one))));
  return lab === undefined ? 1 : 0;
}

/** Ends an instance behind the program's back. @returns the exit code @throws Error when there is none, or it is protected */
export async function terminate(name: string): Promise<number> {
  return atWork(async (lab) => {
    const instance = instanceOf(lab, name);
    if (instance.values["disableApiTermination"] === true) {
      throw new Error(`OperationNotPermitted: ${name} is protected (disableApiTermination)`);
    }
    await terminateInstance(instance, lab);
    lab.account.remove(instance);
    await lab.reconcile();
    console.log(`${instance.id} is terminated`);
    return 0;
  });
}

/** Shuts an instance down, in order unless it is to be cut off. @returns the exit code @throws Error when there is none */
export async function stop(name: string, { force }: { readonly force?: boolean } = {}): Promise<number> {
  return atWork(async (lab) => {
    const instance = instanceOf(lab, name);
    await stopInstance(instance, lab, force);
    console.log(`${instance.id} is stopped`);
    return 0;
  });
}

/** Switches an instance on, with its volumes. @returns the exit code @throws Error when there is none */
export async function start(name: string): Promise<number> {
  return atWork(async (lab) => {
    const instance = instanceOf(lab, name);
    await startInstance(instance, lab);
    console.log(`${instance.id} runs`);
    return 0;
  });
}

/**
 * Tries a connection, from an instance or, with `client`, from an application in the clients' security group.
 * @returns the exit code: 0 when somebody answered, a refusal included, for then nothing is in between
 */
export async function connect(from: string, address: string, port: string): Promise<number> {
  const words = ["bash", "-c", TRY, address, port, String(SILENCE_SECONDS)];
  const through = from === "client" ? await clientWords() : await atWork((lab) => machineWords(lab, from));
  const [command = "", ...args] = [...through, ...words];
  const { code, stderr } = await ask(command, args);
  const refused = stderr.includes("Connection refused");
  const said = code === 0 ? "open" : refused ? "reached, nobody listens" : code === SILENT ? "closed" : stderr.trim();
  console.log(`${from} -> ${address}:${port}: ${said}`);
  return code === 0 || refused ? 0 : 1;
}

/** Runs a command of this machine as an application in the VPC. @returns its exit code */
export async function client(words: readonly string[]): Promise<number> {
  const [command = "", ...args] = [...(await clientWords()), ...words];
  return show(command, args, "interactive");
}

/** Prints who signs the certificates of the lab's databases, for jdbc.caCertificates. @returns the exit code */
export async function authority(): Promise<number> {
  process.stdout.write(await labAuthority(authorityFolder(directory)));
  return 0;
}

/** Takes the databases away for some seconds, as when their standby takes over. @returns the exit code */
export async function outage(seconds: number): Promise<number> {
  return atWork(async (lab) => {
    const databases = lab.account.all("DbInstance").map((one) => lab.database(one));
    if (databases.length === 0) throw new Error("no stack with a database is up in the lab");
    for (const database of databases) await database.stop();
    console.log(`${databases.length === 1 ? "the database is" : "the databases are"} away for ${seconds} s`);
    await sleep(seconds * 1000);
    for (const database of databases) await database.start();
    console.log("back");
    return 0;
  });
}

/** Removes the lab, whatever state it is in. @returns the exit code */
export async function down(): Promise<number> {
  await Ec2Lab.find(directory)?.remove();
  console.log("nothing is left of the lab that plays EC2; what stacks were in it, amq up makes anew");
  return 0;
}

function instanceOf(lab: Ec2Lab, name: string): AccountEntry {
  const all = lab.account.all("Instance");
  const found = all.find((one) => [one.id, tagOf(one, "activemq-host"), tagOf(one, "Name")].includes(name));
  if (found !== undefined) return found;
  throw new Error(`no instance ${name}. Allowed: ${all.map((one) => tagOf(one, "Name")).join(", ")}`);
}

function machineWords(lab: Ec2Lab, name: string): Promise<string[]> {
  return Promise.resolve(lab.machine(instanceOf(lab, name)).insideWords());
}

async function clientWords(): Promise<string[]> {
  return atWork((lab) => {
    const group = lab.account.all("SecurityGroup").find((one) => tagOf(one, "Name").endsWith("-clients"));
    if (group === undefined) throw new Error("no stack with a security group for clients is up in the lab");
    return openClientLocation(lab, group.id);
  });
}

async function atWork<T>(work: (lab: Ec2Lab) => Promise<T>): Promise<T> {
  if (Ec2Lab.find(directory) === undefined)
    throw new Error("there is no lab that plays EC2 (AMQ_LAB=ec2 npx amq up dev)");
  const lab = await Ec2Lab.open(directory, console.error);
  try {
    return await work(lab);
  } finally {
    lab.close();
  }
}
