import { createRequire } from "node:module";
import type { RuntimeName } from "../core/host/runtimes";
import { localTarget } from "./local/localTarget";
import { sshTarget } from "./ssh/sshTarget";
import type { ClusterPlan } from "../core/plan/model";
import type { DeployedTarget, DeployOptions } from "./deployedTarget";

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
      return (load("./aws/awsTarget") as typeof import("./aws/awsTarget")).awsTarget(plan, runtimes, options);
    default:
      return target satisfies never;
  }
}
