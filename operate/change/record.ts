/** What the last change was made from: the program records it in the engine's state. */
import { planOfRecord } from "../../core/change/record";
import type { ClusterPlan } from "../../core/plan/model";
import { engineFor } from "../engine/engineFor";

/**
 * The plan that runs, as far as the engine's state says.
 * @returns undefined when the stack is not up, or was brought up before records were kept
 * @throws Error when the state cannot be read
 */
export async function runningPlan(projectDir: string, stack: string): Promise<ClusterPlan | undefined> {
  const record = await engineFor(projectDir, stack).record();
  return record === undefined ? undefined : planOfRecord(record);
}
