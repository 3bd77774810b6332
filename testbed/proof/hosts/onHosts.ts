/** Runs experiments on lab hosts, one after the other, and writes what came of them after each. */
import { writeFileSync } from "node:fs";
import { unfit } from "../../lab/hosts/tools";
import { resolveClient } from "../../../operate/drill/client";
import { markdown, totals } from "./markdown";
import { choose, sayTimed, where } from "./clusterUnderTest";
import { keep } from "./results";
import { type Experiment, type Result, perform } from "./runner";
import { type Layout, Site } from "./site";

export interface HostsProof {
  readonly layout: Layout;
  readonly experiments: readonly Experiment[];
  /** The table that is written. */
  readonly table: string;
  /** What is above it: heading and text, up to how messages are counted. @param where the last of them ran, a line or two */
  readonly intro: (where: string) => string;
  /** What all that were ever measured came to. */
  readonly results: string;
}

/** @returns the exit code: 1 when something was lost or did not come back */
export async function proveOnHosts(proof: HostsProof, ids: readonly string[], signal: AbortSignal): Promise<number> {
  const experiments = choose(proof.experiments, ids);
  const problem = unfit();
  if (problem !== undefined) throw new Error(problem);
  resolveClient();
  const site = new Site(proof.layout, signal, sayTimed);
  const results: Result[] = [];
  try {
    await site.make();
    for (const experiment of experiments) {
      console.error(`experiment ${experiment.id}: ${experiment.title}`);
      const result = await perform(site, experiment);
      results.push(result);
      // After every one: what was measured is not lost with one that fails.
      writeFileSync(proof.table, markdown(proof.intro(where()), keep(result, proof.results)));
    }
  } finally {
    await site.remove();
  }
  console.log(totals(results));
  return results.every(({ ok }) => ok) ? 0 : 1;
}
