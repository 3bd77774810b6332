/** Which group's messages can reach which other group, over bridges alone. Pure. */
import { carries } from "../../core/plan/destinations";
import type { ClusterPlan } from "../../core/plan/model";

/**
 * A one-way bridge carries messages from the group that dials; a duplex one both ways; either only what its filters let pass.
 * @param destination `queue://name` or `topic://name`
 */
export function canFlow(plan: Pick<ClusterPlan, "bridges">, from: string, to: string, destination: string): boolean {
  const open = plan.bridges.filter(({ filters }) => carries(filters, destination));
  const seen = new Set([from]);
  for (const group of seen) {
    for (const bridge of open) {
      if (bridge.from === group) seen.add(bridge.to);
      if (bridge.duplex && bridge.to === group) seen.add(bridge.from);
    }
  }
  return seen.has(to);
}

/** Every ordered pair of different groups. */
export function pairs(plan: Pick<ClusterPlan, "groups">): { from: string; to: string }[] {
  const names = plan.groups.map(({ name }) => name);
  return names.flatMap((from) => names.filter((to) => to !== from).map((to) => ({ from, to })));
}
