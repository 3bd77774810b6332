/** What the lab runs besides machines, in its router: the name server of its VPCs, and S3. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { leaveRunning } from "../../../core/util/process";
import { networkName } from "../hosts/network";
import { namespacePath } from "../hosts/nspawn";
import { type ProcessId, identify, isAlive, killProcess } from "../hosts/processes";
import { comesTrue } from "../../../core/util/until";
import { RESOLVER, S3_ADDRESS } from "./addresses";

const NAMES = ["names", "s3"] as const;
type Service = (typeof NAMES)[number];
const START_MILLIS = 20_000;

/** @param directory the lab's */
export function namesFile(directory: string): string {
  return join(directory, "names");
}

/** Starts what does not run. @throws Error with its log when one does not start */
export async function startServices(directory: string, lab: string): Promise<void> {
  if (!existsSync(namesFile(directory))) writeFileSync(namesFile(directory), "", { mode: 0o644 });
  for (const service of NAMES) {
    const known = processOf(directory, service);
    if (known !== undefined && isAlive(known)) continue;
    await start(directory, lab, service);
  }
}

/** Ends them. */
export async function stopServices(directory: string): Promise<void> {
  for (const service of NAMES) {
    const known = processOf(directory, service);
    if (known === undefined) continue;
    killProcess(known);
    await comesTrue(() => !isAlive(known), START_MILLIS);
  }
}

/** The name server takes what is written by now. */
export function readNamesAgain(directory: string): void {
  const known = processOf(directory, "names");
  if (known !== undefined && isAlive(known)) process.kill(known.pid, "SIGHUP");
}

async function start(directory: string, lab: string, service: Service): Promise<void> {
  const command = { names: nameServer(directory), s3: s3(directory) }[service];
  const words = [`--net=${namespacePath(networkName(lab))}`, ...command];
  const { pid = 0 } = leaveRunning("nsenter", words, logFile(directory, service));
  const id = identify(pid);
  if (id === undefined) throw new Error(`${service} of the lab did not start`);
  writeFileSync(processFile(directory, service), JSON.stringify(id), { mode: 0o600 });
  const ready = () => /started, version|listening/.test(readFileSync(logFile(directory, service), "utf8"));
  if (!(await comesTrue(() => ready() || !isAlive(id), START_MILLIS)) || !isAlive(id)) {
    throw new Error(`${service} of the lab did not start: ${readFileSync(logFile(directory, service), "utf8")}`);
  }
}

/** Names that nobody wrote down are missing, and remembered as missing for a while, as in a VPC. */
function nameServer(directory: string): string[] {
  return [
    "dnsmasq",
    "--keep-in-foreground",
    "--conf-file=/dev/null",
    "--log-facility=-",
    "--user=root",
    "--pid-file=",
    "--no-hosts",
    `--addn-hosts=${namesFile(directory)}`,
    "--no-resolv",
    "--bind-interfaces",
    "--except-interface=lo",
    `--listen-address=${RESOLVER}`,
    "--local-ttl=60",
    `--address=/amazonaws.com/${S3_ADDRESS}`,
    "--address=/#/",
  ];
}

function s3(directory: string): string[] {
  return [process.execPath, "--require", require.resolve("tsx/cjs"), join(__dirname, "s3Server.ts"), directory];
}

function processOf(directory: string, service: Service): ProcessId | undefined {
  const file = processFile(directory, service);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ProcessId) : undefined;
}

const processFile = (directory: string, service: Service) => join(directory, `${service}.json`);
const logFile = (directory: string, service: Service) => join(directory, `${service}.log`);
