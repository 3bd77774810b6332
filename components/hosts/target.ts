import type * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
import type { RuntimeName } from "../../runtime/runtimes";
import type { ActiveMqCluster, ActiveMqClusterArgs } from "../cluster/cluster";
import type { ClusterPlan } from "../cluster/plan";
import { localTarget } from "./localTarget";
import { sshTarget } from "./sshTarget";

/** Outputs that only one target has; see cluster/outputs.ts. */
export type TargetOutputs = Readonly<
  Record<string, pulumi.Output<string> | Readonly<Record<string, pulumi.Output<string>>>>
>;

/** What a target does for a cluster. */
export interface DeployedTarget extends Pick<ActiveMqClusterArgs, "access" | "runtimes" | "hostOrder"> {
  /** Makes what comes after the cluster, and says what downstream stacks need of this target. */
  readonly outputs: (cluster: ActiveMqCluster) => TargetOutputs;
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
