/** docs/reference/cli.md: every verb of `amq`, from the program itself. */
import type { Command } from "commander";
import { program } from "../../operate/program";
import { code, head, plain, sentence, table } from "./markdown";

const INTRODUCTION = `Run every command as \`npx amq\` in the project's folder. \`amq --help\` lists the verbs, \`amq <verb> --help\` the options
of one verb.

- Exit code 0 means success. \`amq status\` exits with 1 when the cluster is not whole.
- With \`--json\`, stdout carries one JSON value; messages for people go to stderr. A failure is \`{"error": ...}\`.
- \`AMQ_LAB=ec2\` before a verb makes target \`aws\` run in the lab on this machine. \`AMQ_DEBUG=1\` prints stack traces.`;

/** The page's text. */
export function cliReference(): string {
  return (
    [head("The `amq` command", "operate/program.ts"), INTRODUCTION, ...verbsOf(program, "amq")].join("\n\n") + "\n"
  );
}

function verbsOf(parent: Command, path: string): string[] {
  const help = parent.createHelp();
  return help
    .visibleCommands(parent)
    .filter((verb) => verb.name() !== "help")
    .flatMap((verb) => [section(verb, `${path} ${verb.name()}`), ...verbsOf(verb, `${path} ${verb.name()}`)]);
}

function section(verb: Command, path: string): string {
  const help = verb.createHelp();
  const args = help
    .visibleArguments(verb)
    .map((argument) => [
      code(argument.required ? `<${argument.name()}>` : `[${argument.name()}]`),
      "-",
      plain(argument.description),
    ]);
  const options = help
    .visibleOptions(verb)
    .filter((option) => option.long !== "--help")
    .map((option) => [
      code(option.flags),
      option.defaultValue === undefined ? "-" : code(String(option.defaultValue)),
      plain(option.description),
    ]);
  const rows = [...args, ...options];
  return [
    `## ${code(path)}`,
    plain(sentence(verb.description())),
    ...(verb.commands.length > 0 ? [] : [code(help.commandUsage(verb))]),
    ...(rows.length > 0 ? [table(["argument or option", "default", "meaning"], rows)] : []),
    ...examplesOf(verb).map((example) => `Example: ${code(example)}`),
  ].join("\n\n");
}

/** Examples stand at the end of a verb's help. */
function examplesOf(verb: Command): string[] {
  let text = "";
  const before = verb.configureOutput();
  verb.configureOutput({ writeOut: (part) => (text += part) });
  verb.outputHelp();
  verb.configureOutput(before);
  return [...text.matchAll(/^ {2}\$ (.*)$/gm)].map(([, example = ""]) => example);
}
