/**
 * `npm run proof:hosts`: nine real hosts on this machine, a cluster on them by SSH, and what can happen to machines done to it, under
 * load. Writes hosts.md. With ids (`npm run proof:hosts -- 5 8`) it runs those alone, prints and writes nothing.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { unfit } from "../lab/hosts/tools";
import { resolveClient } from "../operate/drill/client";
import { CHANGES } from "./hosts/changes";
import { DISK } from "./hosts/disk";
import { markdown, totals } from "./hosts/markdown";
import { PARTITIONS } from "./hosts/partitions";
import { POWER } from "./hosts/power";
import { choose, sayTimed, where } from "./hosts/proven";
import { type Experiment, type Result, perform } from "./hosts/runner";
import { Site } from "./hosts/site";
import { proofMain } from "./main";

const EXPERIMENTS: readonly Experiment[] = [...POWER, ...PARTITIONS, DISK, ...CHANGES].sort(
  (a, b) => Number(a.id) - Number(b.id),
);

/** @returns the exit code: 1 when something was lost or did not come back */
async function prove(ids: readonly string[], signal: AbortSignal): Promise<number> {
  const experiments = choose(EXPERIMENTS, ids);
  const problem = unfit();
  if (problem !== undefined) throw new Error(problem);
  resolveClient();
  const site = new Site(signal, sayTimed);
  const results: Result[] = [];
  try {
    await site.make();
    for (const experiment of experiments) {
      console.error(`experiment ${experiment.id}: ${experiment.title}`);
      results.push(await perform(site, experiment));
      // After every one: what was measured is not lost with one that fails.
      if (ids.length === 0) writeFileSync(join(__dirname, "hosts.md"), markdown(results, where()));
      else console.error(JSON.stringify({ ...results.at(-1), experiment: experiment.id }));
    }
  } finally {
    await site.remove();
  }
  console.log(ids.length === 0 ? totals(results) : markdown(results, where()));
  return results.every(({ ok }) => ok) ? 0 : 1;
}

void proofMain(prove);
