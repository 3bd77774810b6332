/** Why a change to a running cluster must not be made: what the plans say, and what the groups that leave still hold. */
import { changeFrom, retireOf } from "../../components/cluster/change";
import type { ClusterPlan, PlannedGroup } from "../../components/cluster/plan";
import type { Fault } from "../../config/faults";
import { changedMachines, movedHosts } from "../../components/cluster/awsChange";
import { type Ask, NOT_SET_UP, UNREACHABLE, onHost } from "../hosts";
import { observe } from "../status";
import { replacementOrder, turnFaults } from "./machines";
import { isEmpty, leftIn, leftText } from "./leftovers";

/**
 * Every reason at once; empty when the change may be made. Asks the hosts of groups that leave, and all where machines are to
 * be replaced; touches nothing.
 * @param how.order hosts whose machines go first. Default: as `amq up` has it
 * @param how.ask how hosts are asked. Default: as `amq` does
 */
export async function refusals(
  before: ClusterPlan,
  next: ClusterPlan,
  { order, ask = onHost }: { readonly order?: readonly string[]; readonly ask?: Ask } = {},
): Promise<Fault[]> {
  const { faults, leaving, abandoned } = changeFrom(before, next);
  const asked = await Promise.all([
    ...leaving.map((group) => leavingFault(before, group, ask)),
    ...[...abandoned].map(([host, services]) => abandonedFault(before, host, services, ask)),
    machineFaults(before, [...changedMachines(before, next), ...movedHosts(before, next)], order, ask),
  ]);
  return [...faults, ...asked.flat()];
}

async function machineFaults(
  before: ClusterPlan,
  changed: readonly string[],
  order: readonly string[] | undefined,
  ask: Ask,
): Promise<Fault[]> {
  if (changed.length === 0) return [];
  const seen = await observe(before, undefined, ask);
  return turnFaults(before, changed, seen, order ?? replacementOrder(before, seen));
}

async function abandonedFault(
  before: ClusterPlan,
  host: string,
  services: readonly string[],
  ask: Ask,
): Promise<Fault[]> {
  const { code } = await ask(before, host, ["list"]);
  if (code === UNREACHABLE || code === NOT_SET_UP) return [];
  return [
    {
      path: "hosts",
      problem: `Host ${host} is not in the stack file any more and is not gone: ${services.join(", ")} would be set up elsewhere and go on running there, too.`,
      allowed: "to leave out a host that carries nothing, or that does not answer",
      fix: `put it back; or, when the machine is to go, switch it off first and \`amq forget ${before.stack} ${host}\``,
    },
  ];
}

async function leavingFault(before: ClusterPlan, group: PlannedGroup, ask: Ask): Promise<Fault[]> {
  const left = await leftIn(before, group, ask);
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
