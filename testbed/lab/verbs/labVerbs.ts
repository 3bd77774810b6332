/** The words of `amq lab`; what they do is in lab.ts. */
import { createRequire } from "node:module";
import type { Command } from "commander";

/** Loads a verb when it is called, as operate/program.ts does. */
const load = createRequire(__filename);

type Finish = (options: { json?: boolean }, run: () => number | Promise<number>) => Promise<void>;

/**
 * Hosts to try the ssh target on; they belong to no stack.
 * @param finish runs a verb to its exit code, or says what went wrong
 */
export function registerLab(lab: Command, finish: Finish): void {
  lab.description("real hosts on this machine, for the ssh target (Linux, as root)").enablePositionalOptions();
  const run = () => load("./lab") as typeof import("./lab");
  lab
    .command("up")
    .description("make hosts and wait until they are up; the first time takes minutes")
    .option("--hosts <list>", "name=address,...; three on 192.168.2.86 to .88 when omitted")
    .option("--own-kernels", "each with a Linux of its own, in user mode, which has NFS; slower, on x86_64 only")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  $ npx amq lab up --hosts one=10.9.8.1,two=10.9.8.2")
    .action((options: { json?: boolean; hosts?: string; ownKernels?: boolean }) =>
      finish(options, () => run().up(options)),
    );
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
  registerEc2(lab.command("ec2"), finish);
  const verbs = {
    kill: "cut a host's power",
    start: "switch a host on, its disk as it was",
    cut: "pull a host's cable",
    mend: "plug a host's cable in again",
    pause: "stop a host's own kernel, so that it does not notice time go by",
    resume: "let it go on",
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

/** What one would do in a console of the lab that plays EC2 (AMQ_LAB=ec2). */
function registerEc2(ec2: Command, finish: Finish): void {
  ec2.description("the lab that plays EC2 while AMQ_LAB=ec2 is set (Linux, as root)").enablePositionalOptions();
  const run = () => load("./labEc2") as typeof import("./labEc2");
  ec2
    .command("status")
    .description("the instances of the lab")
    .option("--json", "print JSON")
    .action((options: { json?: boolean }) => finish(options, () => run().status(options)));
  ec2
    .command("terminate")
    .description("end an instance behind the program's back; amq up makes another one")
    .argument("<host>", "a host of the stack, or an instance's id")
    .action((host: string) => finish({}, () => run().terminate(host)));
  for (const verb of ["stop", "start"] as const) {
    ec2
      .command(verb)
      .description(
        verb === "stop" ? "shut an instance down behind the program's back" : "switch a stopped instance on again",
      )
      .argument("<host>", "a host of the stack, or an instance's id")
      .option("--force", "stop: without a word to it, as if its power was cut")
      .action((host: string, options: { force?: boolean }) => finish({}, () => run()[verb](host, options)));
  }
  ec2
    .command("connect")
    .description("try a connection; exit code 1 when no answer comes")
    .argument("<from>", "a host of the stack, or client: an application in the clients' security group")
    .argument("<address>", "a name of the private zone, or an address")
    .argument("<port>")
    .action((from: string, address: string, port: string) => finish({}, () => run().connect(from, address, port)));
  ec2
    .command("client")
    .description("run a command of this machine where clients are")
    .argument("<command...>")
    .passThroughOptions()
    .action((words: string[]) => finish({}, () => run().client(words)));
  ec2
    .command("authority")
    .description(
      "print who signs the certificates of the lab's databases, for jdbc.caCertificates; it goes with the lab",
    )
    .action(() => finish({}, () => run().authority()));
  ec2
    .command("outage")
    .description("take the databases away for some seconds, as when a standby takes over")
    .argument("<seconds>")
    .action((seconds: string) => finish({}, () => run().outage(Number(seconds))));
  ec2
    .command("down")
    .description("remove the lab with all its instances, also after a crash")
    .action(() => finish({}, () => run().down()));
}
