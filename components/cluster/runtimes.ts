/** Which Java runtimes a plan's services start from. */
import { basename } from "node:path";
import { type RuntimeName, runtimeDirectory } from "../../runtime/runtimes";
import type { RuntimeIds } from "../hosts/service";
import type { ClusterPlan } from "./plan";

/** The runtimes to bring to the hosts. */
export function runtimesOf(plan: Pick<ClusterPlan, "ensemble">): RuntimeName[] {
  return plan.ensemble === undefined ? ["classic-5.16"] : ["classic-5.16", "zookeeper-3.9"];
}

/** Their ids: `<name>-<content hash>`, known without resolving anything. */
export function runtimeIds(): RuntimeIds {
  return {
    classic: basename(runtimeDirectory("classic-5.16")),
    zookeeper: basename(runtimeDirectory("zookeeper-3.9")),
  };
}
