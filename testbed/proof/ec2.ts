/**
 * `npm run proof:ec2`: a lab that plays EC2, the program for target aws on it, and what can happen to instances done to them, under
 * load. Writes ec2.md. With ids (`npm run proof:ec2 -- 2 6`) it runs those alone, prints and writes nothing.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SWITCH } from "../../operate/engine/standIn/ec2Switch";
import { unfit } from "../lab/hosts/tools";
import { resolveClient } from "../../operate/drill/client";
import { EXPERIMENTS } from "./ec2/experiments";
import { ec2Markdown } from "./ec2/markdown";
import { Ec2Site } from "./ec2/site";
import { choose, sayTimed, where } from "./hosts/clusterUnderTest";
import { type Result, perform } from "./hosts/runner";
import { proofMain } from "./main";

/** @returns the exit code: 1 when something was lost or did not come back */
async function prove(ids: readonly string[], signal: AbortSignal): Promise<number> {
  const experiments = choose(EXPERIMENTS, ids);
  const problem = unfit();
  if (problem !== undefined) throw new Error(problem);
  process.env[SWITCH] = "ec2";
  resolveClient();
  const site = new Ec2Site(signal, sayTimed);
  const results: Result[] = [];
  let text = "";
  try {
    const upSeconds = await site.make();
    for (const experiment of experiments) {
      console.error(`experiment ${experiment.id}: ${experiment.title}`);
      results.push(await perform(site, experiment));
      text = ec2Markdown(results, where(), upSeconds);
    }
    // A table of some of them would pass for the whole.
    if (ids.length === 0) writeFileSync(join(__dirname, "ec2.md"), text);
  } finally {
    console.log(text);
    await site.remove();
  }
  return results.every(({ ok }) => ok) ? 0 : 1;
}

void proofMain(prove);
