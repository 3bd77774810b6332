import { createRequire } from "node:module";
import type { RuntimeName } from "../../runtime/runtimes";
import type { PlannedCluster, PlannedClusterArgs } from "../cluster/cluster";
import type { AwsOutputs } from "../cluster/outputs";
import type { ClusterPlan } from "../cluster/plan";
import { localTarget } from "./localTarget";
import { sshTarget } from "./sshTarget";

/** What a target does for a cluster. */
export interface DeployedTarget extends Pick<
  PlannedClusterArgs,
  "access" | "runtimes" | "hostOrder" | "between" | "database"
> {
  /** Makes what comes after the cluster, and says what downstream stacks need of this target. */
  readonly outputs: (cluster: PlannedCluster) => Partial<AwsOutputs>;
}

/** Loads what only one target needs: AWS's types alone take a second. */
const load = createRequire(__filename);

/**
 * How the plan's target reaches its hosts.
 * @param order hosts that go first where machines are replaced one after the other
 * @throws Error when this machine lacks what reaching them takes
 */
export function deployTarget(
  projectDir: string,
  plan: ClusterPlan,
  runtimes: readonly RuntimeName[],
  order: readonly string[],
): DeployedTarget {
  const { target } = plan.config;
  const nothing = { outputs: () => ({}) };
  switch (target) {
    case "local":
      return { ...localTarget(projectDir, plan, runtimes), ...nothing };
    case "ssh":
      return { ...sshTarget(plan, runtimes), ...nothing };
    case "aws":
      return (load("./awsTarget") as typeof import("./awsTarget")).awsTarget(plan, runtimes, order);
    default:
      return target satisfies never;
  }
}
