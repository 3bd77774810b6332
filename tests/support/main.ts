/**
 * `npm test`: what computes beside what waits. Format, lint and types, each of which counts as one test, and the unit tests have what
 * the clusters of the end-to-end tests leave of the processors; then what came of it.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { setPriority, tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { openRun } from "./run";
import { type Counts, type Duration, type Outcome, lastLine, outcomeOf, slowest, sum } from "./report";
import { type Check, type Suite, USAGE, parse, select, suiteOf } from "./selection";

const ROOT = join(__dirname, "..", "..");
const TESTS = join(ROOT, "tests");
const DURATIONS = join(__dirname, "durations.json");
const REPORTER = join(__dirname, "reporter.js");
/** Tells the reporter where its lines go: Jest hands options over from its configuration only. */
const RESULTS = "AMQ_TEST_RESULTS";
/** Shorter files are not written down: which of them comes first makes no difference. */
const WORTH_RECORDING_SECONDS = 5;

const COMMANDS: Readonly<Record<Check, readonly string[]>> = {
  format: ["prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."],
  lint: ["eslint/bin/eslint.js", "."],
  types: ["typescript/bin/tsc", "--noEmit"],
};

/** Files at a time. Unit tests compute, with some that wait. Three clusters at a time were twice as slow as two on two processors. */
const WORKERS: Readonly<Record<Suite, number>> = { unit: 3, e2e: 2 };
/** What computes comes second to clusters: a broker that gets no processor for seconds loses its session. */
const BEHIND = 10;

/** A run that is not over by then is ended, so that what held it up is named; six times what it takes on a quiet machine. */
const LONGEST_MINUTES = 80;

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(words: readonly string[]): Promise<number> {
  if (words.includes("--help")) {
    say(USAGE);
    return 0;
  }
  const known = JSON.parse(readFileSync(DURATIONS, "utf8")) as Record<string, number>;
  const request = parse(words);
  const { checks, files, leftOut } = select(request, testFiles(), (file) => known[file] ?? 1);
  if (leftOut.length > 0) say(`left out: ${leftOut.join(", ")}`);
  const run = await openRun((line) => {
    say(`== ${line}`);
  });
  const end = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      end.abort();
    });
  }
  const tooLong = setTimeout(() => {
    say(`== not over after ${LONGEST_MINUTES} minutes: it is ended`);
    end.abort();
  }, LONGEST_MINUTES * 60_000);
  const counts: Counts[] = [];
  const durations: Duration[] = [];
  try {
    const start: Start = { env: run.environment, signal: end.signal };
    const behind: Start = files.e2e.length > 0 ? { ...start, niceness: BEHIND } : start;
    const suite = async (name: Suite) => {
      if (files[name].length === 0 || end.signal.aborted) return;
      const outcome = await jest(name, files[name], name === "unit" ? behind : start);
      counts.push(outcome.counts);
      durations.push(...outcome.durations);
      for (const file of outcome.unfinished) say(`FAILED: ${file} did not end`);
    };
    const checking = async () => {
      counts.push(...(await runChecks(checks, behind)).flat());
    };
    await Promise.all([checking(), suite("unit"), suite("e2e")]);
  } finally {
    clearTimeout(tooLong);
    await run.close();
  }
  if (request.record) record(known, durations);
  if (durations.length > 0) say(["== what took longest", ...slowest(durations)].join("\n"));
  const total = sum(counts);
  say(lastLine(total));
  return total.failed === 0 && !end.signal.aborted ? 0 : 1;
}

/** Every test file, as a path below tests/. */
function testFiles(): string[] {
  return readdirSync(TESTS, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".test.ts"));
}

/** Runs checks side by side; the linter and the compiler in one process where both are wanted, as both read the whole program. */
function runChecks(checks: readonly Check[], start: Start): Promise<Counts[][]> {
  const together = checks.includes("lint") && checks.includes("types");
  const alone = together ? checks.filter((name) => name !== "lint" && name !== "types") : checks;
  return Promise.all([
    ...alone.map(async (name) => {
      const { code, said } = await listen(COMMANDS[name], start);
      return [outcomeOfCheck(name, code === 0, said)];
    }),
    ...(together ? [lintAndTypes(start)] : []),
  ]);
}

