/**
 * The Java programs in java/, each on the classes of a runtime: compiled once, when it is first asked for, and ended when it takes
 * too long, as a test that is run in one process with others cannot be ended while it waits.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type RuntimeName, ownJar, resolveRuntime, runtimeDirectory } from "../../core/host/runtimes";
import { type Answer, type AskOptions, askSync } from "../../core/util/process";
import { limit } from "../../testbed/harness/patience";

const SOURCES = join(__dirname, "java");
/** Of a quiet machine: the longest takes a quarter of it. */
const SECONDS = 120;
/** Between the word to say what its threads do and its end. */
const LAST_WORDS_SECONDS = 5;
/** `timeout` ends its whole process group, and so itself: a signal's exit code. */
const KILLED = 255;

/** Class paths by runtime and program. */
const built = new Map<string, string>();

export interface JavaOptions {
  /** For the JVM itself. */
  readonly options?: readonly string[];
  /** Its environment; this process's when absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** How long it may take, of a quiet machine. */
  readonly seconds?: number;
}

/**
 * Resolves the runtime and compiles the program, with what it uses of its folder, unless that has been done.
 * @returns the command that runs it
 * @throws Error with what the compiler says
 */
export function javaCommand(
  runtime: RuntimeName,
  program: string,
  words: readonly string[],
  options: readonly string[] = [],
): [string, string[]] {
  const key = `${runtime} ${program}`;
  const classPath = built.get(key) ?? build(runtime, program);
  built.set(key, classPath);
  // Java does not heed TMPDIR: what a program leaves would stay when the run's folder goes.
  return ["java", [...options, `-Djava.io.tmpdir=${tmpdir()}`, "-cp", classPath, program, ...words]];
}

/**
 * Runs one of the programs to its end, whatever that is.
 * @throws Error with what its threads did, when it takes longer than it may
 */
export function java(
  runtime: RuntimeName,
  program: string,
  words: readonly string[] = [],
  { options = [], seconds: quiet = SECONDS, ...where }: JavaOptions = {},
): Answer {
  const [command, args] = javaCommand(runtime, program, words, options);
  const seconds = limit(quiet) / 1000;
  const limits = ["--signal=QUIT", `--kill-after=${LAST_WORDS_SECONDS}`, String(seconds)];
  const answer = askSync("timeout", [...limits, command, ...args], where satisfies AskOptions);
  if (answer.code === KILLED) throw new Error(`${program}: not over after ${seconds} s:\n${answer.stdout}`);
  return answer;
}

/**
 * Runs one of the programs, which must succeed.
 * @returns what it says on stdout
 * @throws Error with what it said, when it fails
 */
export function javaSays(...call: Parameters<typeof java>): string {
  const { code, stdout, stderr } = java(...call);
  if (code !== 0) throw new Error(`${call[1]}: exit code ${code}\n${stdout}${stderr}`);
  return stdout;
}

function build(runtime: RuntimeName, program: string): string {
  if (!resolveRuntime(runtime)) throw new Error(`${runtime} cannot be resolved`);
  const jars = join(runtimeDirectory(runtime), "lib");
  // As brokers have it.
  const libraries = [join(jars, ownJar(runtime)), join(jars, "*")].join(delimiter);
  const classes = mkdtempSync(join(tmpdir(), "amq-classes-"));
  const paths = ["-cp", libraries, "-sourcepath", SOURCES, "-d", classes];
  const { code, stderr } = askSync("javac", [
    "-encoding",
    "UTF-8",
    "-proc:none",
    ...paths,
    join(SOURCES, `${program}.java`),
  ]);
  if (code !== 0) throw new Error(`${program} does not compile:\n${stderr}`);
  return [classes, libraries].join(delimiter);
}
