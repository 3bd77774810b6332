/** `npm run bench`: how fast it is, as ratios of figures that were measured in one run. */
import { cpus, loadavg } from "node:os";
import { Argument, Command, InvalidArgumentError } from "commander";
import { ProjectCopy } from "../harness/projectCopy";
import type { BenchContext } from "./context";
import { benchFailover } from "./failover";
import { benchPlan } from "./plan";
import { type Row, isMet, markdown, ratio } from "./row";
import { benchStart } from "./start";
import { benchStatus } from "./status";
import { benchStores } from "./stores";
import { benchUp } from "./up";

const PARTS = {
  start: benchStart,
  plan: benchPlan,
  up: benchUp,
  status: benchStatus,
  failover: benchFailover,
  stores: benchStores,
} as const;
type Part = keyof typeof PARTS;
const NAMES = Object.keys(PARTS) as Part[];

interface Options {
  readonly json?: boolean;
  readonly rounds: number;
}

new Command("npm run bench --")
  .description(
    "Measures the program and the clusters it makes; needs a quiet machine. Its stacks have ports of their own.",
  )
  .addArgument(new Argument("[parts...]", "what to measure; everything when omitted").choices(NAMES))
  .option("--json", "print JSON")
  .option("--rounds <n>", "how often what takes seconds is repeated", wholeNumber, 5)
  .action(async (parts: Part[], options: Options) => {
    // Before anything of ours runs: it says how much else the machine had to do.
    const machine = `${cpus().length} cores, load average ${(loadavg()[0] ?? 0).toFixed(1)} before it`;
    const rows = await measure(parts.length === 0 ? NAMES : parts, options.rounds);
    if (options.json === true) {
      const measured = rows.map((row) => ({ ...row, ratio: ratio(row), met: isMet(row) ?? null }));
      console.log(JSON.stringify({ machine, rows: measured }, undefined, 2));
    } else {
      console.log(`${machine}\n\n${markdown(rows)}`);
    }
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });

/** Whatever happens, nothing of it stays: no process, no folder. */
async function measure(parts: readonly Part[], rounds: number): Promise<Row[]> {
  const abort = new AbortController();
  let copy: ProjectCopy | undefined;
  const context: BenchContext = {
    copy: () => (copy ??= new ProjectCopy("amq-bench-")),
    rounds,
    say: (text) => {
      console.error(text.replaceAll(/^/gm, "  "));
    },
    signal: abort.signal,
  };
  const interrupt = () => {
    if (abort.signal.aborted) return;
    console.error("interrupted; ending what was started");
    abort.abort(new Error("interrupted; nothing of it runs any more"));
    void copy?.interrupt();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    const rows: Row[] = [];
    for (const part of NAMES.filter((name) => parts.includes(name))) {
      console.error(part);
      rows.push(...(await PARTS[part](context)));
    }
    return rows;
  } catch (error) {
    // What was ended with it says only that it was.
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    await copy?.interrupt();
    copy?.remove();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1 to 99.");
  return Number(text);
}
