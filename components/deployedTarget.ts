/** What target.ts gets from each target: the contract of local, ssh and aws. */
import type * as pulumi from "@pulumi/pulumi";
import type { PlannedCluster, PlannedClusterArgs } from "./plannedCluster";
import type { AwsOutputs } from "./outputs";

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
