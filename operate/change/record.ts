/** What the last change was made from: the program records it in the engine's state. */
import { plan } from "../../core/plan/plan";
import { parseConfig } from "../../core/load/parseConfig";
import type { ClusterPlan } from "../../core/plan/model";
import { engineFor } from "../engine/engineFor";

/**
 * The plan that a record means.
 * @param text what components/plannedCluster.ts wrote
 * @throws ConfigError or SyntaxError when this release cannot read it
 */
export function planOfRecord(text: string): ClusterPlan {
  const { stack, config } = JSON.parse(text) as { stack: string; config: Readonly<Record<string, unknown>> };
  const raw = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return plan(stack, parseConfig("the record of the last change", Object.fromEntries(raw) as Record<string, string>));
}

/**
 * The plan that runs, as far as the engine's state says.
 * @returns undefined when the stack is not up, or was brought up before records were kept
 * @throws Error when the state cannot be read
 */
export async function runningPlan(projectDir: string, stack: string): Promise<ClusterPlan | undefined> {
  const record = await engineFor(projectDir, stack).record();
  return record === undefined ? undefined : planOfRecord(record);
}
