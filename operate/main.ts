/** Runs the `amq` command: arguments in, exit code out. */
import { CommanderError } from "commander";
import { program, stacksThatExist } from "./program";

// A reader that has seen enough (head, less) is no fault, and no reason to stop half-way: what is printed is dropped.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has said what is wrong; it cannot know which stacks there are.
  if (error.code === "commander.missingArgument") console.error(stacksThatExist());
  process.exitCode = error.exitCode;
});