/** The exit codes of lintAndTypes.mjs. */
const FAULTS = { lint: 16, types: 32 } as const;

async function lintAndTypes(start: Start): Promise<Counts[]> {
  const { code, said } = await listen([join(__dirname, "lintAndTypes.mjs")], start);
  const crashed = (code & ~(FAULTS.lint | FAULTS.types)) !== 0;
  return (["lint", "types"] as const).map((name) =>
    outcomeOfCheck(name, !crashed && (code & FAULTS[name]) === 0, said),
  );
}

/** Runs a program of Node; what it says is kept, as others run beside it. @param script from node_modules, or a whole path */
async function listen(
  [script = "", ...args]: readonly string[],
  start: Start,
): Promise<{ code: number; said: string }> {
  let said = "";
  const heard = (text: string) => (said += text);
  const code = await node([resolve(ROOT, "node_modules", script), ...args], { ...start, heard });
  return { code, said };
}

function outcomeOfCheck(name: Check, passed: boolean, said: string): Counts {
  say(`== ${name}${passed ? "" : `\n${said}FAILED: ${name}`}`);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

/** Runs test files. */
async function jest(suite: Suite, files: readonly string[], start: Start): Promise<Outcome> {
  // What runs behind something else is printed at its end, so that the two are not mixed.
  let said = "";
  const heard = start.niceness === undefined ? {} : { heard: (text: string) => (said += text) };
  if (start.niceness === undefined) say(`== ${suite} tests`);
  const folder = mkdtempSync(join(tmpdir(), "amq-results-"));
  const results = join(folder, "results");
  writeFileSync(results, "");
  try {
    const words = [
      "--selectProjects",
      suite,
      "--maxWorkers",
      String(WORKERS[suite]),
      "--reporters",
      "default",
      "--reporters",
      REPORTER,
    ];
    // Jest lists the paths that it is given, which nobody reads when it is all of them.
    const all = testFiles().filter((file) => suiteOf(file) === suite).length === files.length;
    const paths = all ? [] : ["--runTestsByPath", ...files.map((file) => join(TESTS, file))];
    await node(
      // Transformed code is kept from run to run; by default it would be in the run's own folder.
      [
        join(ROOT, "node_modules", "jest", "bin", "jest.js"),
        "--cacheDirectory",
        join(tmpdir(), "amq-jest"),
        ...words,
        ...paths,
      ],
      { ...start, ...heard, env: { ...start.env, [RESULTS]: results } },
    );
    if (start.niceness !== undefined) say(`== ${suite} tests\n${said}`);
    return outcomeOf(readFileSync(results, "utf8"), (path) => relative(TESTS, path));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** How a program is started. */
interface Start {
  readonly env: NodeJS.ProcessEnv;
  /** Interrupts it. */
  readonly signal: AbortSignal;
  /** Of it and all that it starts; 0 by default. */
  readonly niceness?: number;
  /** Takes what it says; by default that goes to the terminal. */
  readonly heard?: (text: string) => void;
}

/** Runs a program of Node to its end. @returns its exit code */
function node(args: readonly string[], { env, signal, niceness, heard }: Start): Promise<number> {
  const stdio = heard ? (["ignore", "pipe", "pipe"] as const) : (["ignore", "inherit", "inherit"] as const);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: [...stdio], env });
    if (niceness !== undefined && child.pid !== undefined) setPriority(child.pid, niceness);
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => heard?.(chunk.toString()));
    signal.addEventListener("abort", () => child.kill("SIGINT"));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve(code ?? 1);
    });
  });
}

/** Writes down what files took, beside what is known of others. */
function record(known: Readonly<Record<string, number>>, durations: readonly Duration[]): void {
  const fresh = Object.fromEntries(durations.map(({ file, seconds }) => [file, Math.round(seconds)]));
  const there = new Set(testFiles());
  const all = Object.entries({ ...known, ...fresh })
    .filter(([file, seconds]) => there.has(file) && seconds >= WORTH_RECORDING_SECONDS)
    .sort(([, a], [, b]) => b - a);
  writeFileSync(DURATIONS, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
