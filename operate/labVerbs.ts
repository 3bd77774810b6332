/** The words of `amq lab`; what they do is in lab.ts. */
import type { Command } from "commander";

type Finish = (options: { json?: boolean }, run: () => number | Promise<number>) => Promise<void>;

/**
 * Hosts to try the ssh target on; they belong to no stack.
 * @param finish runs a verb to its exit code, or says what went wrong
 * @param load   loads a module of this folder when a verb is called
 */
export function registerLab(lab: Command, finish: Finish, load: NodeJS.Require): void {
  lab.description("real hosts on this machine, for the ssh target (Linux, as root)").enablePositionalOptions();
  const run = () => load("./lab") as typeof import("./lab");
  lab
    .command("up")
    .description("make hosts and wait until they are up; the first time takes minutes")
    .option("--hosts <list>", "name=address,...; three on 192.168.2.86 to .88 when omitted")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  $ npx amq lab up --hosts one=10.9.8.1,two=10.9.8.2")
    .action((options: { json?: boolean; hosts?: string }) => finish(options, () => run().up(options)));
  lab
    .command("status")
    .description("which hosts there are, and how; exit code 1 when not all are on and plugged in")
    .option("--json", "print JSON")
    .action((options: { json?: boolean }) => finish(options, () => run().status(options)));
  lab
    .command("ssh")
    .description("run a command on a host as ops, or open a shell there")
    .argument("<host>")
    .argument("[command...]", "a line for the host's shell")
    .passThroughOptions()
    .action((host: string, words: string[]) => finish({}, () => run().ssh(host, words)));
  const verbs = {
    kill: "cut a host's power",
    start: "switch a host on, its disk as it was",
    cut: "pull a host's cable",
    mend: "plug a host's cable in again",
    replace: "put an empty machine in a host's place: same name and address, another host key",
  } as const;
  for (const [name, description] of Object.entries(verbs) as [keyof typeof verbs, string][]) {
    lab
      .command(name)
      .description(description)
      .argument("<host>")
      .action((host: string) => finish({}, () => run().act(name, host)));
  }
  lab
    .command("down")
    .description("remove the hosts, their disks and their network")
    .action(() => finish({}, () => run().down()));
}
