/** A fresh cluster, a history on it, and what that breaks of the promises. A failure leaves a folder. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { StoreName } from "../../../core/products/stores";
import { ProjectCopy } from "../../harness/projectCopy";
import { type Finding, check } from "./check";
import type { History } from "./history";
import { shorten } from "./shorten";
import { type Patch, SMALL_LOGS, apply, keysOf } from "./stack";

const STACK = "histories";
const INSIDE = "testbed/proof/histories/inside.ts";

export interface Run {
  readonly store: StoreName;
  readonly seed: number;
  readonly minutes: number;
  /** What the program has otherwise, beside the small logs: a fault put back. */
  readonly patches?: readonly Patch[];
}

export interface Proof {
  readonly history: History;
  readonly findings: readonly Finding[];
  /** Why the run ended early; undefined when it did not. */
  readonly failure?: string;
  /** Where seed, history, findings and logs are; undefined when nothing was found. */
  readonly folder?: string;
}

/** @throws Error when the cluster cannot be brought up, or nothing was recorded */
export async function prove(run: Run, signal: AbortSignal, say: (line: string) => void): Promise<Proof> {
  const project = new ProjectCopy("amq-proof-");
  const interrupt = () => void project.interrupt();
  signal.addEventListener("abort", interrupt);
  try {
    for (const patch of [...SMALL_LOGS, ...(run.patches ?? [])]) apply(project.directory, patch);
    project.writeStack(STACK, keysOf(run.store));
    say(`${run.store}, seed ${run.seed}: amq up`);
    const up = await project.amq("up", STACK);
    signal.throwIfAborted();
    if (up.code !== 0) throw new Error(`amq up ended with ${String(up.code)}:\n${up.stderr}\n${up.stdout}`);
    return await examine(project, run, signal, say);
  } finally {
    signal.removeEventListener("abort", interrupt);
    await project.interrupt();
    project.remove();
  }
}

async function examine(
  project: ProjectCopy,
  run: Run,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Proof> {
  const folder = mkdtempSync(join(tmpdir(), `amq-histories-${run.store}-${run.seed}-`));
  const file = join(folder, "history.json");
  const { child, answer } = project.startFile(INSIDE, [STACK, String(run.seed), String(run.minutes), file]);
  child.stderr.on("data", (chunk: Buffer) => {
    say(chunk.toString().trimEnd());
  });
  const { code, stderr } = await answer;
  if (!existsSync(file)) throw new Error(`nothing was recorded: ${stderr}`);
  const history = JSON.parse(readFileSync(file, "utf8")) as History;
  const failure = code === 0 ? undefined : (stderr.trim().split("\n").at(-1) ?? "it failed");
  // Nothing was drained: what is missing then is not lost.
  const findings = failure === undefined ? check(history) : [];
  if (failure === undefined && findings.length === 0) {
    rmSync(folder, { recursive: true });
    return { history, findings };
  }
  signal.throwIfAborted();
  keep(project, run, folder, findings, failure);
  const [first] = findings;
  if (first !== undefined)
    writeFileSync(join(folder, "shorter.json"), JSON.stringify(shorten(history, first), undefined, 2));
  return { history, findings, folder, ...(failure !== undefined && { failure }) };
}

/** What somebody needs who looks for the cause: how it is repeated, what was found, and all that the hosts logged. */
function keep(project: ProjectCopy, run: Run, folder: string, findings: readonly Finding[], failure?: string): void {
  const lines = findings.map(({ kind, subject, what }) => `${kind} (${subject}): ${what}`);
  const command = `npm run proof:histories -- ${run.store} --seed ${run.seed} --minutes ${run.minutes}`;
  writeFileSync(
    join(folder, "findings.txt"),
    [command, ...(failure === undefined ? [] : [failure]), ...lines, ""].join("\n"),
  );
  const hosts = join(folder, "hosts");
  mkdirSync(hosts);
  cpSync(join(project.directory, ".amq", STACK, "hosts"), hosts, {
    recursive: true,
    filter: (path) => basename(path) !== "data" && basename(path) !== "credentials.properties",
  });
}
