import type * as pulumi from "@pulumi/pulumi";
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

export interface DeployOptions {
  /** Hosts that go first where machines are replaced one after the other. Default: those of the plan. */
  readonly order?: readonly string[];
  /** What a text of the plan stands for, where another resource makes it. Default: itself. */
  readonly resolve?: (text: string) => pulumi.Input<string>;
}

/** Loads what only one target needs: AWS's types alone take a second. */
const load = createRequire(__filename);

/**
 * How the plan's target reaches its hosts.
 * @throws Error when this machine lacks what reaching them takes
 */
export function deployTarget(
  projectDir: string,
  plan: ClusterPlan,
  runtimes: readonly RuntimeName[],
  options: DeployOptions = {},
): DeployedTarget {
  const { target } = plan.config;
  const nothing = { outputs: () => ({}) };
  switch (target) {
    case "local":
      return { ...localTarget(projectDir, plan, runtimes), ...nothing };
    case "ssh":
      return { ...sshTarget(plan, runtimes), ...nothing };
    case "aws":
      return (load("./awsTarget") as typeof import("./awsTarget")).awsTarget(plan, runtimes, options);
    default:
      return target satisfies never;
  }
}
