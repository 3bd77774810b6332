/** `amq lab`: real hosts on this machine, for the ssh target. What they are is in lab/hosts. */
import { join } from "node:path";
import { DEFAULT_HOSTS, parseHosts } from "../hosts/hostList";
import { removeAbandoned } from "../abandoned";
import { LabHosts } from "../hosts/labHosts";
import { show } from "../../../core/util/process";
import { PROJECT_DIR } from "../../../operate/project";
import { table } from "../../../operate/terminal/table";

export interface LabOptions {
  readonly json?: boolean;
}

const lab = new LabHosts(join(PROJECT_DIR, ".amq", "lab-hosts"), (line) => {
  console.error(line);
});

/** @returns the exit code: 0 when every host is up. @throws Error as {@link LabHosts.up} does */
export async function up(
  options: LabOptions & { readonly hosts?: string; readonly ownKernels?: boolean },
): Promise<number> {
  const hosts = options.hosts === undefined ? DEFAULT_HOSTS : parseHosts(options.hosts);
  await removeAbandoned();
  await lab.up(hosts, options.ownKernels === true ? "own" : "shared");
  const code = await status(options);
  if (options.json !== true) console.log(`\nenter one:  npx amq lab ssh ${hosts[0]?.name ?? ""}`);
  return code;
}

/** @returns the exit code: 0 when there is a lab and every host of it is on and plugged in */
export async function status(options: LabOptions): Promise<number> {
  const hosts = await lab.status();
  if (options.json === true) console.log(JSON.stringify({ hosts, keyFile: lab.keyFile }));
  else if (hosts.length === 0) console.log("there is no lab; npx amq lab up makes one");
  else {
    const word = (on: boolean, plugged: boolean) => (on ? (plugged ? "on" : "on, cable cut") : "off");
    console.log(table(hosts.map(({ name, address, on, plugged }) => [name, address, word(on, plugged)])));
  }
  return hosts.length > 0 && hosts.every(({ on, plugged }) => on && plugged) ? 0 : 1;
}

/** As ssh does it: words are joined to one line for the host's shell, none open a shell. @returns its exit code */
export async function ssh(host: string, words: readonly string[]): Promise<number> {
  const [command, ...args] = lab.sshCommand(host);
  return show(command, [...args, ...words], "interactive");
}

/** What `amq lab <verb> <host>` does to a host. @returns the exit code: 0 when it is done */
export async function act(
  verb: "kill" | "start" | "cut" | "mend" | "pause" | "resume" | "replace",
  host: string,
): Promise<number> {
  await lab[verb](host);
  return 0;
}

/** @returns the exit code: 0 when nothing of the lab is left */
export async function down(): Promise<number> {
  await lab.down();
  console.log("nothing is left of the lab");
  return 0;
}
