/** Why a change to a running cluster must not be made: what the plans say, and what the groups that leave still hold. */
import { changeFrom, retireOf } from "../../components/cluster/change";
import type { ClusterPlan, PlannedGroup } from "../../components/cluster/plan";
import type { Fault } from "../../config/faults";
import { isEmpty, leftIn, leftText } from "./leftovers";

/** Every reason at once; empty when the change may be made. Asks the hosts of groups that leave, and touches nothing. */
export async function refusals(before: ClusterPlan, next: ClusterPlan): Promise<Fault[]> {
  const { faults, leaving } = changeFrom(before, next);
  const left = await Promise.all(leaving.map((group) => leavingFault(before, group)));
  return [...faults, ...left.flat()];
}

async function leavingFault(before: ClusterPlan, group: PlannedGroup): Promise<Fault[]> {
  const left = await leftIn(before, group);
  const at = { path: "groups", allowed: "a group that is retired and empty, or was never up" };
  const discard = "retire: discard gives up what it holds";
  if (retireOf(before, group.name) === false && left.kind !== "never up") {
    return [
      {
        ...at,
        problem: `Group ${group.name} is not in the stack file any more, while clients still have its address. It holds: ${leftText(left)}.`,
        fix: `put it back with retire: true and run up; remove it when amq plan says it is empty (${discard})`,
      },
    ];
  }
  if (isEmpty(left)) return [];
  return [
    {
      ...at,
      problem: `Group ${group.name} is retired and not empty: ${leftText(left)}.`,
      fix: `put it back with retire: true and let consumers have the rest: its own URL is the output failoverUrl-${group.name} (${discard})`,
    },
  ];
}
