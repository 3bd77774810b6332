/** The `run` file of a service that is a Java process: what every one of ours needs, whatever the product. Pure. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fillIn } from "../../util/fillIn";
import { shellQuote } from "../../util/shell";

const SCRIPT = readFileSync(join(__dirname, "javaRun.sh"), "utf8");

export interface JavaRunArgs {
  /** As in "broker group1-1". */
  readonly what: string;
  /** The folder, below AMQ_RUNTIMES, of the Java runtime to start from. */
  readonly runtimeId: string;
  readonly heapMiB: number;
  /** Shell lines that run before the process starts, in the service's folder. */
  readonly setup?: readonly string[];
  /** Further JVM options, quoted for the shell; $runtime, $log, $AMQ_SERVICE and $AMQ_CONF are set. */
  readonly options: readonly string[];
  /** A jar of the runtime whose classes come before those of the same names in others. */
  readonly firstJar?: string;
  /** Main class and arguments, quoted for the shell. */
  readonly command: string;
}

/** A script that replaces itself by the process. */
export function javaRun(args: JavaRunArgs): string {
  const { what, runtimeId, heapMiB, setup = [], options, firstJar, command } = args;
  return fillIn(SCRIPT, {
    what,
    runtime: shellQuote(runtimeId),
    heapMiB,
    setup: setup.map((line) => `${line}\n`).join(""),
    options: options.map((option) => `  ${option}`).join("\n"),
    first: firstJar === undefined ? "" : `$runtime/lib/${firstJar}:`,
    command,
  });
}
