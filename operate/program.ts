/**
 * The `amq` command: its verbs, their arguments and options. Verbs are loaded when they are called, so that plan and status never
 * load Pulumi. To import this file runs nothing; main.ts does.
 */
import { createRequire } from "node:module";
import { Command, InvalidArgumentError } from "commander";
import { stacksOf } from "../core/load/stackNames";
import { version } from "../package.json";
import { report } from "./failure";
import { registerLab } from "../testbed/lab/verbs/labVerbs";
import { PROJECT_DIR } from "./projectDir";

/** The experiments of `amq drill`; see drill/experiments.ts. */
const EXPERIMENTS = "1 to 8, shared, frozen, database-45, shared-45, slaves, everything or rolling";

/** Loads a verb when it is called. Not import(): that is left to Node, which reads no TypeScript. */
const load = createRequire(__filename);

export const program = new Command("amq")
  .description("ActiveMQ with high availability and load balancing: the commands for a stack")
  .version(version)
  .showHelpAfterError("(amq --help lists the verbs, amq <verb> --help the options)")
  .addHelpText("after", () => `\n${stacksThatExist()}\n\nExample:\n  $ npx amq up local`)
  // Options after a verb are the verb's: those of a command for `amq lab ssh` are not read here.
  .enablePositionalOptions()
  .exitOverride();

const verb = (name: string, description: string, example: string) =>
  program
    .command(name)
    .description(description)
    .argument("<stack>", "the stack: config/Pulumi.<stack>.yaml")
    .option("--json", "print JSON")
    .addHelpText("after", `\nExample:\n  $ npx amq ${example}`);

verb("plan", "say what a stack file means; touches nothing", "plan local --svg topology.svg")
  .option("--out <dir>", "write every rendered file to <dir>/<host>/<service>/")
  .option("--svg <file>", "draw the topology")
  .action((stack: string, options: { json?: boolean; out?: string; svg?: string }) =>
    finish(options, () => (load("./plan/plan") as typeof import("./plan/plan")).plan(stack, options)),
  );
verb("up", "bring a stack up, or to what its file says now", "up local").action(
  (stack: string, options: { json?: boolean }) =>
    finish(options, () => (load("./up/up") as typeof import("./up/up")).up(stack, options)),
);
verb("status", "who is master, what is missing; exit code 1 when the cluster is not whole", "status local").action(
  (stack: string, options: { json?: boolean }) =>
    finish(options, () => (load("./status/status") as typeof import("./status/status")).status(stack, options)),
);
verb("drill", "kill real processes of a running stack and count what clients see", "drill local 5")
  .argument("[experiment]", `${EXPERIMENTS}; 1 to 8 and shared, as far as they fit the stack, when omitted`)
  .option("--kills <n>", "kills in experiment 5", wholeNumber, 1)
  .option("--rate <n>", "messages a second of all producers together; as many as they can when omitted", wholeNumber)
  .action((stack: string, experiment: string | undefined, options: { json?: boolean; kills: number; rate?: number }) =>
    finish(options, () => (load("./drill/drill") as typeof import("./drill/drill")).drill(stack, experiment, options)),
  );
verb("drain", "take a host out for patching and reboots, in order; --back puts it back", "drain local group1-1")
  .argument("<host>", "a host of the stack; amq plan lists them")
  .option("--back", "start what is drained there, and wait until the cluster is whole")
  .option("--force", "also when that takes a group or ZooKeeper down, or when the cluster is not whole")
  .action((stack: string, host: string, options: { json?: boolean; back?: boolean; force?: boolean }) =>
    finish(options, () => (load("./drain/drain") as typeof import("./drain/drain")).drain(stack, host, options)),
  );
verb("forget", "take a host that is gone for good out of the state; runs nothing on it", "forget ssh broker-1")
  .argument("<host>", "a host that the state knows, also one that left the stack file")
  .option("--force", "also when it answers, or may be there")
  .action((stack: string, host: string, options: { json?: boolean; force?: boolean }) =>
    finish(options, () => (load("./forget/forget") as typeof import("./forget/forget")).forget(stack, host, options)),
  );
verb("down", "stop a stack and remove it, its data included", "down local")
  .option("--keep-data", "keep the brokers' stores and ZooKeeper's data")
  .action((stack: string, options: { json?: boolean; keepData?: boolean }) =>
    finish(options, () => (load("./down/down") as typeof import("./down/down")).down(stack, options)),
  );

// What the program runs before it touches a running cluster; not for people.
program
  .command("allow", { hidden: true })
  .action(() =>
    finish({}, () => (load("./change/changeGuard") as typeof import("./change/changeGuard")).guardChange()),
  );

registerLab(program.command("lab"), finish);

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("It must be a whole number, at least 1.");
  return Number(text);
}

/** Which stacks have a file, in a sentence. */
export function stacksThatExist(): string {
  const names = stacksOf(PROJECT_DIR);
  return names.length === 0
    ? "There is no stack file yet: config/Pulumi.<stack>.yaml"
    : `Stacks that exist: ${names.join(", ")}`;
}

async function finish(options: { json?: boolean }, run: () => number | Promise<number>): Promise<void> {
  try {
    process.exitCode = await run();
  } catch (error) {
    process.exitCode = 1;
    const { message, json } = report(error, process.env["AMQ_DEBUG"] === "1");
    console.error(message);
    if (options.json === true) console.log(JSON.stringify(json));
  }
}
