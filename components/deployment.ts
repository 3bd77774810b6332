/** A plan as a deployment: a stack file and a program that uses the components come to the same cluster and the same outputs. */
import * as pulumi from "@pulumi/pulumi";
import { hostOrder } from "../core/change/hostOrder";
import type { ClusterPlan } from "../core/plan/model";
import { render } from "../core/render/render";
import { runtimeIds, runtimesOf } from "../core/render/runtimes";
import { givenPassword } from "./databasePassword";
import { type StackOutputs, stackOutputs } from "./outputs";
import type { PlannedCluster, PlannedClusterArgs } from "./plannedCluster";
import { deployTarget } from "./target";

export interface DeploymentArgs {
  /** The folder of Pulumi.yaml, absolute. */
  readonly projectDir: string;
  /** The command that says whether a running cluster may be changed so, see {@link PlannedClusterArgs.check}. */
  readonly check: string;
  /** What a text of the plan stands for, where another resource makes it. Default: itself. */
  readonly resolve?: (text: string) => pulumi.Input<string>;
}

export interface Deployment {
  /** What a PlannedCluster is made from. */
  readonly args: PlannedClusterArgs;
  /** Makes what comes after the cluster, and warns in its name. @returns what the stack puts out */
  readonly outputs: (cluster: PlannedCluster) => StackOutputs;
}

/**
 * Target, rendered services and password of a plan. Machines that are replaced one after the other go in the order that the check
 * of the change judges ({@link hostOrder}).
 * @throws Error when this machine lacks what reaching the hosts takes, or the database's password cannot be read
 */
export function deploymentOf(plan: ClusterPlan, { projectDir, check, resolve }: DeploymentArgs): Deployment {
  const databasePassword = givenPassword(plan.config);
  const { outputs, ...target } = deployTarget(projectDir, plan, runtimesOf(plan), {
    order: hostOrder(process.env),
    ...(resolve && { resolve }),
  });
  return {
    args: {
      ...target,
      plan,
      services: render(plan, runtimeIds()),
      check,
      ...(databasePassword !== undefined && { databasePassword }),
    },
    outputs: (cluster) => {
      for (const warning of plan.warnings) void pulumi.log.warn(warning, cluster);
      return stackOutputs(plan, cluster, outputs(cluster));
    },
  };
}
