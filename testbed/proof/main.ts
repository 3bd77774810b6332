/** How a proof that takes many minutes starts, ends, and is interrupted. */

/**
 * Runs a proof as this process's work, with the words of the command line. SIGINT and SIGTERM abort it; it then has to remove what it made.
 * @param prove gives the exit code; what it throws is printed, and the exit code is 1, or 130 after an interrupt
 */
export async function proofMain(
  prove: (words: readonly string[], signal: AbortSignal) => Promise<number>,
): Promise<void> {
  const abort = new AbortController();
  const end = () => {
    console.error("interrupted; removing everything");
    abort.abort(new Error("interrupted"));
  };
  process.on("SIGINT", end).on("SIGTERM", end);
  try {
    process.exitCode = await prove(process.argv.slice(2), abort.signal);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = abort.signal.aborted ? 130 : 1;
  }
}
