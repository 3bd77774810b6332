/** Which Java runtimes a plan's services start from. */
import { basename } from "node:path";
import { type RuntimeName, runtimeDirectory } from "../../runtime/runtimes";
import { distributionOf } from "../broker/releases";
import type { RuntimeIds } from "../hosts/service";
import type { ClusterPlan } from "./plan";

/** The runtimes to bring to the hosts. */
export function runtimesOf(plan: Pick<ClusterPlan, "config" | "ensemble">): RuntimeName[] {
  const { runtime } = distributionOf(plan.config.release);
  return plan.ensemble === undefined ? [runtime] : [runtime, "zookeeper-3.9"];
}

/** Their ids: `<name>-<content hash>`, known without resolving anything. */
export function runtimeIds(): RuntimeIds {
  return (name) => basename(runtimeDirectory(name));
}
