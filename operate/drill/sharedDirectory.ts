/** The shared directories of a local stack taken away, as when their file server is not there. */
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { LOCAL_SHARED } from "../../core/plan/sharedDirectory";
import { localDirectory } from "../../core/host/localDirectory";
import { PROJECT_DIR } from "../project";
import type { ClusterPlan } from "../../core/plan/model";

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
