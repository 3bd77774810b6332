/** `amq up` of two groups of three with a mesh, against the same nine processes started by hand. */
import { join } from "node:path";
import { render } from "../../core/render/render";
import { runtimeIds } from "../../core/render/runtimes";
import { ByHand } from "./byHand";
import { type BenchContext, benchGroup, benchStack, resolveRuntimes, timed } from "./context";
import { type Row, median, spread } from "./row";

const STACK = "up";
const MOST_TIMES = 1.5;

export async function benchUp(context: BenchContext): Promise<Row[]> {
  const { rounds, say, signal } = context;
  const copy = context.copy();
  const plan = benchStack(copy, STACK, { groups: [benchGroup("a", 0, 3), benchGroup("b", 3, 3)] });
  resolveRuntimes(plan);
  const rendered = join(copy.directory, "rendered");
  await timed(context, "plan", STACK, "--out", rendered);
  const services = render(plan, runtimeIds());

  const times = { cold: [] as number[], unchanged: [] as number[], byHand: [] as number[] };
  // In turns, so that whatever else the machine does meets all three.
  for (let round = 1; round <= rounds; round++) {
    const hand = new ByHand(plan, services, rendered, join(copy.directory, "by-hand"), signal);
    try {
      times.byHand.push(await hand.start());
    } finally {
      await hand.stop();
    }
    const { seconds: cold, steps } = await timed(context, "up", STACK);
    times.cold.push(cold);
    if (round === 1) say(`the steps of the first up:\n${steps.trimEnd()}`);
    times.unchanged.push((await timed(context, "up", STACK)).seconds);
    await timed(context, "down", STACK);
    const [byHand, unchanged] = [times.byHand.at(-1) ?? 0, times.unchanged.at(-1) ?? 0];
    const crashed = hand.crashes === 0 ? "" : ` (${hand.crashes} started again after a crash)`;
    say(`by hand ${byHand.toFixed(1)} s${crashed}, up ${cold.toFixed(1)} s, unchanged ${unchanged.toFixed(1)} s`);
  }
  const byHand = median(times.byHand);
  const row = (what: string, measured: number[], aim?: Row["aim"]): Row => ({
    what,
    value: median(measured),
    detail: spread(measured, "s"),
    unit: "s",
    against: "the same processes started by hand",
    base: byHand,
    ...(aim && { aim }),
  });
  return [
    row("`amq up`, nothing there yet", times.cold, {
      most: MOST_TIMES * byHand,
      words: `at most ${MOST_TIMES} times`,
    }),
    row("`amq up`, nothing changed", times.unchanged),
  ];
}
