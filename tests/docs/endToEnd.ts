/** Which verbs and options of amq the end-to-end tests run, read from their source. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../support/raw";

const FOLDERS = ["tests/e2e", "testbed/harness"];

/** The words in quotes of each call of amq, and the name of a method that stands for a verb. */
const CALLS: readonly ReadonlySet<string>[] = FOLDERS.flatMap((folder) =>
  readdirSync(join(PROJECT, folder))
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [
      ...readFileSync(join(PROJECT, folder, file), "utf8").matchAll(
        /\b(amq|start|drill|status)\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g,
      ),
    ])
    .map(
      ([, name = "", args = ""]) => new Set([name, ...[...args.matchAll(/"([^"]*)"/g)].map(([, word = ""]) => word)]),
    ),
);

/** Whether one of their calls has the verb and all of the options. */
export function isRunEndToEnd(verb: string, options: readonly string[]): boolean {
  return CALLS.some((words) => [verb, ...options].every((word) => words.has(word)));
}
