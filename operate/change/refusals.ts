/** Why a change to a running cluster must not be made: what the plans say, and what the groups that leave still hold. */
import { changeFrom, retireOf } from "../../core/change/change";
import type { Fault } from "../../config/faults";
import { changedMachines, movedHosts } from "../../core/change/awsChange";
import { mayRun } from "../engine/instancesInState";
import { type Ask, NOT_SET_UP, UNREACHABLE, onHost } from "../hosts/askHost";
import { PROJECT_DIR } from "../project";
import { unknownServices } from "../drain/drainRules";
import { observe } from "../status/status";
import { replacementOrder, replacementFaults } from "./machines";
import { isEmpty, remainingMessagesIn, remainingMessagesText, neverUp } from "./remainingMessages";
import type { ClusterPlan, PlannedGroup } from "../../core/plan/model";
import { engineFor } from "../engine/engineFor";

export interface How {
  readonly order?: readonly string[];
  readonly ask?: Ask;
  readonly running?: AskRunning;
}

/** Hosts of a stack whose machines run, as far as anybody knows. */
export type AskRunning = (stack: string) => Promise<ReadonlySet<string>>;

const runningByState: AskRunning = async (stack) => {
  const instances = await engineFor(PROJECT_DIR, stack).instances();
  return new Set(instances.filter(mayRun).map(({ host }) => host));
};

/**
 * Every reason at once; empty when the change may be made. Asks the hosts of groups that leave, and all where machines are to
 * be replaced; touches nothing.
 * @param how.order hosts whose machines go first. Default: as `amq up` has it
 * @param how.ask how hosts are asked. Default: as `amq` does
 * @param how.running which machines run. Default: as the engine's state has them
 */
export async function refusals(
  before: ClusterPlan,
  next: ClusterPlan,
  { order, ask = onHost, running = runningByState }: How = {},
): Promise<Fault[]> {
  const { faults, elsewhere, leaving, abandoned } = changeFrom(before, next);
  const asked = await Promise.all([
    ...leaving.map((group) => leavingFault(before, group, ask)),
    ...[...abandoned].map(([host, services]) => abandonedFault(before, host, services, ask)),
    machineFaults(before, [...changedMachines(before, next), ...movedHosts(before, next)], {
      ask,
      running,
      ...(order && { order }),
    }),
  ]);
  // Of a first `up` that failed before any broker ran, as with a mistyped address, nothing is to be kept.
  const lost = elsewhere.length > 0 && !(await neverUp(before, ask)) ? elsewhere : [];
  return [...faults, ...lost, ...asked.flat()];
}

async function machineFaults(
  before: ClusterPlan,
  changed: readonly string[],
  { order, ask, running }: How & Required<Pick<How, "ask" | "running">>,
): Promise<Fault[]> {
  if (changed.length === 0) return [];
  const seen = await observe(before, undefined, ask);
  // A question to the engine takes seconds, and is for what hosts do not say themselves.
  const run = unknownServices(seen).length === 0 ? new Set<string>() : await running(before.stack);
  return replacementFaults(before, changed, seen, { order: order ?? replacementOrder(before, seen), running: run });
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
  const remaining = await remainingMessagesIn(before, group, ask);
  const at = { path: "groups", allowed: "a group that is retired and empty, or was never up" };
  const discard = "retire: discard gives up what it holds";
  if (retireOf(before, group.name) === false && remaining.kind !== "never up") {
    return [
      {
        ...at,
        problem: `Group ${group.name} is not in the stack file any more, while clients still have its address. It holds: ${remainingMessagesText(remaining)}.`,
        fix: `put it back with retire: true and run up; remove it when amq plan says it is empty (${discard})`,
      },
    ];
  }
  if (isEmpty(remaining)) return [];
  return [
    {
      ...at,
      problem: `Group ${group.name} is retired and not empty: ${remainingMessagesText(remaining)}.`,
      fix: `put it back with retire: true and let consumers have the rest: its own URL is the output failoverUrl-${group.name} (${discard})`,
    },
  ];
}
