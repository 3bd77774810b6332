/** The shared directories of a local stack taken away while eight producers stream: as when their file server is not there. */
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LOCAL_SHARED } from "../../components/broker/sharedDirectory";
import type { ClusterPlan } from "../../components/cluster/plan";
import { localDirectory } from "../../components/hosts/localDirectory";
import { PROJECT_DIR } from "../project";
import { allServe } from "./cluster";
import type { Context, Outcome } from "./context";
import { underLoad } from "./load";

/** Why the directories of a stack cannot be taken away; undefined when they can. */
export function notTakeable({ groups, config }: ClusterPlan): string | undefined {
  if (groups.every(({ directory }) => directory === undefined)) return "no shared directory in this stack";
  if (config.target !== "local" || config.sharedKahaDB.directory !== undefined) {
    return "its shared directory is not the program's to take away";
  }
  return undefined;
}

/** No broker finds its group's directory any more; handles that are open go on working for a moment, as with a real file server. */
export function takeSharedAway(plan: ClusterPlan): void {
  const { here, away } = places(plan);
  renameSync(here, away);
}

/** The directories are back as they were; does nothing when they were not taken away. */
export function bringSharedBack(plan: ClusterPlan): void {
  const { here, away } = places(plan);
  if (existsSync(away)) renameSync(away, here);
}

function places(plan: ClusterPlan) {
  const here = join(localDirectory(PROJECT_DIR, plan), LOCAL_SHARED);
  return { here, away: `${here}.away` };
}

const AWAY_MILLIS = 12_000;
const RECOVERY_SECONDS = 60;

/** Away for a while: every group waits, and nothing is lost. */
export async function sharedDirectoryOutage(context: Context): Promise<Outcome> {
  const { cluster, say } = context;
  const { counts, result: failoverSeconds } = await underLoad(context, "shared", async () => {
    await sleep(4000 + Math.random() * 1000);
    say("the shared directory goes away, sends in flight");
    takeSharedAway(cluster.plan);
    try {
      await sleep(AWAY_MILLIS, undefined, { signal: cluster.signal });
    } finally {
      bringSharedBack(cluster.plan);
    }
    say("it is back");
    const began = Date.now();
    await cluster.until(allServe, RECOVERY_SECONDS, "not every group serves again");
    const back = (Date.now() - began) / 1000;
    say(`every group serves ${back.toFixed(1)} s after it was back`);
    await cluster.putBack();
    await sleep(3000);
    return back;
  });
  return { ...counts, failoverSeconds, ok: counts.lost === 0 };
}
