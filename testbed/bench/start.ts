/** How much processor time `amq` takes to start and to say something, against that of a Node that does nothing. */
import { join } from "node:path";
import { askSync } from "../../core/util/process";
import type { BenchContext } from "./context";
import { type Row, median, spread } from "./row";

const AMQ = join(__dirname, "../../operate/amq.js");
const WORDS = [["--help"], ["plan", "local"], ["status", "local"]];
const RUNS = 9;
const MOST_SECONDS = 0.5;

export function benchStart({ say, signal }: BenchContext): Promise<Row[]> {
  const times = (args: readonly string[]) => {
    // Once unmeasured, so that everything is compiled.
    const all = Array.from({ length: RUNS + 1 }, () => {
      signal.throwIfAborted();
      return processorSeconds(args);
    });
    say(`node ${args.join(" ")}: ${all.map((seconds) => seconds.toFixed(3)).join(" ")} s`);
    return all.slice(1);
  };
  const nothing = median(times(["-e", "0"]));
  return Promise.resolve(
    WORDS.map((words): Row => {
      const measured = times([AMQ, ...words]);
      return {
        what: `amq ${words.join(" ")}, processor time`,
        value: median(measured),
        detail: spread(measured, "s"),
        unit: "s",
        against: "node -e 0",
        base: nothing,
        aim: { most: MOST_SECONDS, words: `at most ${MOST_SECONDS} s` },
      };
    }),
  );
}

/** What a Node and everything that it starts take of the processor; how it ends does not matter (`amq status` of what is down is 1). */
function processorSeconds(args: readonly string[]): number {
  const script = `TIMEFORMAT='%U %S'; time "$@" >/dev/null 2>&1`;
  const { stderr } = askSync("bash", ["-c", script, "bash", process.execPath, ...args], {
    env: { ...process.env, LC_ALL: "C" },
  });
  const [user, system] = stderr.trim().split(" ").map(Number);
  if (user === undefined || system === undefined || !Number.isFinite(user + system)) {
    throw new Error(`bash did not say how long it took: ${stderr}`);
  }
  return user + system;
}
