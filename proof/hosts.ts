/**
 * `npm run proof:hosts`: nine real hosts on this machine, a cluster on them by SSH, and what can happen to machines done to it, under
 * load. Writes hosts.md. With ids (`npm run proof:hosts -- 5 8`) it runs those alone, prints and writes nothing.
 */
import { writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { unfit } from "../lab/hosts/tools";
import { resolveClient } from "../operate/drill/client";
import { CHANGES } from "./hosts/changes";
import { DISK } from "./hosts/disk";
import { markdown, totals } from "./hosts/markdown";
import { PARTITIONS } from "./hosts/partitions";
import { POWER } from "./hosts/power";
import { type Experiment, type Result, perform } from "./hosts/runner";
import { Site } from "./hosts/site";
import { proofMain } from "./main";

const EXPERIMENTS: readonly Experiment[] = [...POWER, ...PARTITIONS, DISK, ...CHANGES].sort(
  (a, b) => Number(a.id) - Number(b.id),
);

function choose(ids: readonly string[]): readonly Experiment[] {
  const known = EXPERIMENTS.map(({ id }) => id);
  const strange = ids.filter((id) => !known.includes(id));
  if (strange.length > 0) throw new Error(`no experiment ${strange.join(", ")}. Allowed: ${known.join(", ")}`);
  return EXPERIMENTS.filter(({ id }) => ids.length === 0 || ids.includes(id));
}

function where(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg().map((number) => number.toFixed(0));
  return (
    `${new Date().toISOString().slice(0, 10)}, all hosts on one machine with ${cpus().length} cores and ${memory} GiB, ` +
    `load average ${load[2] ?? ""} at the end, other work on it included: seconds say little.`
  );
}

/** @returns the exit code: 1 when something was lost or did not come back */
async function prove(ids: readonly string[], signal: AbortSignal): Promise<number> {
  const experiments = choose(ids);
  const problem = unfit();
  if (problem !== undefined) throw new Error(problem);
  resolveClient();
  const site = new Site(signal, (line) => {
    console.error(`${new Date().toISOString().slice(11, 19)}   ${line}`);
  });
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
