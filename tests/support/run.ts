/**
 * A run of the tests: a folder for all that they make in temporary folders, and a mark that all their processes inherit. When the
 * run is killed, the next one finds its note and takes both away.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { removeAbandoned } from "../../testbed/lab/abandoned";
import { unmountBelow } from "../../testbed/lab/hosts/disk";
import { MARK, endMarked, noteTemporary, removeNote } from "../../testbed/lab/hosts/temporary";

export interface Run {
  /** The environment of everything that the run starts. */
  readonly environment: NodeJS.ProcessEnv;
  /** Ends what still runs of it, and removes its folder. */
  close(): Promise<void>;
}

/**
 * Begins a run, after what killed ones have left is gone.
 * @param say is told what they had left
 * @throws Error naming what cannot be removed
 */
export async function openRun(say: (line: string) => void): Promise<Run> {
  await removeAbandoned(say);
  const outside = tmpdir();
  // Short: paths of sockets in it may have about 100 characters.
  const directory = mkdtempSync(join(outside, "amq-run-"));
  noteTemporary({ id: basename(directory), kind: "run", directory });
  // What tsx has compiled is kept from run to run, as outside: every start of amq would compile anew.
  const compiled = `tsx-${process.geteuid?.() ?? ""}`;
  mkdirSync(join(outside, compiled), { recursive: true });
  symlinkSync(join(outside, compiled), join(directory, compiled));
  return {
    environment: { ...process.env, TMPDIR: directory, [MARK]: directory },
    close: async () => {
      await endMarked(directory);
      // Jest's workers may have been killed: what they made has marks and notes of its own.
      await removeAbandoned(say);
      await unmountBelow(directory);
      // Again when what was killed a moment ago has written one file more.
      rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
      removeNote(basename(directory));
    },
  };
}

/** The run that Jest is where it was started by hand. */
let own: Run | undefined;

/** Before the first test: Jest's workers, which are started after this, and all that they start, belong to a run. */
export default async function setUp(): Promise<void> {
  if (process.env[MARK] !== undefined) return;
  own = await openRun((line) => {
    console.error(line);
  });
  Object.assign(process.env, own.environment);
}

/** After the last test. */
export async function tearDown(): Promise<void> {
  await own?.close();
  own = undefined;
}
