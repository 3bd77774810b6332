/** Reads command lines with the amq program itself, and runs none. */
import { type Command, CommanderError } from "commander";
import { program } from "../../operate/program";

export interface Call {
  /** `drill`, `lab up`. */
  readonly verb: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Options that were given, as `--keep-data`. */
  readonly options: readonly string[];
}

let last: Call | undefined;
let complaint = "";

function prepare(command: Command, path: readonly string[]): void {
  command.configureOutput({ writeOut: () => undefined, writeErr: (text) => (complaint += text) });
  for (const verb of command.commands) prepare(verb, [...path, verb.name()]);
  if (command.commands.length > 0) return;
  command.action(() => {
    last = {
      verb: path.join(" "),
      args: Object.fromEntries(
        command.registeredArguments.map((argument, i) => [argument.name(), command.processedArgs[i] as unknown]),
      ),
      options: command.options
        .filter((option) => command.getOptionValueSource(option.attributeName()) === "cli")
        .map(({ long }) => long ?? ""),
    };
  });
}
prepare(program, []);

/**
 * What the program takes the words for; undefined for a call of its help.
 * @throws Error with what the program says of wrong ones
 */
export async function parseCall(words: readonly string[]): Promise<Call | undefined> {
  last = undefined;
  complaint = "";
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.code === "commander.helpDisplayed") return undefined;
    throw error instanceof CommanderError ? new Error(complaint.trim()) : error;
  }
  return last;
}
