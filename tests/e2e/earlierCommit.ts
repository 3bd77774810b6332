/** The program as an earlier commit of this clone has it, and what `git pull` makes of a folder that has it. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync, rmdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { copyProgram } from "../../testbed/harness/projectCopy";

const ROOT = join(__dirname, "..", "..");

/** The program's files and their history have some MiB. */
const MOST_BYTES = 1 << 28;

/** Why this clone does not have a commit; undefined when it has it. */
export function unavailable(commit: string): string | undefined {
  const { status, stderr, error } = git("cat-file", "-e", `${commit}^{commit}`);
  if (status === 0) return undefined;
  const said = (error?.message ?? stderr.toString()).trim().split("\n")[0] ?? "";
  return `commit ${commit} is not in this clone (${said}); a shallow clone gets it by git fetch --unshallow`;
}

/** Writes the program of a commit into a folder. @throws Error with what git or tar said */
export function checkOut(commit: string, directory: string): void {
  const archive = succeeded("git archive", git("archive", "--format=tar", commit));
  succeeded("tar", spawnSync("tar", ["-x", "-C", directory], { input: archive, maxBuffer: MOST_BYTES }));
}

/**
 * Today's program in the place of a commit's, as `git pull` does it: the commit's files go, the folders that are empty then as
 * well, and this checkout's come. Files that git does not know stay: stack files and `.amq`.
 */
export function pull(commit: string, directory: string): void {
  const listed = succeeded("git ls-tree", git("ls-tree", "-r", "-z", "--name-only", commit)).toString();
  const files = listed.split("\0").filter(Boolean);
  for (const file of files) rmSync(join(directory, file), { force: true });
  for (const folder of foldersOf(files).map((name) => join(directory, name)))
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  copyProgram(directory);
}

/** Every folder on the way to one of the files, the deepest first. */
function foldersOf(files: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const file of files) for (let at = dirname(file); at !== "."; at = dirname(at)) folders.add(at);
  return [...folders].sort((a, b) => b.length - a.length);
}

/**
 * Ids by URN of all that the state of a stack has. Read from the file, because what reads states is on trial here. A
 * resource that is replaced gets another id; components have none.
 * @throws Error when neither engine has left a state in the project
 */
export function idsByUrn(directory: string, stack: string): Readonly<Record<string, string>> {
  const home = join(directory, ".amq", "state");
  const standIn = join(home, "stand-in", `${stack}.json`);
  const cli = join(home, "pulumi", ".pulumi", "stacks", "activemq", `${stack}.json`);
  const entries = existsSync(standIn)
    ? (JSON.parse(readFileSync(standIn, "utf8")) as { resources: Entry[] }).resources
    : existsSync(cli)
      ? (JSON.parse(readFileSync(cli, "utf8")) as { checkpoint: { latest: { resources: Entry[] } } }).checkpoint.latest
          .resources
      : undefined;
  if (entries === undefined)
    throw new Error(`no state of stack ${stack} below ${home}; unset PULUMI_BACKEND_URL, if it is set, and try again`);
  return Object.fromEntries(entries.map(({ urn, id }) => [urn, id ?? ""]));
}

interface Entry {
  readonly urn: string;
  readonly id?: string;
}

function git(...words: readonly string[]) {
  // Root may read a clone that another user has made: labs need root.
  return spawnSync("git", ["-c", `safe.directory=${ROOT}`, "-C", ROOT, ...words], { maxBuffer: MOST_BYTES });
}

function succeeded(what: string, { status, stdout, stderr, error }: ReturnType<typeof git>): Buffer {
  if (status !== 0) throw new Error(`${what}: ${error?.message ?? stderr.toString()}`);
  return stdout;
}
