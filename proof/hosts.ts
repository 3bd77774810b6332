/**
 * `npm run proof:hosts`: nine real hosts on this machine, a cluster on them by SSH, and what can happen to machines done to it, under
 * load. Writes hosts.md. With ids (`npm run proof:hosts -- 5 8`) it runs those alone, and the other rows stay as they were measured.
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
import { keep } from "./hosts/results";
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
      const result = await perform(site, experiment);
      results.push(result);
      // After every one: what was measured is not lost with one that fails.
      writeFileSync(join(__dirname, "hosts.md"), markdown(keep(result), where()));
    }
  } finally {
    await site.remove();
  }
  console.log(totals(results));
  return results.every(({ ok }) => ok) ? 0 : 1;
}

void proofMain(prove);
