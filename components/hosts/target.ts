import type { RuntimeName } from "../../runtime/runtimes";
import type { ActiveMqClusterArgs } from "../cluster/cluster";
import type { ClusterPlan } from "../cluster/plan";
import { localTarget } from "./localTarget";
import { sshTarget } from "./sshTarget";

/**
 * How the plan's target reaches its hosts.
 * @throws Error when this machine lacks what reaching them takes
 */
export function deployTarget(
  projectDir: string,
  plan: ClusterPlan,
  runtimes: readonly RuntimeName[],
): Pick<ActiveMqClusterArgs, "access" | "runtimes"> {
  const { target } = plan.config;
  switch (target) {
    case "local":
      return localTarget(projectDir, plan, runtimes);
    case "ssh":
      return sshTarget(plan, runtimes);
    case "aws":
      throw new Error("target aws can be planned and rendered; bringing it up is not there yet");
    default:
      return target satisfies never;
  }
}
