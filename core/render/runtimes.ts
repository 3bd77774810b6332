/** Which Java runtimes a plan's services start from. */
import { basename } from "node:path";
import { type RuntimeName, runtimeDirectory } from "../host/runtimes";
import { distributionOf } from "../products/releases";
import type { RuntimeIds } from "../host/service";
import type { ClusterPlan } from "../plan/model";

/** The runtimes to bring to the hosts. */
export function runtimesOf(plan: Pick<ClusterPlan, "config" | "ensemble" | "database">): RuntimeName[] {
  return [
    distributionOf(plan.config.release).runtime,
    ...(plan.ensemble === undefined ? [] : (["zookeeper-3.9"] as const)),
    ...(plan.database?.server === undefined ? [] : (["postgresql-16"] as const)),
  ];
}

/** Their ids: `<name>-<content hash>`, known without resolving anything. */
export function runtimeIds(): RuntimeIds {
  return (name) => basename(runtimeDirectory(name));
}
