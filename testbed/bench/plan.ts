/** How long it takes from a stack file's text to the plan, and from there to the text of every file, in a warm process. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { render } from "../../core/render/render";
import { runtimeIds } from "../../core/render/runtimes";
import { NAMESPACE } from "../../config/schema";
import { loadPlan } from "../../operate/project";
import type { BenchContext } from "./context";
import { type Row, median, spread } from "./row";

/** Groups of three replicated brokers, ports by default, joined in one of two ways. */
const JOINED = {
  /** Each group dials the next: as many bridges as groups, so that twice the groups is twice the work. */
  ring: (names: readonly string[]) => ({
    topology: "custom",
    bridges: names.map((from, i) => ({ from, to: names[(i + 1) % names.length] })),
  }),
  /** Each dials every other: 380 bridges for 20 groups, 39,800 for 200. */
  mesh: () => ({ topology: "mesh" }),
} as const;

type Joined = keyof typeof JOINED;

const RUNS = 9;
/** Near linear: ten times the groups, ten times the work. */
const MOST_TIMES = 1.5;
const MOST_SECONDS = 1;

export function benchPlan({ say, signal }: BenchContext): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), "amq-bench-plan-"));
  try {
    mkdirSync(join(directory, "config"));
    const times = (joined: Joined, groups: number, files = true) => {
      const stack = `${joined}-${groups}`;
      writeFileSync(join(directory, "config", `Pulumi.${stack}.yaml`), stackFile(joined, groups));
      // Twice unmeasured: what is measured is the work, not the compiler's.
      const all = Array.from({ length: RUNS + 2 }, () => {
        signal.throwIfAborted();
        return once(directory, stack, files);
      });
      for (const what of files ? (["plan", "files"] as const) : (["plan"] as const)) {
        say(`${groups} groups, ${joined}, ${what}: ${all.map((seconds) => seconds[what].toFixed(3)).join(" ")} s`);
      }
      const measured = all.slice(2);
      return { plan: measured.map(({ plan }) => plan), files: measured.map(({ files }) => files) };
    };
    // The large one first, so that the small one meets code that is as warm.
    const ring = { 200: times("ring", 200), 20: times("ring", 20), 2: times("ring", 2) };
    const mesh = { 200: times("mesh", 200, false), 20: times("mesh", 20, false) };
    const row = (what: string, measured: number[], against: string, base: number): Row => ({
      what,
      value: median(measured),
      detail: spread(measured, "s"),
      unit: "s",
      against,
      base,
    });
    const most = (seconds: number) => Math.min(seconds, MOST_TIMES * 10 * median(ring[20].plan));
    return Promise.resolve([
      row("plan of 20 groups, ring", ring[20].plan, "10 times 2 groups", 10 * median(ring[2].plan)),
      {
        // Against 20 and not 2: of two groups most is what any plan costs, and would hide what grows faster than it should.
        ...row("plan of 200 groups, ring", ring[200].plan, "10 times 20 groups", 10 * median(ring[20].plan)),
        aim: { most: most(MOST_SECONDS), words: `at most ${MOST_SECONDS} s and ${MOST_TIMES} times` },
      },
      row("plan of 20 groups, mesh", mesh[20].plan, "20 groups, ring", median(ring[20].plan)),
      {
        // A hundred times the bridges of 20 groups; a fixed time says what a person waits.
        ...row("plan of 200 groups, mesh", mesh[200].plan, "100 times 20 groups", 100 * median(mesh[20].plan)),
        aim: { most: MOST_SECONDS, words: `at most ${MOST_SECONDS} s` },
      },
      row("files of 200 groups, ring", ring[200].files, "10 times 20 groups", 10 * median(ring[20].files)),
    ]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function stackFile(joined: Joined, groups: number): string {
  const names = Array.from({ length: groups }, (_, i) => `group${i + 1}`);
  const keys = { target: "local", groups: names.map((name) => ({ name })), ...JOINED[joined](names) };
  return stringify({
    config: Object.fromEntries(Object.entries(keys).map(([key, value]) => [`${NAMESPACE}:${key}`, value])),
  });
}

/** Seconds for reading, validating and planning, and for the text of every file where that is asked for. */
function once(directory: string, stack: string, files: boolean): { plan: number; files: number } {
  const began = performance.now();
  const plan = loadPlan(stack, directory);
  const planned = performance.now();
  if (files) render(plan, runtimeIds());
  return { plan: (planned - began) / 1000, files: (performance.now() - planned) / 1000 };
}
