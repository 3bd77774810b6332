/** What came of a run: counts, and what took longest. */

/** What Jest writes with --json, as far as it is read here. */
export interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly numPendingTests: number;
  readonly testResults: readonly { readonly name: string; readonly startTime: number; readonly endTime: number }[];
}

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

/** @param text what Jest wrote; empty when it came to no result, which counts as a failure */
export function countsOf(text: string): Counts {
  if (text.trim() === "") return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(text) as JestResult;
  // A file that could not even be loaded has no failed test: it counts as one.
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return { passed: result.numPassedTests, failed, skipped: result.numPendingTests };
}

/**
 * @param text   what Jest wrote
 * @param nameOf a file's name from its path
 */
export function durationsOf(text: string, nameOf: (path: string) => string): Duration[] {
  if (text.trim() === "") return [];
  const { testResults } = JSON.parse(text) as JestResult;
  return testResults.map(({ name, startTime, endTime }) => ({
    file: nameOf(name),
    seconds: Math.max(0, endTime - startTime) / 1000,
  }));
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
