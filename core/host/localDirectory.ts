import { join, resolve } from "node:path";
import type { ClusterPlan } from "../plan/model";

/** The folder of a local stack: `activemq:directory`, or `.amq/<stack>` in the project. */
export function localDirectory(projectDir: string, plan: Pick<ClusterPlan, "stack" | "config">): string {
  return resolve(projectDir, plan.config.directory ?? join(".amq", plan.stack));
}

/** Below it, a folder per host. */
export function hostsDirectory(projectDir: string, plan: Pick<ClusterPlan, "stack" | "config">): string {
  return join(localDirectory(projectDir, plan), "hosts");
}
