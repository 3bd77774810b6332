/** What came of a run: counts, and what took longest. */

/** A line of reporter.js: a file that has begun, and one that is over, with its counts. */
type FileResult = { readonly path: string } & Partial<Counts & { readonly seconds: number }>;

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A file, and how long it took. */
export interface Duration {
  readonly file: string;
  readonly seconds: number;
}

/** What came of the files of a suite. */
export interface Outcome {
  readonly counts: Counts;
  readonly durations: readonly Duration[];
  /** Files that were begun and did not end, by name. Each counts as a failure. */
  readonly unfinished: readonly string[];
}

/**
 * @param text   the lines of reporter.js; none when Jest came to no file, which counts as a failure
 * @param nameOf a file's name from its path
 */
export function outcomeOf(text: string, nameOf: (path: string) => string): Outcome {
  const lines = text.split("\n").filter((line) => line !== "");
  const results = lines.map((line) => JSON.parse(line) as FileResult);
  const over = results.filter((result): result is Required<FileResult> => result.seconds !== undefined);
  const ended = new Set(over.map(({ path }) => path));
  const unfinished = [...new Set(results.map(({ path }) => path))].filter((path) => !ended.has(path)).map(nameOf);
  const failed = results.length === 0 ? 1 : unfinished.length;
  return {
    counts: sum([...over, { passed: 0, failed, skipped: 0 }]),
    durations: over.map(({ path, seconds }) => ({ file: nameOf(path), seconds })),
    unfinished,
  };
}

export function sum(counts: readonly Counts[]): Counts {
  const add = (key: keyof Counts) => counts.reduce((total, one) => total + one[key], 0);
  return { passed: add("passed"), failed: add("failed"), skipped: add("skipped") };
}

/** Lines with the files that took longest. */
export function slowest(durations: readonly Duration[], count = 10): string[] {
  return [...durations]
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`);
}

/** The last line of every run: programs read it. */
export function lastLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
