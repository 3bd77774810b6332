import type { RuntimeName } from "../../runtime/runtimes";
import type { ActiveMqClusterArgs } from "../cluster/cluster";
import type { ClusterPlan } from "../cluster/plan";
import { localTarget } from "./localTarget";

/**
 * How the plan's target reaches its hosts.
 * @throws Error for a target that can be planned and rendered but not provisioned yet
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
      throw new Error(
        `target ssh can be planned and rendered (amq plan ${plan.stack} --out DIR) but not brought up yet; use target local`,
      );
    default:
      return target satisfies never;
  }
}
