/** What a change will do to a running cluster, told before it is made: asks the hosts, touches nothing. */
import { changedMachines, movedHosts } from "../../core/change/awsChange";
import { render } from "../../core/render/render";
import { runtimeIds } from "../../core/render/runtimes";
import { replacementChains, inChainOrder } from "../../core/change/replacementOrder";
import { filesDigest } from "../../core/host/fileBundle";
import type { BrokerRole, DatabaseRole, MemberRole } from "../../core/host/service";
import type { Fault } from "../../config/faults";
import { onHost } from "../hosts/askHost";
import { readStatus } from "../status/status";
import { replacementOrder } from "./machines";
import { type RemainingMessages, remainingMessagesIn } from "./remainingMessages";
import { refusals } from "./refusals";
import { type ClusterPlan, type PlannedGroup, servicesOf } from "../../core/plan/model";
import type { Status } from "../status/statusModel";

/** One restart. In the order in which they happen: one after the other within a group, groups side by side. */
export interface Restart {
  readonly name: string;
  readonly host: string;
  /** What it is now; `unknown` when it or its host gave no answer. */
  readonly role: BrokerRole | MemberRole | DatabaseRole;
}

/** What `amq plan --json` prints as `change`: an API. */
export interface Forecast {
  /** Empty when `up` will make the change. */
  readonly refused: readonly Fault[];
  /** Members of the ensemble, before any broker: followers first, the leader last. */
  readonly members: readonly Restart[];
  /** The database server, before any broker. */
  readonly database: readonly Restart[];
  readonly groups: readonly {
    readonly name: string;
    /** Slaves first, the master last. */
    readonly restarts: readonly Restart[];
    /** How often the group's clients will have to look for another broker because of the group's own restarts. */
    readonly failovers: number;
  }[];
  /** Hosts whose machines are replaced, moved, or stopped and started: one at a time within a group, and before anything else. */
  readonly machines: readonly string[];
  /** Services that are new. */
  readonly starts: readonly string[];
  /** Services that are stopped and removed; their data stays. */
  readonly stops: readonly string[];
  /** Groups that are retired, and what they still hold. */
  readonly retired: readonly { readonly name: string; readonly left: RemainingMessages }[];
}

/** @param before the plan that runs */
export async function forecast(before: ClusterPlan, next: ClusterPlan): Promise<Forecast> {
  const changing = [...changedMachines(before, next), ...movedHosts(before, next)];
  const retired = before.groups.filter((group) => group.retired === true && next.groups.some(isNamed(group.name)));
  const [refused, status, pending, left] = await Promise.all([
    refusals(before, next),
    readStatus(before),
    pendingServices(before, next),
    Promise.all(retired.map(async (group) => ({ name: group.name, left: await remainingMessagesIn(before, group) }))),
  ]);
  const [old, fresh] = [namesOf(before), namesOf(next)];
  const { members, database, groups } = restarts(next, status, pending);
  return {
    refused,
    members,
    database,
    groups,
    machines: inChainOrder(replacementChains(next, replacementOrder(before, { facts: status }))).filter((host) =>
      changing.includes(host),
    ),
    starts: [...fresh].filter((name) => !old.has(name)),
    stops: [...old].filter((name) => !fresh.has(name)),
    retired: left,
  };
}

/** Services that both plans have, and whose files differ from what the host was given last, or wait there to be activated. */
async function pendingServices(before: ClusterPlan, next: ClusterPlan): Promise<Set<string>> {
  const old = namesOf(before);
  const found = await Promise.all(
    render(next, runtimeIds())
      .filter(({ name }) => old.has(name))
      .map(async ({ name, host, files }) => {
        const { code, stdout } = await onHost(next, host, ["versions", name]);
        const said = /^files=(\S*) staged=(\S*) active=(\S*)/.exec(stdout);
        // A host that does not answer will need whatever differs; what that is, nobody can say now.
        if (code !== 0 || said === null) return [];
        const [, digest, staged, active] = said;
        return digest !== filesDigest(files) || staged !== active ? [name] : [];
      }),
  );
  return new Set(found.flat());
}

/** Which of the pending services restart in which order, from the roles they have now. Pure. */
export function restarts(
  next: ClusterPlan,
  status: Pick<Status, "groups" | "ensemble" | "database">,
  pending: ReadonlySet<string>,
): Pick<Forecast, "members" | "database" | "groups"> {
  const roles = new Map(
    [...status.groups.flatMap(({ brokers }) => brokers), ...status.ensemble, ...status.database].map(
      ({ name, role }) => [name, role],
    ),
  );
  const isLast = (role: string) => role === "master" || role === "leader";
  const inOrder = (services: readonly { readonly name: string; readonly host: string }[]): Restart[] => {
    const all = services
      .filter(({ name }) => pending.has(name))
      .map(({ name, host }) => ({ name, host, role: roles.get(name) ?? ("unknown" as const) }));
    return [...all.filter(({ role }) => !isLast(role)), ...all.filter(({ role }) => isLast(role))];
  };
  return {
    members: inOrder(next.ensemble?.members ?? []),
    database: inOrder(next.database?.server === undefined ? [] : [next.database.server]),
    groups: next.groups.map((group: PlannedGroup) => {
      const list = inOrder(group.brokers);
      return { name: group.name, restarts: list, failovers: list.filter(({ role }) => role === "master").length };
    }),
  };
}

function namesOf(plan: ClusterPlan): Set<string> {
  return new Set(servicesOf(plan).map(({ name }) => name));
}

function isNamed(name: string) {
  return (group: PlannedGroup) => group.name === name;
}
